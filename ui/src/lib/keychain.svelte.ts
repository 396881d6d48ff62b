import { ipc, type KeychainAction, type KeychainOutcome, type KeychainState, type KeychainStatus } from "./ipc";
import { keychainPlace, keychainSubject } from "./keychain-words";
import { m } from "./paraglide/messages";
import { toasts } from "./toasts.svelte";

export type Wait = { id: string; action: KeychainAction; /** The person chose to wait on: a banner instead of a dialog. */ patient: boolean };

/** The system's keychain: whether it can be used, and what waits for it. */
class Keychain {
  state = $state<KeychainState>({ kind: "secret_service", status: "unknown" });
  pending = $state<Wait[]>([]);
  retrying = $state(false);
  /** The trouble that the person has read and put away. */
  hushed = $state<KeychainStatus | null>(null);

  /** Only these say that nothing can be kept now; "unknown" and "waiting" may still turn out well. */
  usable = $derived(this.state.status === "ready" || this.state.status === "unknown");

  // A mere look interrupts nobody: its wait is a banner from the first.
  waits(id: string, action: KeychainAction): void {
    if (!this.pending.some((wait) => wait.id === id)) this.pending = [...this.pending, { id, action, patient: action === "probe" }];
  }

  settled(id: string, action: KeychainAction, outcome: KeychainOutcome): void {
    this.pending = this.pending.filter((wait) => wait.id !== id);
    const place = keychainPlace(this.state.kind);
    if (outcome === "late_done") toasts.show(action === "delete" ? m.keychain_late_deleted({ place }) : m.keychain_late_done({ place }), "ok");
    if (outcome === "late_failed") toasts.show(m.keychain_late_failed({ subject: keychainSubject(this.state.kind) }), "warn");
  }

  async choose(id: string, choice: "keep_waiting" | "go_on_without"): Promise<void> {
    if (choice === "keep_waiting") this.pending = this.pending.map((wait) => (wait.id === id ? { ...wait, patient: true } : wait));
    else this.pending = this.pending.filter((wait) => wait.id !== id);
    await ipc.keychainChoose(id, choice);
  }

  /** Looks once at start, so that a missing keyring is known before a token is at stake. */
  async look(): Promise<void> {
    if (this.state.status !== "unknown") return;
    try {
      this.state = await ipc.keychainRetry();
    } catch {
      // Unknown as before: the first use tells.
    }
  }

  /** Throws nothing: the state says how it ended. */
  async retry(): Promise<void> {
    if (this.retrying) return;
    this.retrying = true;
    try {
      this.state = await ipc.keychainRetry();
      toasts.say(this.state.status === "ready" ? m.keychain_ready_again({ subject: keychainSubject(this.state.kind) }) : m.keychain_still_not({ subject: keychainSubject(this.state.kind) }));
    } catch {
      this.state = { ...this.state, status: "failed" };
    } finally {
      this.retrying = false;
    }
  }
}

export const keychain = new Keychain();
