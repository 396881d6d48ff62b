import { timeOfDay } from "./format";
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
  own_token: () => m.error_own_token(),
  lost_answer: () => m.error_lost_answer(),
  invalid: () => m.error_invalid(),
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

/** The sign-in token is the reason: only another one helps. */
export function needsSignIn(error: AppError): boolean {
  return error.code === "unauthorized" || error.code === "sign_in_missing";
}
