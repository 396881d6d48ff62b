import type { AuditActor, AuditArea, AuditDamage, AuditRow } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

const ACTIONS: Record<string, () => string> = {
  "account.add": () => m.audit_account_add(),
  "account.remove": () => m.audit_account_remove(),
  "audit.anew": () => m.audit_anew(),
  "connect.request": () => m.audit_connect_request(),
  "connect.status": () => m.audit_connect_status(),
  "operation.dismiss": () => m.audit_operation_dismiss(),
  "routes.change": () => m.audit_routes_change(),
  "sign_in.replace": () => m.audit_sign_in_replace(),
  "token.create": () => m.audit_token_create(),
  "token.delete": () => m.audit_token_delete(),
  "token.forget": () => m.audit_token_forget(),
  "token.paste": () => m.audit_token_paste(),
  "token.replace": () => m.audit_token_replace(),
  "tokens.inventory": () => m.audit_tokens_inventory(),
  "user.create": () => m.audit_user_create(),
  "user.cut_off": () => m.audit_user_cut_off(),
  "user.delete_tokens": () => m.audit_user_delete_tokens(),
  "user.grant_api": () => m.audit_user_grant_api(),
  "user.invite": () => m.audit_user_invite(),
  "user.revoke_api": () => m.audit_user_revoke_api(),
  "webhook.by_hand": () => m.audit_webhook_by_hand(),
  "webhook.create": () => m.audit_webhook_create(),
  "webhook.delete": () => m.audit_webhook_delete(),
  "webhook.update": () => m.audit_webhook_update(),
  "webhook.value_delete": () => m.audit_webhook_value_delete(),
  "webhook.value_set": () => m.audit_webhook_value_set(),
};

/** What was done; an action of another version by its own name. */
export function actionText(action: string): string {
  return ACTIONS[action]?.() ?? action;
}

const OUTCOMES: Record<string, () => string> = {
  done: () => m.audit_done(),
  abandoned: () => m.audit_abandoned(),
  "nothing sent": () => m.audit_nothing_sent(),
};

/** How it ended; the server's or another version's word as it is. */
export function outcomeText(row: AuditRow): string {
  const ended = OUTCOMES[row.outcome]?.() ?? row.outcome;
  return row.reason ? m.audit_because({ outcome: ended, reason: row.reason }) : ended;
}

export const AUDIT_AREAS: readonly AuditArea[] = ["tokens", "webhooks", "users", "connect", "accounts", "audit", "other"];

const AREAS: Record<AuditArea, () => string> = {
  tokens: () => m.nav_tokens(),
  webhooks: () => m.nav_webhooks(),
  users: () => m.nav_users(),
  connect: () => m.nav_connect(),
  accounts: () => m.audit_area_accounts(),
  audit: () => m.nav_audit(),
  other: () => m.audit_area_other(),
};

export const areaText = (area: AuditArea) => AREAS[area]();

const DAMAGES: Record<AuditDamage, (line: number) => string> = {
  changed: (line) => m.audit_damage_changed({ line }),
  removed: (line) => m.audit_damage_removed({ line }),
  reordered: (line) => m.audit_damage_reordered({ line }),
  unsealed: (line) => m.audit_damage_unsealed({ line }),
  cut_tail: (line) => m.audit_damage_cut_tail({ line }),
};

/** What was found, and what that means. */
export function damageText(damage: AuditDamage, line: number): string {
  return DAMAGES[damage](line);
}

/** Through what it was done. */
export function actorText(actor: AuditActor): string {
  if (actor === "window") return m.audit_by_window();
  return actor === "cli" ? m.audit_by_cli() : m.audit_by_resume();
}

/** What the log can be limited to, in days back from now. */
export const AUDIT_PERIODS: readonly { days: number; text: () => string }[] = [
  { days: 1, text: () => m.audit_last_day() },
  { days: 7, text: () => m.audit_last_week() },
  { days: 30, text: () => m.audit_last_month() },
  { days: 365, text: () => m.audit_last_year() },
];
