import { day, timeOfDay } from "./format";
import type { AppError, Code, Details, KeychainKind } from "./ipc";
import { keychainPlace, keychainSubject } from "./keychain-words";
import { m } from "./paraglide/messages";

type Of<K extends Details["kind"]> = Extract<Details, { kind: K }>;

function detail<K extends Details["kind"]>(error: AppError, kind: K): Of<K> | null {
  return error.details?.kind === kind ? (error.details as Of<K>) : null;
}

function until(error: AppError, withTime: (inputs: { time: string }) => string, plain: () => string): string {
  return error.retryAt ? withTime({ time: timeOfDay(error.retryAt) }) : plain();
}

/** What an input takes, by its name on the form. */
const INVALID: Record<string, () => string> = {
  name: () => m.invalid_name(),
  customerId: () => m.invalid_customer_id(),
  token: () => m.invalid_token(),
  value: () => m.invalid_token(),
  server: () => m.invalid_server(),
  proxy: () => m.invalid_proxy(),
  caFile: () => m.invalid_ca_file(),
  file: () => m.invalid_routes_file(),
  codeFile: () => m.invalid_code_file(),
};

type Words = (error: AppError, keychain: KeychainKind) => string;

const TEXTS: Record<Code, Words> = {
  unknown_host: () => m.error_unknown_host(),
  tls: () => m.error_tls(),
  offline: () => m.error_offline(),
  timeout: () => m.error_timeout(),
  connection_lost: () => m.error_connection_lost(),
  redirect: (error) => {
    const target = detail(error, "target")?.target;
    return target ? m.error_redirect({ target }) : m.error_redirect_plain();
  },
  html: () => m.error_html(),
  unexpected_answer: () => m.error_unexpected_answer(),
  unauthorized: () => m.error_unauthorized(),
  wrong_account_id: () => m.error_wrong_account_id(),
  forbidden: () => m.error_forbidden(),
  not_acceptable: () => m.error_not_acceptable(),
  rate_limited: (error) => until(error, m.error_rate_limited, m.error_rate_limited_plain),
  paused: (error) => until(error, m.error_paused, m.error_paused_plain),
  server_error: () => m.error_server_error(),
  limit_unavailable: () => m.error_limit_unavailable(),
  share_too_small: () => m.error_share_too_small(),
  bad_route: () => m.error_bad_route(),
  permission_api_access: () => m.error_permission_api_access(),
  permission_users: () => m.error_permission_users(),
  permission_accounts: () => m.error_permission_accounts(),
  plan: () => m.error_plan(),
  account_holder_only: () => m.error_account_holder_only(),
  account_holder_token: () => m.error_account_holder_token(),
  not_offered: () => m.error_not_offered(),
  gone: () => m.error_gone(),
  stale: () => m.error_stale(),
  changed_too: () => m.error_changed_too(),
  cut_off: () => m.error_cut_off(),
  invite_instead: () => m.error_invite_instead(),
  own_token: () => m.error_own_token(),
  already_requested: (error) => {
    const since = detail(error, "since")?.since;
    return since ? m.error_already_requested({ date: day(since) }) : m.error_already_requested_plain();
  },
  lost_answer: () => m.error_lost_answer(),
  invalid: (error) => (INVALID[error.field ?? ""] ?? m.error_invalid)(),
  keychain_no_service: () => m.error_keychain_no_service(),
  keychain_locked: (_, kind) => m.error_keychain_locked({ subject: keychainSubject(kind) }),
  keychain_refused: (_, kind) => m.error_keychain_refused({ subject: keychainSubject(kind) }),
  keychain_missing: (_, kind) => m.error_keychain_missing({ place: keychainPlace(kind) }),
  keychain_too_large: (error, kind) => {
    const size = detail(error, "size");
    const subject = keychainSubject(kind);
    return size ? m.error_keychain_too_large({ subject, size: size.size, max: size.max }) : m.error_keychain_too_large_plain({ subject });
  },
  keychain_skipped: () => m.error_keychain_skipped(),
  keychain_failed: (_, kind) => m.error_keychain_failed({ subject: keychainSubject(kind) }),
  sign_in_missing: () => m.error_sign_in_missing(),
  handle_expired: () => m.error_handle_expired(),
  clipboard: () => m.error_clipboard(),
  store_newer: () => m.error_store_newer(),
  store_failed: () => m.error_store_failed(),
  no_such_account: () => m.error_no_such_account(),
  internal: () => m.error_internal(),
};

/** What happened and what to do, in the language of the window. */
export function errorText(error: AppError, keychain: KeychainKind): string {
  return TEXTS[error.code](error, keychain);
}

/** The text for one input of a form; null when the error is about something else. */
export function fieldText(error: AppError | null, field: string, keychain: KeychainKind): string | null {
  return error?.field === field ? errorText(error, keychain) : null;
}

/** For those who want to know more: Rust's own words and what the server said. English, never a secret. */
export function technical(error: AppError): string {
  const lines = [`${error.code}: ${error.message}`];
  const reason = detail(error, "reason");
  if (reason) lines.push(reason.reason);
  const server = detail(error, "server");
  if (server) lines.push(server.excerpt ? `HTTP ${server.status}: ${server.excerpt}` : `HTTP ${server.status}`);
  for (const field of detail(error, "fields")?.fields ?? []) lines.push(`${field.pointer}: ${field.message}`);
  return lines.join("\n");
}

/** Whether the keychain, not PlanRadar, is the reason. */
export function isKeychain(error: AppError): boolean {
  return error.code.startsWith("keychain_");
}

/** Not a failure but an answer: the server does not offer it, or not to this user. The view's state says so. */
export function isStanding(error: AppError): boolean {
  return error.code === "not_offered" || error.code === "plan" || error.code === "forbidden" || error.code === "account_holder_only" || error.code.startsWith("permission_");
}

const STOP_ALL: readonly Code[] = ["unknown_host", "tls", "offline", "redirect", "html", "unauthorized", "rate_limited", "paused", "limit_unavailable", "permission_api_access", "plan", "sign_in_missing", "store_newer", "store_failed", "no_such_account"];

/** Of several, the next would fail for the same reason. */
export function stopsAll(error: AppError): boolean {
  return STOP_ALL.includes(error.code);
}

/** The sign-in token is the reason: only another one helps. */
export function needsSignIn(error: AppError): boolean {
  return error.code === "unauthorized" || error.code === "sign_in_missing";
}
