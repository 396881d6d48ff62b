/** What can be done with a row. */
export type Act = "copy" | "verify" | "replace" | "replace_sign_in" | "mark_own" | "forget" | "delete";
