import type { AccountView, AreaState, Attention, AttentionKind, Code, WebhookFigures } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";
import type { Age, Use } from "./charts";

const ATTENTION: Record<AttentionKind, (days: number) => string> = {
  token_unused: () => m.attention_token_unused(),
  token_old: (days) => m.attention_token_old({ days }),
  token_of_inactive: () => m.attention_token_of_inactive(),
  token_of_person: () => m.attention_token_of_person(),
  webhook_failing: () => m.attention_webhook_failing(),
  webhook_plain_http: () => m.attention_webhook_plain_http(),
  webhook_query_secret: () => m.attention_webhook_query_secret(),
  webhook_paused_long: () => m.attention_webhook_paused_long(),
  replacement_open: () => m.attention_replacement_open(),
};

/** What is the matter, and what to do. */
export function attentionText(kind: AttentionKind, oldDays: number): string {
  return ATTENTION[kind](oldDays);
}

/** Where it is put right. */
export function attentionArea({ kind, id }: Pick<Attention, "kind" | "id">): "tokens" | "webhooks" | "everyone" {
  if (kind.startsWith("webhook_")) return "webhooks";
  // Somebody else's token is named with its owner.
  return kind.startsWith("token_") && id.includes("/") ? "everyone" : "tokens";
}

const AGE: Record<Age, () => string> = {
  month: () => m.age_month(),
  quarter: () => m.age_quarter(),
  year: () => m.age_year(),
  two_years: () => m.age_two_years(),
  older: () => m.age_older(),
  unknown: () => m.age_unknown(),
};

export const ageText = (age: Age) => AGE[age]();

const USE: Record<Use, () => string> = {
  active: () => m.use_active(),
  quiet: () => m.use_quiet(),
  never: () => m.use_never(),
  unknown: () => m.use_unknown(),
};

export const useText = (use: Use) => USE[use]();

function why(reason: Code): string {
  if (reason === "plan") return m.overview_why_plan();
  if (reason === "account_holder_only") return m.overview_why_holder();
  if (reason === "permission_api_access") return m.overview_why_permission({ name: m.permission_api_documentation_access() });
  if (reason === "permission_users") return m.overview_why_permission({ name: m.permission_users() });
  if (reason === "permission_accounts") return m.overview_why_permission({ name: m.permission_accounts() });
  return m.overview_why_refused();
}

/** Whether something may be done over this server's API, as far as it was looked up. */
export function mayText(state: AreaState | undefined): string {
  if (!state || state.kind === "unknown") return m.overview_unknown();
  if (state.kind === "offered") return m.overview_yes();
  return state.kind === "not_offered" ? m.overview_elsewhere() : m.overview_no({ why: why(state.reason) });
}

const TYPES: Record<string, () => string> = { account_holder: () => m.type_account_holder(), in_house: () => m.type_in_house(), subcontractor: () => m.type_subcontractor(), watcher: () => m.type_watcher() };

/** The kind of user that Gatehouse is signed in as; null = not known. */
export function meText(account: AccountView): string | null {
  const type = account.isAccountHolder === true ? "account_holder" : account.user?.userType;
  return type ? (TYPES[type]?.() ?? type) : null;
}

/** Failing ones where deliveries were looked at. */
export function webhooksText({ active, paused, failing }: WebhookFigures): string {
  return failing === null ? m.overview_webhooks_detail({ active, paused }) : m.overview_webhooks_failing({ active, paused, failing });
}
