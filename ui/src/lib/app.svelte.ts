import { asError, ipc, onNotice, type AccountView, type AppError, type KeychainState, type Notice, type Prefs, type StoreNotice } from "./ipc";
import { audit } from "./audit.svelte";
import { codeImport } from "./code-import.svelte";
import { connect } from "./connect.svelte";
import { held } from "./held.svelte";
import { inventory } from "./inventory.svelte";
import { jobs } from "./jobs.svelte";
import { keychain } from "./keychain.svelte";
import { limit } from "./limit.svelte";
import { locale } from "./locale.svelte";
import { now } from "./now.svelte";
import { operations } from "./operations.svelte";
import { m } from "./paraglide/messages";
import { toasts } from "./toasts.svelte";
import { tokens } from "./tokens.svelte";
import { unsaved } from "./unsaved.svelte";
import { users } from "./users.svelte";
import { webhooks } from "./webhooks.svelte";

export type Area = "overview" | "integration" | "tokens" | "everyone" | "webhooks" | "users" | "connect" | "audit" | "settings";
const AREAS: readonly string[] = ["overview", "integration", "tokens", "everyone", "webhooks", "users", "connect", "audit", "settings"] satisfies Area[];

/** What a dialog above everything is about. */
export type Over =
  | { kind: "add_account" }
  | { kind: "same_token"; account: AccountView }
  | { kind: "rename"; account: AccountView }
  | { kind: "remove"; account: AccountView }
  | { kind: "sign_in"; account: AccountView };

const DEFAULT_PREFS: Prefs = { theme: "system", language: "system", density: "compact", lastArea: null, tokensSort: null };

/** What the whole window shares: accounts, preferences, where the person is. */
class App {
  state = $state<"starting" | "ready" | "failed">("starting");
  startError = $state<AppError | null>(null);
  version = $state("");
  accounts = $state<AccountView[]>([]);
  activeId = $state<string | null>(null);
  /** How often what Gatehouse had copied left the clipboard. */
  clipboardCleared = $state(0);
  storeNotice = $state<StoreNotice | null>(null);
  prefs = $state<Prefs>(DEFAULT_PREFS);
  area = $state<Area>("tokens");
  over = $state<Over | null>(null);
  /** Counts how often the program was to end while a value is on show that is kept nowhere. */
  quitAsked = $state(0);
  /** The program was to end while something would be lost: it is asked about. */
  quitting = $state<{ unsaved: boolean; deletions: number } | null>(null);
  /** Asks about unsaved changes: true = it asks, and goes on by itself if that is wished. */
  leave: ((then: () => void) => boolean) | null = null;
  account = $derived(this.accounts.find((account) => account.id === this.activeId) ?? null);

  async start(): Promise<void> {
    this.#wear();
    try {
      await onNotice((notice) => void this.#hear(notice));
      const start = await ipc.appStart();
      this.version = start.version;
      this.prefs = { ...DEFAULT_PREFS, ...start.prefs };
      this.#wear();
      this.storeNotice = start.storeNotice;
      this.#take(start.accounts, start.activeAccount, start.keychain);
      const last = this.prefs.lastArea;
      this.area = last !== null && AREAS.includes(last) ? (last as Area) : "tokens";
      this.state = "ready";
      this.#open();
      void keychain.look();
    } catch (thrown) {
      this.startError = asError(thrown);
      this.state = "failed";
    }
  }

  /** The accounts again; makes no request. */
  async reload(): Promise<void> {
    const before = this.activeId;
    const start = await ipc.appStart();
    this.#take(start.accounts, start.activeAccount, start.keychain);
    if (this.activeId !== before) this.#open();
  }

  /** Shows an account that a command just returned: added, signed in, demo. */
  async arrived(account: AccountView): Promise<void> {
    await this.reload();
    if (this.activeId !== account.id) await this.activate(account.id);
    else this.#open();
    this.go("tokens");
  }

  async activate(id: string): Promise<void> {
    const account = await ipc.accountActivate(id);
    this.accounts = this.accounts.map((known) => (known.id === id ? account : known));
    this.activeId = id;
    this.#open();
    toasts.say(m.account_now({ name: account.label }));
  }

  /** Changes the area, unless what is open there must be asked about first. */
  go(area: Area): void {
    if (area !== this.area && this.leave?.(() => this.go(area))) return;
    this.area = area;
    if (this.prefs.lastArea !== area) void this.setPrefs({ lastArea: area });
  }

  /** Takes effect at once; that it could not be stored is no reason to take it back. */
  async setPrefs(change: Partial<Prefs>): Promise<void> {
    this.prefs = { ...this.prefs, ...change };
    this.#wear();
    try {
      await ipc.prefsSet(this.prefs);
    } catch {
      toasts.show(m.prefs_not_stored(), "warn");
    }
  }

  #take(accounts: AccountView[], active: string | null, keychainState: KeychainState): void {
    this.accounts = accounts;
    unsaved.onlyOf(accounts.map(({ id }) => id));
    this.activeId = accounts.some((account) => account.id === active) ? active : (accounts[0]?.id ?? null);
    keychain.state = keychainState;
  }

  #open(): void {
    void tokens.open(this.activeId);
    webhooks.open(this.activeId);
    users.open(this.activeId);
    inventory.open(this.activeId);
    connect.open(this.activeId);
    void jobs.open(this.activeId);
    void operations.open(this.activeId);
    void limit.open(this.activeId);
  }

  #wear(): void {
    const root = document.documentElement;
    if (this.prefs.theme === "system") delete root.dataset.theme;
    else root.dataset.theme = this.prefs.theme;
    root.dataset.density = this.prefs.density;
    locale.choose(this.prefs.language);
  }

  async #hear(notice: Notice): Promise<void> {
    now.catchUp();
    switch (notice.kind) {
      case "limit_changed":
        if (notice.account === this.activeId) limit.take(notice.status);
        break;
      case "tokens_changed":
        if (notice.account === this.activeId) await tokens.look();
        break;
      case "webhooks_changed":
        if (notice.account === this.activeId) await webhooks.look();
        break;
      case "webhooks_code_moved":
        codeImport.moved(notice.progress);
        break;
      case "users_changed":
        if (notice.account === this.activeId) await Promise.all([users.look(), inventory.changed()]);
        break;
      case "job_changed":
        jobs.hear(notice.job);
        break;
      case "user_tokens_deleted":
        held.settled(notice.account, notice.operation, notice.user, notice.error);
        if (notice.account === this.activeId) await operations.look();
        break;
      case "connect_changed":
        // The news itself is a notification of the desktop.
        if (notice.account === this.activeId) await connect.look();
        break;
      case "audit_changed":
        await audit.changed();
        break;
      case "operations_changed":
        if (notice.account === this.activeId) await operations.look();
        break;
      case "accounts_changed":
        await this.reload();
        break;
      case "keychain_waiting":
        keychain.waits(notice.waitId, notice.action);
        break;
      case "keychain_settled":
        keychain.settled(notice.waitId, notice.action, notice.outcome);
        break;
      case "keychain_changed":
        keychain.state = notice.state;
        break;
      case "quit_asked":
        // A value that is kept nowhere comes first: what is unsaved is asked about at the next try.
        if (notice.unkept) this.quitAsked += 1;
        else this.quitting = { unsaved: notice.unsaved, deletions: notice.deletions };
        break;
      case "clipboard_cleared":
        this.clipboardCleared += 1;
        toasts.show(notice.byUs ? m.clipboard_cleared() : m.clipboard_others());
        break;
    }
  }
}

export const app = new App();
