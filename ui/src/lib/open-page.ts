import { errorText } from "./errors";
import { asError, ipc, type Page } from "./ipc";
import { keychain } from "./keychain.svelte";
import { toasts } from "./toasts.svelte";

/** Opens a page of PlanRadar in the browser. */
export function openPage(page: Page, account: string | null): void {
  ipc.openPage(page, account).catch((thrown: unknown) => toasts.show(errorText(asError(thrown), keychain.state.kind), "warn"));
}
