import { asError, ipc, type AppError, type CodeAnswer, type CodeChoice, type CodeFile, type CodePlan, type CodeProgress, type CodeReport } from "../../../lib/ipc";
import { m } from "../../../lib/paraglide/messages";
import { toasts } from "../../../lib/toasts.svelte";
import { webhooks } from "../../../lib/webhooks.svelte";

const FIRST: CodeChoice = { environment: null, prune: false };

/** The file of webhooks that is looked at. Rust holds its text; a run goes on while the page is left. */
class CodeImport {
  account = $state<string | null>(null);
  file = $state.raw<CodeFile | null>(null);
  choice = $state.raw<CodeChoice>(FIRST);
  plan = $state.raw<CodePlan | null>(null);
  busy = $state<"opening" | "planning" | "giving" | "applying" | null>(null);
  /** Why it could not be opened, planned or applied. */
  error = $state.raw<AppError | null>(null);
  /** A value that was not taken, at its reference. */
  refused = $state.raw<AppError | null>(null);
  progress = $state.raw<CodeProgress | null>(null);
  stopping = $state(false);
  report = $state.raw<CodeReport | null>(null);
  /** Whether the page is open: else the end of a run is told elsewhere. */
  seen = $state(false);
  /** Counts plans, so that an older answer does not replace a newer one. */
  #plans = 0;

  /** The page is opened. What another account left is put away, unless it is being applied. */
  enter(account: string): void {
    this.seen = true;
    if (this.account !== account && this.busy !== "applying") this.#forget();
    if (this.busy !== "applying") this.account = account;
  }

  /** The page is left: nothing is lost, the file is where it was. */
  leave(): void {
    this.seen = false;
    if (this.busy !== "applying") this.#forget();
  }

  async choose(): Promise<void> {
    await this.#open(() => ipc.webhooksImportOpen(this.account ?? ""));
  }

  async paste(text: string): Promise<boolean> {
    return await this.#open(() => ipc.webhooksImportPaste(this.account ?? "", text));
  }

  /** Back to where a file is chosen. */
  another(): void {
    const { account } = this;
    this.#forget();
    this.account = account;
  }

  async change(choice: Partial<CodeChoice>): Promise<void> {
    this.choice = { ...this.choice, ...choice };
    await this.look();
  }

  /** What applying would do by now. */
  async look(): Promise<void> {
    const { file } = this;
    if (!file || this.busy === "applying") return;
    const mine = ++this.#plans;
    this.busy = "planning";
    this.error = null;
    this.report = null;
    try {
      const plan = await ipc.webhooksImportPlan(file.id, this.choice);
      if (mine === this.#plans) this.plan = plan;
    } catch (thrown) {
      if (mine === this.#plans) this.error = asError(thrown);
    } finally {
      if (mine === this.#plans) this.busy = null;
    }
  }

  /** True = all were taken. */
  async give(answers: CodeAnswer[]): Promise<boolean> {
    const { file } = this;
    if (!file || this.busy) return false;
    this.busy = "giving";
    this.refused = null;
    try {
      await ipc.webhooksImportGive(file.id, this.choice, answers);
    } catch (thrown) {
      this.refused = asError(thrown);
    }
    this.busy = null;
    await this.look();
    return this.refused === null;
  }

  async apply(): Promise<void> {
    const { file, plan, account } = this;
    if (!file || !plan || this.busy) return;
    this.busy = "applying";
    this.error = null;
    this.stopping = false;
    this.progress = { account: account ?? "", done: 0, total: plan.create + plan.update + plan.delete, next: null, seconds: plan.seconds };
    let stale = false;
    try {
      this.report = await ipc.webhooksImportApply(file.id, this.choice, plan.digest);
      this.#told(this.report);
    } catch (thrown) {
      this.error = asError(thrown);
      stale = this.error.code === "stale";
      if (!this.seen) toasts.show(m.import_not_applied(), "warn");
    }
    this.busy = null;
    this.progress = null;
    if (webhooks.account === account) await webhooks.look();
    if (stale) {
      const why = this.error;
      await this.look();
      this.error ??= why;
    }
  }

  /** No further webhook is begun. */
  stop(): void {
    this.stopping = true;
    // Should it fail, the run simply goes on, and its end is shown.
    void ipc.webhooksImportStop(this.account ?? "").catch(() => (this.stopping = false));
  }

  /** Takes a notice. */
  moved(progress: CodeProgress): void {
    if (this.busy === "applying" && progress.account === this.account) this.progress = progress;
  }

  async #open(ask: () => Promise<CodeFile | null>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = "opening";
    this.error = null;
    try {
      const file = await ask();
      this.busy = null;
      if (!file) return false;
      const { account } = this;
      this.#reset();
      this.account = account;
      this.file = file;
      await this.look();
      return true;
    } catch (thrown) {
      this.error = asError(thrown);
      this.busy = null;
      return false;
    }
  }

  #told({ done, left, stopped }: CodeReport): void {
    const all = done.length + left.length;
    const whole = left.length === 0 && stopped === null;
    if (whole) toasts.show(m.import_applied({ count: done.length }), "ok");
    else if (!this.seen) toasts.show(m.import_stopped({ done: done.length, all }), "warn");
    else toasts.say(m.import_stopped({ done: done.length, all }));
  }

  #forget(): void {
    // Held in memory only, and replaced by the next: nothing to be done if it fails.
    if (this.file) void ipc.webhooksImportClose(this.file.id).catch(() => {});
    this.#reset();
  }

  #reset(): void {
    this.#plans += 1;
    this.account = null;
    this.file = null;
    this.choice = FIRST;
    this.plan = null;
    this.busy = null;
    this.error = null;
    this.refused = null;
    this.progress = null;
    this.report = null;
    this.stopping = false;
  }
}

export const codeImport = new CodeImport();
