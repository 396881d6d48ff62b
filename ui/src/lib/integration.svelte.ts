import { app } from "./app.svelte";
import type { TokenRow } from "./ipc";

/** The token that an integration is set up with; outlives the page, so that a token's menu can choose it. */
class Chosen {
  token = $state<string | null>(null);

  /** Opens the page for one token. */
  open(token: string): void {
    this.token = token;
    app.go("integration");
  }
}

export const chosen = new Chosen();

/** Tokens whose value is here, so that it can be copied and tested; not Gatehouse's own. */
export function choosable(rows: readonly TokenRow[]): TokenRow[] {
  return rows.filter(({ kept, own, gone }) => kept !== "no" && own !== "yes" && !gone);
}
