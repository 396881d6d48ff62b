import { countdown } from "../../lib/format";
import { ipc, type AccountView, type TokenRow } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";
import { toasts } from "../../lib/toasts.svelte";

/** Rust writes the kept value to the clipboard; the page never has it. */
export async function copyKept(account: AccountView, row: TokenRow): Promise<void> {
  const copied = await ipc.tokenCopyKept(account.id, row.id);
  toasts.show(m.copied({ name: row.name, time: countdown(copied.clearsInS * 1000) }), "ok");
}
