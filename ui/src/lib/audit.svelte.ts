import { DAY } from "./format";
import { asError, ipc, type AppError, type AuditArea, type AuditIntegrity, type AuditQuery, type AuditRow } from "./ipc";

/** The audit log of this computer, as far as it is loaded: newest first. */
class Audit {
  rows = $state.raw<AuditRow[]>([]);
  /** Where the next page begins; null = all are here. */
  before = $state<number | null>(null);
  loaded = $state(false);
  loading = $state(false);
  error = $state<AppError | null>(null);
  integrity = $state.raw<AuditIntegrity | null>(null);
  verifyError = $state<AppError | null>(null);
  search = $state("");
  account = $state<string | null>(null);
  area = $state<AuditArea | null>(null);
  /** How many days back; null = all. */
  days = $state<number | null>(null);
  #asked = 0;
  #open = false;

  get query(): AuditQuery {
    return { account: this.account, area: this.area, text: this.search.trim() || null, from: this.days === null ? null : new Date(Date.now() - this.days * DAY).toISOString(), to: null };
  }

  get filtered(): boolean {
    return this.account !== null || this.area !== null || this.days !== null || this.search.trim() !== "";
  }

  /** The area is opened: its lines at once, whether they are as they were written behind. */
  async enter(): Promise<void> {
    this.#open = true;
    await this.look();
    await this.verify();
  }

  leave(): void {
    this.#open = false;
  }

  /** A line was added. */
  async changed(): Promise<void> {
    if (this.#open) await this.look();
  }

  filter(change: Partial<Pick<Audit, "search" | "account" | "area" | "days">>): void {
    Object.assign(this, change);
    void this.look();
  }

  /** The newest lines that fit; further pages that were loaded are loaded again only when asked for. */
  async look(): Promise<void> {
    await this.#page(null);
  }

  async more(): Promise<void> {
    if (this.before !== null && !this.loading) await this.#page(this.before);
  }

  async verify(): Promise<void> {
    await this.#judge(() => ipc.auditVerify());
  }

  async beginAnew(): Promise<void> {
    this.integrity = await ipc.auditBeginAnew();
    await this.look();
  }

  async #judge(question: () => Promise<AuditIntegrity>): Promise<void> {
    try {
      this.integrity = await question();
      this.verifyError = null;
    } catch (thrown) {
      this.verifyError = asError(thrown);
    }
  }

  // The answer to an older question comes too late to be shown.
  async #page(before: number | null): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const page = await ipc.auditPage(this.query, before);
      if (this.#asked !== asked) return;
      this.rows = before === null ? page.rows : [...this.rows, ...page.rows];
      this.before = page.before;
      this.error = null;
      this.loaded = true;
    } catch (thrown) {
      if (this.#asked === asked) this.error = asError(thrown);
    }
    if (this.#asked === asked) this.loading = false;
  }
}

export const audit = new Audit();
