import type { AccountView } from "../../lib/ipc";

/** Where PlanRadar expects the token. Source: PlanRadar's API description. */
export const HEADER = "X-PlanRadar-API-Key";
/** Without it PlanRadar answers 406. Source: PlanRadar's API description. */
export const ACCEPT = "application/json";

/** The command as it is shown: `hidden` in the token's place. Rust puts the token into the copied one. */
export function curlLine(account: AccountView, hidden: string): string {
  return [`curl -H 'Accept: ${ACCEPT}'`, `-H '${HEADER}: ${hidden}'`, `'${account.server.replace(/\/+$/, "")}/api/v2/${account.customerId}/projects?pagesize=1'`].join(" ");
}
