import type { AreaState, Overview, TokenRow } from "../../lib/ipc";

export type Task = { key: "token" | "webhook" | "users"; done: boolean };

/** Whether an area was ever looked at: what the server does not offer needs no further look. */
const seen = (state: AreaState | undefined) => state !== undefined && state.kind !== "unknown";

/** The first three tasks; none once an account has a token for a program, and webhooks and users were looked at. */
export function firstTasks(view: Overview, rows: readonly TokenRow[], webhooks: AreaState | undefined, users: AreaState | undefined): Task[] {
  const token = rows.some(({ own, gone }) => own === "no" && !gone);
  const hooks = (view.webhooks?.active ?? 0) + (view.webhooks?.paused ?? 0) > 0;
  if (token && seen(webhooks) && seen(users)) return [];
  return [
    { key: "token", done: token },
    { key: "webhook", done: hooks },
    { key: "users", done: seen(users) },
  ];
}
