import { errorText } from "./errors";
import { asError, ipc, type AppError, type HeldDeletion, type UserPick } from "./ipc";
import { keychain } from "./keychain.svelte";
import { now } from "./now.svelte";
import { m } from "./paraglide/messages";
import { toasts } from "./toasts.svelte";

type Failed = { account: string; operation: string; user: UserPick; error: AppError };

/** Deletions that Rust holds back for ten seconds, whatever account and area is shown. */
class Held {
  all = $state.raw<HeldDeletion[]>([]);
  failed = $state.raw<Failed[]>([]);

  add(deletion: HeldDeletion): void {
    now.catchUp();
    this.all = [...this.all, deletion];
    toasts.say(m.held_said({ name: deletion.user.name }));
  }

  /** Takes the one back, or the last one. */
  async undo(operation = this.all.at(-1)?.operation): Promise<void> {
    if (operation === undefined) return;
    try {
      await ipc.operationUndo(operation);
      this.#drop(operation);
      toasts.show(m.held_undone(), "ok");
    } catch (thrown) {
      const error = asError(thrown);
      toasts.show(error.code === "stale" ? m.held_late() : errorText(error, keychain.state.kind), "warn");
    }
  }

  settled(account: string, operation: string, user: UserPick, error: AppError | null): void {
    const deletion = this.all.find((held) => held.operation === operation);
    this.#drop(operation);
    if (error) this.failed = [...this.failed, { account, operation, user, error }];
    else toasts.show(m.held_done({ count: deletion?.tokens.length ?? 1, name: user.name }), "ok");
  }

  dismiss(operation: string): void {
    this.failed = this.failed.filter((one) => one.operation !== operation);
  }

  #drop(operation: string): void {
    this.all = this.all.filter((held) => held.operation !== operation);
  }
}

export const held = new Held();
