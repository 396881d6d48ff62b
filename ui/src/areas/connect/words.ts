import { errorText } from "../../lib/errors";
import { timeOfDay } from "../../lib/format";
import type { ConnectFinding, ConnectState, KeychainKind } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

/** Whether it may be asked for: not while a request is open, nor once it is granted. */
export function mayRequest(state: ConnectState | undefined): boolean {
  return state === undefined || state.kind === "not_requested" || state.kind === "declined";
}

/** What is known of one thing that should be in order first. */
export function findingText(finding: ConnectFinding, keychain: KeychainKind): string {
  switch (finding.kind) {
    case "plan":
      return finding.plan ? m.connect_check_plan({ plan: finding.plan }) : m.connect_check_plan_unknown();
    case "permission":
      if (finding.accountHolder) return m.connect_check_holder();
      return finding.allowed === null ? m.connect_check_permission_unknown() : finding.allowed ? m.connect_check_permission() : m.connect_check_permission_missing();
    case "no_token":
      return m.connect_check_no_token();
    case "token_works":
      if (finding.personal) return m.connect_check_token_personal({ name: finding.name });
      return finding.user ? m.connect_check_token_of({ name: finding.name, user: finding.user }) : m.connect_check_token({ name: finding.name });
    case "token_fails":
      return m.connect_check_token_fails({ name: finding.name, reason: errorText(finding.error, keychain) });
    case "room":
      if (finding.pausedUntil) return m.connect_check_paused({ time: timeOfDay(finding.pausedUntil) });
      return m.connect_check_room({ left: finding.left, limit: finding.limit });
  }
}
