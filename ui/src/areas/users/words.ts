import type { ApiLock, AreaState, JobView, UserRow } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

/** Requests of one user's change: read, written, read back. */
export const CHANGE_COST = 3;

/** PlanRadar's word where it is one that we don't know. */
export function typeText(type: string | null): string {
  const known: Record<string, () => string> = { account_holder: m.type_account_holder, in_house: m.type_in_house, subcontractor: m.type_subcontractor, watcher: m.type_watcher };
  return type === null ? m.time_unknown() : (known[type]?.() ?? type);
}

export function lockText(lock: ApiLock): string {
  return { account_holder: m.user_locked_holder, fixed_permissions: m.user_locked_fixed, unknown: m.user_locked_unknown }[lock]();
}

export function apiText(row: UserRow): string {
  if (row.locked === "account_holder") return m.user_api_always();
  return row.apiAccess === null ? m.time_unknown() : row.apiAccess ? m.user_api_given() : m.user_api_no();
}

/** Why nobody can be created; null = nothing that is known speaks against it. */
export function createBlocked(state: AreaState | undefined, lookOnly: boolean): string | null {
  if (lookOnly || (state?.kind === "refused" && state.reason === "permission_users")) return m.users_refused_title();
  if (state?.kind === "refused") return m.users_refused_other();
  return state?.kind === "not_offered" ? m.not_offered_title() : null;
}

/** A permission by its name in the window; null = PlanRadar's key is all that is known. */
export function permissionText(key: string): string | null {
  const known: Record<string, () => string> = {
    accounts: m.permission_accounts,
    api_documentation_access: m.permission_api_documentation_access,
    categories: m.permission_categories,
    defects: m.permission_defects,
    groups: m.permission_groups,
    limited_projects: m.permission_limited_projects,
    projects: m.permission_projects,
    report_templates: m.permission_report_templates,
    roles: m.permission_roles,
    statistics: m.permission_statistics,
    sub_users: m.permission_sub_users,
    user_metrics: m.permission_user_metrics,
    users: m.permission_users,
  };
  return known[key.replaceAll("-", "_")]?.() ?? null;
}

export function jobText(job: JobView): string {
  const inputs = { done: job.done, total: job.total };
  return job.kind === "grant_api" ? m.job_grant(inputs) : job.kind === "revoke_api" ? m.job_revoke(inputs) : m.job_inventory(inputs);
}

export function jobFailedTitle(job: JobView): string {
  const inputs = { failed: job.failures.length, total: job.total };
  return job.kind === "grant_api" ? m.job_grant_failed(inputs) : job.kind === "revoke_api" ? m.job_revoke_failed(inputs) : m.job_inventory_failed(inputs);
}
