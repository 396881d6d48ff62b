import type { UserRow } from "../../lib/ipc";

/** What can be done with a row. */
export type Act = "open" | "grant" | "revoke" | "cut_off";

/** Which question is open. */
export type Asked = { what: "grant" | "revoke"; rows: UserRow[] } | { what: "cut_off"; row: UserRow };
