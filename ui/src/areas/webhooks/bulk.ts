import type { AppError, WebhookPick, WebhookRow } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

/** What can be done with several. */
export type Bulk = "pause" | "resume" | "delete";

/** What went wrong with some of them. */
export type Failed = { what: Bulk; all: number; rows: WebhookRow[]; errors: ReadonlyMap<string, AppError> };

/** As it was shown: Rust does nothing to one that has changed since. */
export function pickOf({ id, base }: WebhookRow): WebhookPick {
  return { id, base };
}

/** What was done, in a sentence. */
export function bulkSentence(what: Bulk, rows: readonly WebhookRow[]): string {
  const [first] = rows;
  const [name, count] = [first?.description ?? "", rows.length];
  if (what === "pause") return count === 1 ? m.webhook_paused_said({ name }) : m.webhooks_paused_said({ count });
  if (what === "resume") return count === 1 ? m.webhook_resumed_said({ name }) : m.webhooks_resumed_said({ count });
  return count === 1 ? m.webhook_deleted_said({ name }) : m.webhooks_deleted_said({ count });
}

/** What is under way: the one of its name, or which of how many. */
export function underWay(what: Bulk, rows: readonly WebhookRow[], done: number): string {
  const all = rows.length;
  if (all === 1) {
    const name = rows[0]?.description ?? "";
    return what === "pause" ? m.webhook_pausing({ name }) : what === "resume" ? m.webhook_resuming({ name }) : m.webhook_deleting({ name });
  }
  const inputs = { done, all };
  return what === "pause" ? m.webhooks_pausing(inputs) : what === "resume" ? m.webhooks_resuming(inputs) : m.webhooks_deleting(inputs);
}

/** What was not done, as a title. */
export function failedTitle(failed: Failed): string {
  const inputs = { failed: failed.rows.length, all: failed.all };
  if (failed.what === "pause") return m.webhooks_pause_failed(inputs);
  return failed.what === "resume" ? m.webhooks_resume_failed(inputs) : m.webhooks_delete_failed(inputs);
}
