import { asError, ipc, type AppError, type CodeAnswer, type CodeChoice, type CodeFile, type CodePlan, type CodeProgress, type CodeReport } from "./ipc";
import { m } from "./paraglide/messages";
import { toasts } from "./toasts.svelte";
import { webhooks } from "./webhooks.svelte";

const FIRST: CodeChoice = { environment: null, prune: false };

/**
 * The file of webhooks that is looked at. Rust holds its text; a run goes on while the page is left, also for another
 * account's: until it has ended, and been seen, all that is here is about `account`.
 */
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
  /** The account whose page is open: the end of a run of another is told elsewhere. */
  #seen: string | null = null;
  /** Counts what is asked anew, and what is put away, so that an older answer changes nothing. */
  #turn = 0;
  #wanted = false;

  /** The page of an account is opened. What another left is put away, unless it is being applied. */
  enter(account: string): void {
    this.#seen = account;
    if (this.busy === "applying") return;
    if (this.account !== account) this.#forget();
    this.account = account;
  }

  /** Its page is left: nothing is lost, the file is where it was. */
  leave(account: string): void {
    if (this.#seen !== account) return;
    this.#seen = null;
    // What became of another account's run is still to be seen there.
    if (this.busy !== "applying" && this.account === account) this.#forget();
  }

  /** The page is to be shown as soon as its account is. */
  want(): void {
    this.#wanted = true;
  }

  /** Whether it is to be shown, once. */
  isWanted(account: string): boolean {
    const wanted = this.#wanted && this.account === account;
    this.#wanted = false;
    return wanted;
  }

  async choose(): Promise<void> {
    await this.#open((account) => ipc.webhooksImportOpen(account));
  }

  async paste(text: string): Promise<boolean> {
    return await this.#open((account) => ipc.webhooksImportPaste(account, text));
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
    const { file, choice } = this;
    if (!file || this.busy === "applying") return;
    const mine = ++this.#turn;
    this.busy = "planning";
    this.error = null;
    this.report = null;
    try {
      const plan = await ipc.webhooksImportPlan(file.id, choice);
      if (mine === this.#turn) this.plan = plan;
    } catch (thrown) {
      if (mine === this.#turn) this.error = asError(thrown);
    } finally {
      if (mine === this.#turn) this.busy = null;
    }
  }

  /** True = all were taken. */
  async give(answers: CodeAnswer[]): Promise<boolean> {
    const { file } = this;
    if (!file || this.busy) return false;
    const mine = ++this.#turn;
    this.busy = "giving";
    this.refused = null;
    let refused: AppError | null = null;
    try {
      await ipc.webhooksImportGive(file.id, this.choice, answers);
    } catch (thrown) {
      refused = asError(thrown);
    }
    if (mine !== this.#turn) return false;
    this.refused = refused;
    this.busy = null;
    await this.look();
    return refused === null;
  }

  async apply(): Promise<void> {
    const { file, plan, account } = this;
    if (!file || !plan || account === null || account !== this.#seen || this.busy) return;
    this.#turn += 1;
    this.busy = "applying";
    this.error = null;
    this.stopping = false;
    this.progress = { account, done: 0, total: plan.create + plan.update + plan.delete, next: null, seconds: plan.seconds };
    // Nothing puts it away meanwhile: what is here stays this account's.
    try {
      this.report = await ipc.webhooksImportApply(file.id, this.choice, plan.digest);
      this.#told(this.report, account);
    } catch (thrown) {
      this.error = asError(thrown);
      if (this.#seen !== account) toasts.show(m.import_not_applied(), "warn");
    }
    this.busy = null;
    this.progress = null;
    const why = this.error;
    if (webhooks.account === account) await webhooks.look();
    // Compared again for who is there to see it.
    if (why?.code === "stale" && this.error === why && this.#seen === account) {
      await this.look();
      if (this.file === file) this.error ??= why;
    }
  }

  /** No further webhook is begun. */
  stop(): void {
    const { account } = this;
    if (account === null) return;
    this.stopping = true;
    // Should it fail, the run simply goes on, and its end is shown.
    void ipc.webhooksImportStop(account).catch(() => (this.stopping = false));
  }

  /** Takes a notice. */
  moved(progress: CodeProgress): void {
    if (this.busy === "applying" && progress.account === this.account) this.progress = progress;
  }

  /** For the account whose page is open, and only if it still is when the file is there. */
  async #open(ask: (account: string) => Promise<CodeFile | null>): Promise<boolean> {
    const account = this.#seen;
    if (this.busy || account === null) return false;
    if (this.account !== account) this.#forget();
    this.account = account;
    const mine = ++this.#turn;
    this.busy = "opening";
    this.error = null;
    try {
      const file = await ask(account);
      if (mine !== this.#turn) {
        if (file) this.#close(file);
        return false;
      }
      this.busy = null;
      if (!file) return false;
      this.#reset();
      this.account = account;
      this.file = file;
      await this.look();
      return true;
    } catch (thrown) {
      if (mine !== this.#turn) return false;
      this.error = asError(thrown);
      this.busy = null;
      return false;
    }
  }

  #told({ done, left, stopped }: CodeReport, account: string): void {
    const all = done.length + left.length;
    const whole = left.length === 0 && stopped === null;
    if (whole) toasts.show(m.import_applied({ count: done.length }), "ok");
    else if (this.#seen !== account) toasts.show(m.import_stopped({ done: done.length, all }), "warn");
    else toasts.say(m.import_stopped({ done: done.length, all }));
  }

  #forget(): void {
    if (this.file) this.#close(this.file);
    this.#reset();
  }

  #close(file: CodeFile): void {
    // Held in memory only, and replaced by the next: nothing to be done if it fails.
    void ipc.webhooksImportClose(file.id).catch(() => {});
  }

  #reset(): void {
    this.#turn += 1;
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
