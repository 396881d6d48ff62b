import { asError, ipc, type AppError, type EventChoice, type WebhookRow, type WebhooksView } from "./ipc";
import { FRESH_MS, Known } from "./known.svelte";

/** The webhooks of the account that is shown. */
class Webhooks extends Known<WebhooksView> {
  events = $state<EventChoice[]>([]);
  eventsError = $state<AppError | null>(null);
  sort = $state("description");
  #asked = false;
  #entered = false;
  protected remembered = (account: string) => ipc.webhooksView(account);
  protected asked = (account: string) => ipc.webhooksRefresh(account);

  /** Forgets the list of another account; asks nobody before the area is opened. */
  open(account: string | null): void {
    if (this.account === account) return;
    this.forget(account);
    this.events = [];
    this.eventsError = null;
    this.#asked = false;
    this.#entered = false;
  }

  /** The area is opened: what is known at once, the rest behind. */
  async enter(): Promise<void> {
    if (this.account === null || this.refreshing) return;
    const still = await this.entering(async () => {
      await this.look();
      if (!this.#entered || this.#old()) await this.refresh();
      this.#entered = true;
    });
    if (still && this.view?.state.kind === "offered") await this.loadEvents();
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

  row(id: string): WebhookRow | null {
    return this.view?.rows.find((row) => row.id === id) ?? null;
  }

  // Where nothing is offered only "check again" asks again.
  #old(): boolean {
    const asOf = this.view?.asOf;
    return Boolean(asOf) && Date.now() - Date.parse(asOf ?? "") > FRESH_MS;
  }
}

export const webhooks = new Webhooks();
