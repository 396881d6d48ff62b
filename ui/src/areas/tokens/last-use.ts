import { relative } from "../../lib/format";
import type { TokenRow } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

/** The sentence of delicate dialogs: when the token was last used. */
export function lastUseSentence(row: TokenRow, now: number): string {
  if (row.usage === "used" && row.lastUsedOn) return m.last_used_sentence({ when: relative(row.lastUsedOn, now) });
  if (row.usage === "never") return m.never_used_sentence();
  if (row.usage === "only_verified") return m.only_verified_sentence();
  return m.use_unknown_sentence();
}
