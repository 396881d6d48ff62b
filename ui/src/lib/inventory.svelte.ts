import { isStanding } from "./errors";
import { asError, ipc, type AppError, type Inventory, type InventoryWhom } from "./ipc";
import { jobs } from "./jobs.svelte";
import { now } from "./now.svelte";
import { tokens } from "./tokens.svelte";
import { users } from "./users.svelte";

const SKELETON_AFTER_MS = 300;

/** Everyone's tokens of the account that is shown, as far as they were asked for. */
class Everyones {
  account = $state<string | null>(null);
  view = $state.raw<Inventory | null>(null);
  /** Nothing known yet, and it takes long enough to show that something comes. */
  skeleton = $state(false);
  error = $state<AppError | null>(null);
  /** Users are being loaded for a run, or it is about to begin. */
  starting = $state(false);
  startError = $state<AppError | null>(null);
  checking = $state(false);
  #open = false;
  #looking: Promise<void> | null = null;
  #again = false;

  /** Forgets what is of another account; asks nobody before the page is opened. */
  open(account: string | null): void {
    if (this.account === account) return;
    this.account = account;
    this.view = null;
    this.error = null;
    this.startError = null;
    this.skeleton = false;
    this.starting = false;
    this.checking = false;
    this.#looking = null;
    this.#again = false;
  }

  /** The page is opened: what is known at once; whether it is offered is found out behind. `me`: who Gatehouse is signed in as. */
  async enter(me: string | null): Promise<void> {
    this.#open = true;
    const account = this.account;
    if (account === null) return;
    const timer = setTimeout(() => {
      if (this.account === account && !this.known) this.skeleton = true;
    }, SKELETON_AFTER_MS);
    await this.look();
    await users.enter();
    await this.look();
    if (this.account === account && this.view?.state.kind === "unknown") await this.#probe(account, me);
    clearTimeout(timer);
    if (this.account === account) this.skeleton = false;
  }

  leave(): void {
    this.#open = false;
  }

  /** Something about users or their tokens changed. */
  async changed(): Promise<void> {
    if (this.#open) await this.look();
  }

  get known(): boolean {
    return this.view !== null && (this.view.loaded > 0 || this.view.state.kind !== "unknown");
  }

  /** What is known, without a request. A run tells of each user: looks that would overtake one another are one. */
  async look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return this.#looking;
    }
    const looking = this.#look();
    this.#looking = looking;
    await looking;
  }

  async #look(): Promise<void> {
    const account = this.account;
    if (account === null) return;
    do {
      this.#again = false;
      try {
        const view = await ipc.inventoryView(account);
        if (this.account !== account) return;
        now.catchUp();
        // While it is found out anew, what was found before stands: the page must not flash.
        this.view = this.checking && this.view && view.state.kind === "unknown" ? { ...view, state: this.view.state } : view;
        this.error = null;
      } catch (thrown) {
        if (this.account !== account) return;
        this.error = asError(thrown);
      }
    } while (this.#again);
    this.#looking = null;
  }

  /** Asks for tokens. All users are loaded first, where they are not, page by page so that it can be stopped. */
  async start(whom: InventoryWhom): Promise<void> {
    const account = this.account;
    if (account === null || this.starting || jobs.busy(["inventory"])) return;
    this.starting = true;
    this.startError = null;
    try {
      if (whom.kind === "these" || (await this.#loaded(account))) jobs.begin(await ipc.inventoryStart(account, whom));
    } catch (thrown) {
      if (this.account === account) this.startError = asError(thrown);
    }
    if (this.account === account) this.starting = false;
  }

  async checkAgain(me: string | null): Promise<void> {
    const account = this.account;
    if (account === null || this.checking) return;
    this.checking = true;
    try {
      if (this.view?.state.kind === "not_offered") tokens.take(await ipc.capabilitiesCheckAgain(account));
      await users.look();
      if (users.view?.state.kind !== "offered") await users.refresh();
      await this.#probe(account, me);
    } catch (thrown) {
      if (this.account === account) this.error = asError(thrown);
    }
    if (this.account !== account) return;
    this.checking = false;
    await this.look();
  }

  async #loaded(account: string): Promise<boolean> {
    if (this.view?.complete) return true;
    await users.load("all");
    if (this.account !== account) return false;
    this.startError = users.loadError;
    await this.look();
    return this.view?.complete ?? false;
  }

  /** Whether other users' tokens are offered is seen at one of them: the account holder, who is asked first anyway. */
  async #probe(account: string, me: string | null): Promise<void> {
    const others = users.view?.rows.filter(({ id }) => id !== me) ?? [];
    const one = others.find(({ locked }) => locked === "account_holder") ?? others.find(({ apiAccess }) => apiAccess) ?? others[0];
    if (this.account !== account || !one) return;
    const { error } = await ipc.userTokens(account, one.id, true);
    await this.look();
    if (this.account === account && error && !isStanding(error)) this.error = error;
  }
}

export const inventory = new Everyones();
