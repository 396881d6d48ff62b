import { asError, ipc, type AppError, type EventChoice, type WebhookRow, type WebhooksView } from "./ipc";
import { now } from "./now.svelte";

const SKELETON_AFTER_MS = 300;
/** A list as young as this is not asked for again when the area is opened once more. */
const FRESH_MS = 60_000;

/** The webhooks of the account that is shown. */
class Webhooks {
  account = $state<string | null>(null);
  view = $state<WebhooksView | null>(null);
  refreshing = $state(false);
  /** Nothing known yet, and it takes long enough to show that something comes. */
  skeleton = $state(false);
  /** Why the last refresh failed. A look asks nobody, so it can't take this back; a newer list can. */
  error = $state<AppError | null>(null);
  events = $state<EventChoice[]>([]);
  eventsError = $state<AppError | null>(null);
  sort = $state("description");
  #asked = false;
  #entered = false;

  /** Forgets the list of another account; asks nobody before the area is opened. */
  open(account: string | null): void {
    if (this.account === account) return;
    this.account = account;
    this.view = null;
    this.error = null;
    this.refreshing = false;
    this.skeleton = false;
    this.events = [];
    this.eventsError = null;
    this.#asked = false;
    this.#entered = false;
  }

  /** The area is opened: what is known at once, the rest behind. */
  async enter(): Promise<void> {
    const account = this.account;
    if (account === null || this.refreshing) return;
    const timer = setTimeout(() => {
      if (this.account === account && !this.#known()) this.skeleton = true;
    }, SKELETON_AFTER_MS);
    await this.look();
    if (!this.#entered || this.#old()) await this.refresh();
    this.#entered = true;
    clearTimeout(timer);
    if (this.account !== account) return;
    this.skeleton = false;
    if (this.view?.state.kind === "offered") await this.loadEvents();
  }

  /** The catalogue, once: Rust keeps it for a day. */
  async loadEvents(again = false): Promise<void> {
    const account = this.account;
    if (account === null || (this.#asked && !again)) return;
    this.#asked = true;
    try {
      const events = await ipc.webhookEvents(account);
      if (this.account !== account) return;
      this.events = events;
      this.eventsError = null;
    } catch (thrown) {
      if (this.account === account) this.eventsError = asError(thrown);
    }
  }

  /** What is known, without a request. */
  async look(): Promise<void> {
    await this.#ask(false, (account) => ipc.webhooksView(account));
  }

  async refresh(): Promise<void> {
    if (this.refreshing) return;
    const account = this.account;
    this.refreshing = true;
    await this.#ask(true, (id) => ipc.webhooksRefresh(id));
    if (this.account === account) this.refreshing = false;
  }

  /** Takes a view that a command returned. */
  take(view: WebhooksView): void {
    if (view.account !== this.account) return;
    now.catchUp();
    if (view.error) this.error = view.error;
    else if (view.asOf !== this.view?.asOf) this.error = null;
    this.view = view;
    if (this.#known()) this.skeleton = false;
  }

  row(id: string): WebhookRow | null {
    return this.view?.rows.find((row) => row.id === id) ?? null;
  }

  // Where nothing is offered only "check again" asks again.
  #old(): boolean {
    const asOf = this.view?.asOf;
    return Boolean(asOf) && Date.now() - Date.parse(asOf ?? "") > FRESH_MS;
  }

  #known(): boolean {
    return this.view !== null && (this.view.asOf !== null || this.view.state.kind !== "unknown");
  }

  async #ask(asks: boolean, question: (account: string) => Promise<WebhooksView>): Promise<void> {
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

export const webhooks = new Webhooks();
