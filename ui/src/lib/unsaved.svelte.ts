import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { ipc } from "./ipc";

type Mark = { account: string; /** For people; empty = it has none yet. */ name: string };

/** What was typed and is saved nowhere. Rust knows whether there is any, so that quitting asks first. */
class Unsaved {
  #all = new SvelteMap<string, Mark>();
  names = $derived([...this.#all.values()].map(({ name }) => name));

  mark(key: string, account: string, name: string): void {
    this.#change(() => this.#all.set(key, { account, name }));
  }

  drop(key: string): void {
    this.#change(() => this.#all.delete(key));
  }

  /** What belonged to an account that was removed can't be saved any more. */
  onlyOf(accounts: readonly string[]): void {
    this.#change(() => {
      for (const [key, { account }] of this.#all) if (!accounts.includes(account)) this.#all.delete(key);
    });
  }

  #change(change: () => unknown): void {
    // Who marks something within an effect must not come to depend on all the others.
    const [before, after] = untrack(() => {
      const size = this.#all.size;
      change();
      return [size > 0, this.#all.size > 0];
    });
    // Should it fail, quitting asks once too often or not at all: nothing that the person could do about it now.
    if (after !== before) void ipc.unsavedSet(after).catch(() => {});
  }
}

export const unsaved = new Unsaved();
