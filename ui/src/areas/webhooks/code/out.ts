import { asError, ipc, type AppError, type WebhookRow } from "../../../lib/ipc";
import { m } from "../../../lib/paraglide/messages";
import { toasts } from "../../../lib/toasts.svelte";

/** Rust asks where to, and writes it; null ids = all. Gives why it failed. */
export async function exportFile(account: string, ids: string[] | null): Promise<AppError | null> {
  try {
    const path = await ipc.webhooksExport(account, ids);
    if (path !== null) toasts.show(m.routes_exported({ path }), "ok");
    return null;
  } catch (thrown) {
    return asError(thrown);
  }
}

/** Rust writes it to the clipboard. Gives why it failed. */
export async function copyYaml(account: string, row: WebhookRow): Promise<AppError | null> {
  try {
    await ipc.webhookCopyYaml(account, row.id);
    toasts.show(m.webhook_copied_yaml({ name: row.description }), "ok");
    return null;
  } catch (thrown) {
    return asError(thrown);
  }
}
