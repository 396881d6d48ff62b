import { ipc, type JobKind, type JobView } from "./ipc";
import { m } from "./paraglide/messages";
import { toasts } from "./toasts.svelte";
import { users } from "./users.svelte";

/** What a run did, in a sentence; null = nothing went well. */
export function jobSentence(job: JobView): string | null {
  const count = job.done - job.failures.length - job.unchanged;
  const already = job.unchanged > 0 ? m.job_unchanged({ count: job.unchanged }) : "";
  if (count <= 0) return already || null;
  const said = job.kind === "grant_api" ? m.job_granted({ count }) : job.kind === "revoke_api" ? m.job_revoked({ count }) : m.job_asked({ count });
  return `${said} ${already}`.trim() || null;
}

/** Runs over users of the account that is shown: Rust does them, one user after the other, also after a restart. */
class Jobs {
  account = $state<string | null>(null);
  all = $state.raw<JobView[]>([]);
  /** Ended with failures that were not read yet. */
  ended = $state.raw<JobView[]>([]);
  /** A command's answer may come after the notice of the run's end. */
  #over = new Set<string>();
  /** By run: what a notice said last. */
  #told = new Map<string, JobView>();

  async open(account: string | null): Promise<void> {
    if (this.account === account) return;
    this.account = account;
    this.all = [];
    this.ended = [];
    if (account === null) return;
    try {
      const [all, unread] = await Promise.all([ipc.jobsList(account), ipc.jobsUnread(account)]);
      if (this.account !== account) return;
      this.all = all.filter(({ id }) => !this.#over.has(id));
      const told = this.ended;
      this.ended = [...unread.filter(({ id }) => told.every((one) => one.id !== id)), ...told];
    } catch {
      // The users' own error is shown; a run that goes on tells of itself.
    }
  }

  /** What a command answered: a notice that came before it knows more. */
  begin(job: JobView): void {
    if (!this.all.some(({ id }) => id === job.id)) this.take(job);
  }

  /** A notice. */
  hear(job: JobView): void {
    this.#told.set(job.id, job);
    this.take(job);
  }

  /** Pauses or resumes. A notice that came before the answer tells of a later state. */
  async steer(id: string, work: () => Promise<JobView | null>): Promise<void> {
    const before = this.#told.get(id);
    const answer = await work();
    if (answer && this.#told.get(id) === before) this.take(answer);
  }

  take(job: JobView): void {
    if (job.account !== this.account || this.#over.has(job.id)) return;
    const others = this.all.filter(({ id }) => id !== job.id);
    if (job.state === "running" || job.state === "paused") {
      this.all = [...others, job].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
      return;
    }
    this.#over.add(job.id);
    this.all = others;
    if (job.failures.length > 0) this.ended = [...this.ended.filter(({ id }) => id !== job.id), job];
    const sentence = jobSentence(job);
    if (sentence) toasts.show(sentence, "ok");
    // Rows that a search found beyond the loaded pages are known to the server only.
    if (users.account === job.account && users.found) void users.find();
  }

  dismiss(id: string): void {
    this.ended = this.ended.filter((job) => job.id !== id);
    // If that can't be noted, it is shown once more with the next look.
    ipc.jobRead(id).catch(() => undefined);
  }

  /** Whether users are being changed: one run at a time. A paused one waits for a person, who has to know. */
  get changing(): "running" | "paused" | null {
    const runs = this.all.filter(({ kind }) => kind !== "inventory");
    if (runs.length === 0) return null;
    return runs.some(({ state }) => state === "running") ? "running" : "paused";
  }

  busy(kinds: readonly JobKind[]): boolean {
    return this.all.some(({ kind }) => kinds.includes(kind));
  }
}

export const jobs = new Jobs();
