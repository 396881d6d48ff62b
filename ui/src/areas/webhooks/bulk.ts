import type { AppError, WebhookPick, WebhookRow } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

/** What can be done with several. */
export type Bulk = "pause" | "resume" | "delete";

/** What went wrong with some of them; `thrown` = with the whole call. */
export type Failed = { what: Bulk; all: number; rows: WebhookRow[]; errors?: Map<string, AppError>; thrown?: unknown };

/** Each as it was shown: Rust does nothing to one that has changed since. */
export function picksOf(rows: readonly WebhookRow[]): WebhookPick[] {
  return rows.map(({ id, base }) => ({ id, base }));
}

/** What was done, in a sentence. */
export function bulkSentence(what: Bulk, rows: readonly WebhookRow[]): string {
  const [first] = rows;
  const [name, count] = [first?.description ?? "", rows.length];
  if (what === "pause") return count === 1 ? m.webhook_paused_said({ name }) : m.webhooks_paused_said({ count });
  if (what === "resume") return count === 1 ? m.webhook_resumed_said({ name }) : m.webhooks_resumed_said({ count });
  return count === 1 ? m.webhook_deleted_said({ name }) : m.webhooks_deleted_said({ count });
}

/** What was not done, as a title. */
export function failedTitle(failed: Failed): string {
  const inputs = { failed: failed.rows.length, all: failed.all };
  if (failed.what === "pause") return m.webhooks_pause_failed(inputs);
  return failed.what === "resume" ? m.webhooks_resume_failed(inputs) : m.webhooks_delete_failed(inputs);
}
