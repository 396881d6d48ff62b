import { m } from "../../../lib/paraglide/messages";
import { unsaved } from "../../../lib/unsaved.svelte";
import { nameOf, type Draft } from "./draft";

/** A form that was left without sending it. */
type Stash = { account: string; draft: Draft; at: string };

const keyOf = (account: string) => `new-user ${account}`;

/** One form of a new user for each account: in memory until the program quits. Nothing in it is secret. */
class Stashes {
  all = $state<Stash[]>([]);

  /** The form is open and changed: quitting asks first. */
  mark(account: string, draft: Draft): void {
    unsaved.mark(keyOf(account), account, m.new_user_unsaved({ name: nameOf(draft) }));
  }

  keep(account: string, draft: Draft): void {
    this.all = [...this.all.filter((kept) => kept.account !== account), { account, draft, at: new Date().toISOString() }];
    this.mark(account, draft);
  }

  /** Sent, or given up. */
  drop(account: string): void {
    if (this.find(account)) this.all = this.all.filter((kept) => kept.account !== account);
    unsaved.drop(keyOf(account));
  }

  find(account: string): Stash | null {
    return this.all.find((kept) => kept.account === account) ?? null;
  }
}

export const stashes = new Stashes();
