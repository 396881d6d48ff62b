import { onMount } from "svelte";
import { relative } from "../../lib/format";
import type { AppError } from "../../lib/ipc";
import { now } from "../../lib/now.svelte";
import { m } from "../../lib/paraglide/messages";
import { tokens } from "../../lib/tokens.svelte";

const FRESH_MS = 60_000;

/** Before a deletion the last use is looked up, unless it was just now: it is what decides. */
export class FreshUse {
  looking = $state(false);
  /** Why it could not be looked up: what is shown is as old as the list. */
  error = $state<AppError | null>(null);

  constructor() {
    onMount(() => void this.#look());
  }

  /** After a failed look: of when the list is. */
  get asOf(): string | null {
    if (!this.error) return null;
    const { asOf = null } = tokens.view ?? {};
    return asOf ? m.delete_as_of({ when: relative(asOf, now.slow) }) : m.delete_as_of_unknown();
  }

  async #look(): Promise<void> {
    const asOf = Date.parse(tokens.view?.asOf ?? "");
    if (!Number.isNaN(asOf) && Date.now() - asOf <= FRESH_MS) return;
    this.looking = true;
    await tokens.refresh();
    this.error = tokens.error;
    this.looking = false;
  }
}
