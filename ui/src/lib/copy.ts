import { countdown } from "./format";
import { ipc, type AccountView, type Copied, type TokenRow } from "./ipc";
import { m } from "./paraglide/messages";
import { toasts } from "./toasts.svelte";

/** Rust wrote it to the clipboard, and will clear that again. */
export function saidCopied(name: string, copied: Copied): void {
  toasts.show(m.copied({ name, time: countdown(copied.clearsInS * 1000) }), "ok");
}

/** Rust writes the kept value to the clipboard; the page never has it. */
export async function copyKept(account: AccountView, row: TokenRow): Promise<void> {
  saidCopied(row.name, await ipc.tokenCopyKept(account.id, row.id));
}

/** A hidden value of a webhook, as [`copyKept`]. */
export async function copyHidden(account: string, webhook: string, name: string): Promise<void> {
  saidCopied(name === ":password" ? m.webhook_password() : name, await ipc.webhookCopyValue(account, webhook, name));
}

/** A field on its way to PlanRadar's page: copied by Rust, which also clears it again. */
export async function copyField(name: string, text: string): Promise<void> {
  saidCopied(name, await ipc.webhookCopyField(text));
}
