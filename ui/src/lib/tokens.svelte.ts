import { asError, ipc, type AppError, type TokenRow, type TokensView } from "./ipc";
import { now } from "./now.svelte";

const SKELETON_AFTER_MS = 300;

/** The token list of the account that is shown. */
class Tokens {
  account = $state<string | null>(null);
  view = $state<TokensView | null>(null);
  refreshing = $state(false);
  /** Nothing known yet, and it takes long enough to show that something comes. */
  skeleton = $state(false);
  /** Why the last refresh failed. A look asks nobody, so it can't take this back; a newer list can. */
  error = $state<AppError | null>(null);
  #running: { account: string | null; answer: Promise<void> } | null = null;

  async open(account: string | null): Promise<void> {
    // Adding an account is told twice: by its answer and by a notice.
    if (this.account === account && this.refreshing) return;
    this.account = account;
    this.view = null;
    this.error = null;
    this.refreshing = false;
    this.skeleton = false;
    if (account === null) return;
    const timer = setTimeout(() => {
      if (this.account === account && !this.#known()) this.skeleton = true;
    }, SKELETON_AFTER_MS);
    await this.look();
    await this.refresh();
    clearTimeout(timer);
    if (this.account === account) this.skeleton = false;
  }

  /** What is known, without a request. */
  async look(): Promise<void> {
    await this.#ask(false, (account) => ipc.tokensView(account));
  }

  /** Asks the server. Who comes while it is asked waits for that answer. */
  refresh(): Promise<void> {
    const account = this.account;
    if (this.#running?.account === account) return this.#running.answer;
    const running = { account, answer: Promise.resolve() };
    this.#running = running;
    this.refreshing = true;
    running.answer = this.#ask(true, (id) => ipc.tokensRefresh(id)).then(() => {
      if (this.#running === running) this.#running = null;
      if (this.account === account) this.refreshing = false;
    });
    return running.answer;
  }

  async checkAgain(): Promise<void> {
    const account = this.account;
    this.refreshing = true;
    await this.#ask(true, (id) => ipc.capabilitiesCheckAgain(id));
    if (this.account === account) this.refreshing = false;
  }

  /** Takes a view that a command returned. */
  take(view: TokensView): void {
    if (view.account !== this.account) return;
    now.catchUp();
    if (view.error) this.error = view.error;
    else if (view.asOf !== this.view?.asOf) this.error = null;
    this.view = view;
    if (this.#known()) this.skeleton = false;
  }

  row(id: string): TokenRow | null {
    return this.view?.rows.find((row) => row.id === id) ?? null;
  }

  #known(): boolean {
    return this.view !== null && (this.view.asOf !== null || this.view.state.kind !== "unknown");
  }

  async #ask(asks: boolean, question: (account: string) => Promise<TokensView>): Promise<void> {
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

export const tokens = new Tokens();
