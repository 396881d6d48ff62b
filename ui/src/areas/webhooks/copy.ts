import { countdown } from "../../lib/format";
import { ipc, type Copied } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";
import { toasts } from "../../lib/toasts.svelte";

function said(name: string, copied: Copied): void {
  toasts.show(m.copied({ name, time: countdown(copied.clearsInS * 1000) }), "ok");
}

/** Rust writes the kept value to the clipboard; the page never has it. */
export async function copyValue(account: string, webhook: string, name: string): Promise<void> {
  said(name === ":password" ? m.webhook_password() : name, await ipc.webhookCopyValue(account, webhook, name));
}

/** A field on its way to PlanRadar's page: copied by Rust, which also clears it again. */
export async function copyField(name: string, text: string): Promise<void> {
  said(name, await ipc.webhookCopyField(text));
}
