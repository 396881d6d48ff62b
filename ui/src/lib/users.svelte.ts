import { asError, ipc, type AppError, type UserDetail, type UserRow, type UsersView } from "./ipc";
import { FRESH_MS, Known } from "./known.svelte";

/** So long nobody types before PlanRadar is asked. */
const PAUSE_MS = 400;
/** Users of one page: of the others nothing is newer after the first was asked for again. */
const PAGE = 500;

/** What PlanRadar found for a text. */
export type Found = { text: string; rows: UserRow[]; count: number | null; page: number; more: boolean };

/** The users of the account that is shown. */
class Users extends Known<UsersView> {
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
  protected remembered = (account: string) => ipc.usersView(account);
  protected asked = (account: string) => ipc.usersRefresh(account);

  /** Forgets the list of another account; asks nobody before the area is opened. */
  open(account: string | null): void {
    if (this.account === account) return;
    this.forget(account);
    this.loading = null;
    this.loadError = null;
    this.mine = null;
    this.#mineAsked = false;
    this.#entered = false;
    this.type("");
  }

  /** The area is opened: what is known at once, the rest behind. */
  async enter(): Promise<void> {
    if (this.account === null || this.refreshing) return;
    await this.entering(async () => {
      await this.look();
      if (this.#wants()) await this.refresh();
      this.#entered = true;
    });
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

  override take(view: UsersView): void {
    if (view.account !== this.account) return;
    const before = this.view;
    super.take(view);
    if (this.found) for (const row of view.rows) if (changed(before?.rows.find(({ id }) => id === row.id), row)) this.learn(row);
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

  // Where nothing is offered only "check again" asks again; and a list that was loaded whole stays whole until that is wished.
  #wants(): boolean {
    const { asOf = null, state } = this.view ?? {};
    if (asOf === null) return state?.kind !== "not_offered" || !this.#entered;
    if (this.loaded > PAGE) return false;
    return !this.#entered || Date.now() - Date.parse(asOf) > FRESH_MS;
  }

  /** How many are loaded from the newest list; there may be more from an earlier one. */
  get loaded(): number {
    return (this.view?.rows.length ?? 0) - (this.view?.earlier ?? 0);
  }
}

function changed(before: UserRow | undefined, row: UserRow): boolean {
  return before !== undefined && JSON.stringify(before) !== JSON.stringify(row);
}

export const users = new Users();
