import { stopsAll } from "../../lib/errors";
import { asError, ipc, type AppError, type WebhookRow } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";
import { toasts } from "../../lib/toasts.svelte";
import { webhooks } from "../../lib/webhooks.svelte";
import { bulkSentence, pickOf, type Bulk, type Failed } from "./bulk";

/** Longer than this, one alone is worth a word too. */
const SHOWN_AFTER_MS = 400;
/** Requests of one: it is read, written, and read back; deleting reads nothing back. */
const COST: Record<Bulk, number> = { pause: 3, resume: 3, delete: 2 };

type Run = { account: string; what: Bulk; rows: WebhookRow[]; done: number; shown: boolean; stopping: boolean };

/** One run at a time, one webhook after the other. It goes on while the area is left. */
class BulkRun {
  run = $state<Run | null>(null);
  /** By account: what failed in its last run. */
  #failed = $state.raw<Record<string, Failed | null>>({});

  failed(account: string): Failed | null {
    return this.#failed[account] ?? null;
  }

  dismiss(account: string): void {
    this.#failed = { ...this.#failed, [account]: null };
  }

  /** Requests that are still to be sent. */
  get requestsLeft(): number {
    return this.run ? (this.run.rows.length - this.run.done) * COST[this.run.what] : 0;
  }

  stop(): void {
    if (this.run) this.run.stopping = true;
  }

  async start(account: string, what: Bulk, rows: WebhookRow[], ondone: (row: WebhookRow) => void): Promise<void> {
    if (this.run) return;
    this.dismiss(account);
    this.run = { account, what, rows, done: 0, shown: rows.length > 1, stopping: false };
    const timer = setTimeout(() => {
      if (this.run) this.run.shown = true;
    }, SHOWN_AFTER_MS);
    const done: WebhookRow[] = [];
    let errors: [string, AppError][] = [];
    for (const row of rows) {
      if (this.run.stopping) break;
      const error = await one(account, what, row);
      this.run.done += 1;
      if (error && stopsAll(error)) {
        // Nor would it go better with the others: none of them is tried.
        errors = [...errors, ...rows.slice(rows.indexOf(row)).map(({ id }): [string, AppError] => [id, error])];
        break;
      }
      if (error) errors = [...errors, [row.id, error]];
      else {
        done.push(row);
        ondone(row);
      }
    }
    clearTimeout(timer);
    if (this.run.stopping && done.length + errors.length < rows.length) toasts.show(m.bulk_stopped({ done: done.length, all: rows.length }), "warn");
    else if (done.length > 0) toasts.show(bulkSentence(what, done), "ok");
    const failed = new Map(errors);
    if (failed.size > 0) this.#failed = { ...this.#failed, [account]: { what, all: rows.length, rows: rows.filter(({ id }) => failed.has(id)), errors: failed } };
    this.run = null;
    if (webhooks.account === account) await webhooks.look();
  }
}

async function one(account: string, what: Bulk, row: WebhookRow): Promise<AppError | null> {
  const picks = [pickOf(row)];
  try {
    const [outcome] = await (what === "delete" ? ipc.webhooksDelete(account, picks) : ipc.webhooksSetActive(account, picks, what === "resume"));
    return outcome?.error ?? null;
  } catch (thrown) {
    return asError(thrown);
  }
}

export const bulkRun = new BulkRun();
