import { unsaved } from "../../lib/unsaved.svelte";
import { withoutSecrets, losesSecrets, type Draft } from "./draft";

/** An editor's content that was left without saving. */
export type Stash = { account: string; draft: Draft; at: string; /** Typed secrets were not kept. */ lost: boolean };

const keyOf = (account: string, id: string | null) => `draft ${account} ${id ?? ""}`;

/** Drafts that wait to be taken up again: in memory until the program quits, without secrets. */
class Stashes {
  all = $state<Stash[]>([]);

  /** One for each webhook, and one for a new one. */
  keep(account: string, draft: Draft): void {
    this.drop(account, draft.id);
    this.all = [...this.all, { account, draft: withoutSecrets(draft), at: new Date().toISOString(), lost: losesSecrets(draft) }];
    unsaved.mark(keyOf(account, draft.id), account, draft.description.trim());
  }

  drop(account: string, id: string | null): void {
    this.all = this.all.filter((kept) => kept.account !== account || kept.draft.id !== id);
    unsaved.drop(keyOf(account, id));
  }

  find(account: string, id: string | null): Stash | null {
    return this.all.find((kept) => kept.account === account && kept.draft.id === id) ?? null;
  }

  of(account: string): Stash[] {
    return this.all.filter((kept) => kept.account === account);
  }
}

export const stashes = new Stashes();
