import { asError, ipc, type AppError, type ConnectView } from "./ipc";
import { now } from "./now.svelte";

const SKELETON_AFTER_MS = 300;

/** How the account that is shown stands with PlanRadar Connect. */
class Connect {
  account = $state<string | null>(null);
  view = $state.raw<ConnectView | null>(null);
  refreshing = $state(false);
  /** Nothing known yet, and it takes long enough to show that something comes. */
  skeleton = $state(false);
  /** Why the last refresh failed. */
  error = $state<AppError | null>(null);

  open(account: string | null): void {
    if (this.account === account) return;
    this.account = account;
    this.view = null;
    this.error = null;
    this.refreshing = false;
    this.skeleton = false;
  }

  /** The area is opened: what is known at once; Rust asks only when it is time. */
  async enter(): Promise<void> {
    const account = this.account;
    if (account === null || this.refreshing) return;
    const timer = setTimeout(() => {
      if (this.account === account && !this.#known()) this.skeleton = true;
    }, SKELETON_AFTER_MS);
    await this.look();
    await this.refresh(false);
    clearTimeout(timer);
    if (this.account === account) this.skeleton = false;
  }

  /** What is known, without a request. */
  async look(): Promise<void> {
    await this.#ask(false, (account) => ipc.connectView(account));
  }

  /** Asks the server; `anyway` because the person wants to know now. */
  async refresh(anyway: boolean): Promise<void> {
    if (this.refreshing) return;
    const account = this.account;
    this.refreshing = true;
    await this.#ask(true, (id) => ipc.connectRefresh(id, anyway));
    if (this.account === account) this.refreshing = false;
  }

  /** Takes a view that a command returned. */
  take(view: ConnectView): void {
    if (view.account !== this.account) return;
    now.catchUp();
    if (view.error) this.error = view.error;
    else if (view.asOf !== this.view?.asOf) this.error = null;
    this.view = view;
    if (this.#known()) this.skeleton = false;
  }

  #known(): boolean {
    return this.view !== null && (this.view.asOf !== null || this.view.state.kind !== "unknown");
  }

  async #ask(asks: boolean, question: (account: string) => Promise<ConnectView>): Promise<void> {
    const account = this.account;
    if (account === null) return;
    try {
      const view = await question(account);
      if (asks && this.account === account) this.error = null;
      this.take(view);
    } catch (thrown) {
      if (this.account === account) this.error = asError(thrown);
    }
  }
}

export const connect = new Connect();
