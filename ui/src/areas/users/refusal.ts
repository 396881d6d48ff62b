import type { AccountView, Code } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

/** Why users may not be seen, and who can change that. */
export function refusal(account: AccountView, reason: Code): { title: string; why: string; who: string } {
  const name = account.accountHolderName;
  if (reason === "plan") return { title: m.refused_plan_title(), why: m.error_plan(), who: name ? m.refused_plan_who({ name }) : m.refused_plan_who_unknown() };
  const who = name ? m.refused_who({ name }) : m.refused_who_unknown();
  if (reason === "permission_users") return { title: m.users_refused_title(), why: m.error_permission_users(), who };
  return { title: m.users_refused_other(), why: reason === "permission_api_access" ? m.error_permission_api_access() : m.error_forbidden(), who };
}
