import { asError, type AppError, type AreaState } from "./ipc";
import { now } from "./now.svelte";

const SKELETON_AFTER_MS = 300;
/** What is as young as this is not asked for again when its area is opened once more. */
export const FRESH_MS = 60_000;

/** What Rust tells of an area, whichever it is. */
export type KnownView = { account: string; state: AreaState; asOf: string | null; error: AppError | null };

/** What is known of an area of the account that is shown: at once what Rust remembers, then what PlanRadar answers. */
export abstract class Known<View extends KnownView> {
  account = $state<string | null>(null);
  view = $state.raw<View | null>(null);
  refreshing = $state(false);
  /** Nothing known yet, and it takes long enough to show that something comes. */
  skeleton = $state(false);
  /** Why the last refresh failed. A look asks nobody, so it can't take this back; a newer answer can. */
  error = $state<AppError | null>(null);
  #running: { account: string | null; answer: Promise<void> } | null = null;

  /** What is remembered, without a request. */
  protected abstract remembered(account: string): Promise<View>;

  /** What PlanRadar answers. */
  protected abstract asked(account: string): Promise<View>;

  /** Something is shown, be it that nothing is offered. */
  get known(): boolean {
    return this.view !== null && (this.view.asOf !== null || this.view.state.kind !== "unknown");
  }

  /** Forgets what is of another account. */
  protected forget(account: string | null): void {
    this.account = account;
    this.view = null;
    this.error = null;
    this.refreshing = false;
    this.skeleton = false;
  }

  async look(): Promise<void> {
    await this.#take(false, (account) => this.remembered(account));
  }

  /** Asks PlanRadar. Who comes while it is asked waits for that answer. */
  async refresh(): Promise<void> {
    if (this.#running?.account === this.account) await this.#running.answer;
    else await this.ask((account) => this.asked(account));
  }

  /** Asks PlanRadar in another way. */
  protected async ask(question: (account: string) => Promise<View>): Promise<void> {
    const { account } = this;
    this.refreshing = true;
    const running = { account, answer: this.#take(true, question) };
    this.#running = running;
    await running.answer;
    if (this.#running === running) this.#running = null;
    if (this.account === account) this.refreshing = false;
  }

  /** The area is opened: `work` is what is done then. Whether the account is still the same. */
  protected async entering(work: () => Promise<void>): Promise<boolean> {
    const { account } = this;
    const timer = setTimeout(() => {
      if (this.account === account && !this.known) this.skeleton = true;
    }, SKELETON_AFTER_MS);
    await work();
    clearTimeout(timer);
    if (this.account !== account) return false;
    this.skeleton = false;
    return true;
  }

  /** Takes a view that a command returned. */
  take(view: View): void {
    if (view.account !== this.account) return;
    now.catchUp();
    if (view.error) this.error = view.error;
    else if (view.asOf !== (this.view?.asOf ?? null)) this.error = null;
    this.view = view;
    if (this.known) this.skeleton = false;
  }

  async #take(asks: boolean, question: (account: string) => Promise<View>): Promise<void> {
    const { account } = this;
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
