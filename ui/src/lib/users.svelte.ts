import { asError, ipc, type AppError, type UserDetail, type UserRow, type UsersView } from "./ipc";
import { now } from "./now.svelte";

const SKELETON_AFTER_MS = 300;
/** A list as young as this is not asked for again when the area is opened once more. */
const FRESH_MS = 60_000;
/** So long nobody types before PlanRadar is asked. */
const PAUSE_MS = 400;
/** Users of one page: asking anew drops those after the first. */
const PAGE = 500;

/** What PlanRadar found for a text. */
export type Found = { text: string; rows: UserRow[]; count: number | null; page: number; more: boolean };

/** The users of the account that is shown. */
class Users {
  account = $state<string | null>(null);
  view = $state.raw<UsersView | null>(null);
  refreshing = $state(false);
  /** Nothing known yet, and it takes long enough to show that something comes. */
  skeleton = $state(false);
  /** Why the last refresh failed. A look asks nobody, so it can't take this back; a newer list can. */
  error = $state<AppError | null>(null);
  /** Whose page is to be opened with the area. */
  wanted: string | null = null;
  sort = $state("name");
  search = $state("");
  found = $state.raw<Found | null>(null);
  searching = $state(false);
  searchError = $state<AppError | null>(null);
  /** Further pages are being loaded; "stopping" = no further one is begun. */
  loading = $state<"more" | "all" | "stopping" | null>(null);
  loadError = $state<AppError | null>(null);
  /** Who Gatehouse is signed in as: read once, to say in advance what would be refused. */
  mine = $state.raw<UserDetail | null>(null);
  /** Known to lack the permission 'Users': whatever is changed would be refused. */
  lookOnly = $derived(this.mine?.permissions?.some(({ key, on }) => key === "users" && !on) ?? false);
  #mineAsked = false;
  #entered = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** Forgets the list of another account; asks nobody before the area is opened. */
  open(account: string | null): void {
    if (this.account === account) return;
    this.account = account;
    this.view = null;
    this.error = null;
    this.refreshing = false;
    this.skeleton = false;
    this.loading = null;
    this.loadError = null;
    this.mine = null;
    this.#mineAsked = false;
    this.#entered = false;
    this.type("");
  }

  /** The area is opened: what is known at once, the rest behind. */
  async enter(): Promise<void> {
    const account = this.account;
    if (account === null || this.refreshing) return;
    const timer = setTimeout(() => {
      if (this.account === account && !this.#known()) this.skeleton = true;
    }, SKELETON_AFTER_MS);
    await this.look();
    if (this.#wants()) await this.refresh();
    this.#entered = true;
    clearTimeout(timer);
    if (this.account === account) this.skeleton = false;
  }

  /** What is known, without a request. */
  async look(): Promise<void> {
    await this.#ask(false, (account) => ipc.usersView(account));
  }

  async refresh(): Promise<void> {
    if (this.refreshing) return;
    const account = this.account;
    this.refreshing = true;
    await this.#ask(true, (id) => ipc.usersRefresh(id));
    if (this.account === account) this.refreshing = false;
  }

  /** The next page, or all of them, one request each. */
  async load(how: "more" | "all"): Promise<void> {
    const account = this.account;
    if (account === null || this.loading) return;
    this.loading = how;
    this.loadError = null;
    try {
      do {
        const view = await ipc.usersMore(account);
        if (this.account !== account) return;
        this.take(view);
        this.loadError = view.error;
      } while (this.loading === "all" && !this.view?.complete && this.loadError === null);
    } catch (thrown) {
      if (this.account === account) this.loadError = asError(thrown);
    }
    if (this.account === account) this.loading = null;
  }

  stopLoading(): void {
    if (this.loading) this.loading = "stopping";
  }

  /** A text is typed: PlanRadar is asked once for each pause, and not at all when everybody is loaded. */
  type(text: string): void {
    this.search = text;
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.searching = false;
    this.searchError = null;
    if (text.trim() === "" || this.view?.complete) {
      this.found = null;
      return;
    }
    this.searching = true;
    this.#timer = setTimeout(() => void this.find(), PAUSE_MS);
  }

  /** Asks PlanRadar for what is typed: from its first page, or the one after those that are there. */
  async find(more = false): Promise<void> {
    const [account, text] = [this.account, this.search.trim()];
    if (account === null || text === "") return;
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const before = more && this.found?.text === text ? this.found : null;
    this.searching = true;
    try {
      const { rows, count, page, more: further } = await ipc.usersSearch(account, text, (before?.page ?? 0) + 1);
      if (this.#asked !== asked || this.account !== account) return;
      const fresh = rows.filter(({ id }) => !before?.rows.some((known) => known.id === id));
      this.found = { text, rows: [...(before?.rows ?? []), ...fresh], count, page, more: further };
      this.searchError = null;
    } catch (thrown) {
      if (this.#asked === asked && this.account === account) this.searchError = asError(thrown);
    }
    if (this.#asked === asked) this.searching = false;
  }

  /** Takes a view that a command returned. */
  take(view: UsersView): void {
    if (view.account !== this.account) return;
    now.catchUp();
    if (view.error) this.error = view.error;
    else if (view.asOf !== this.view?.asOf) this.error = null;
    const before = this.view;
    this.view = { ...view, rows: view.rows };
    if (this.found) for (const row of view.rows) if (changed(before?.rows.find(({ id }) => id === row.id), row)) this.learn(row);
    if (this.#known()) this.skeleton = false;
  }

  /** Reads one's own permissions, once. */
  async readMine(id: string): Promise<void> {
    const account = this.account;
    if (account === null || this.#mineAsked) return;
    this.#mineAsked = true;
    try {
      const mine = await ipc.userDetail(account, id);
      if (this.account === account) this.mine = mine;
    } catch {
      // Then the server's own refusal says it.
    }
  }

  /** A user was read: what was found follows. */
  learn(row: UserRow): void {
    if (this.found?.rows.some(({ id }) => id === row.id)) this.found = { ...this.found, rows: this.found.rows.map((known) => (known.id === row.id ? row : known)) };
  }

  row(id: string): UserRow | null {
    return this.view?.rows.find((row) => row.id === id) ?? this.found?.rows.find((row) => row.id === id) ?? null;
  }

  // Where nothing is offered only "check again" asks again; and nobody loads pages to lose them.
  #wants(): boolean {
    const { asOf = null, rows = [], state } = this.view ?? {};
    if (asOf === null) return state?.kind !== "not_offered" || !this.#entered;
    if (rows.length > PAGE) return false;
    return !this.#entered || Date.now() - Date.parse(asOf) > FRESH_MS;
  }

  #known(): boolean {
    return this.view !== null && (this.view.asOf !== null || this.view.state.kind !== "unknown");
  }

  async #ask(asks: boolean, question: (account: string) => Promise<UsersView>): Promise<void> {
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

function changed(before: UserRow | undefined, row: UserRow): boolean {
  return before !== undefined && JSON.stringify(before) !== JSON.stringify(row);
}

export const users = new Users();
