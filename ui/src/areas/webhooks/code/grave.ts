import type { CodePlan, CodeRow } from "../../../lib/ipc";
import { m } from "../../../lib/paraglide/messages";

/** What applying would do to a webhook that nobody can undo, or that is only guessed. */
export type Grave = { id: string; name: string; why: string };

/** Each is a reason to ask before a file is applied. Deleted webhooks are asked about on their own. */
export function graveOf(plan: CodePlan): Grave[] {
  return plan.rows.flatMap((row, at) => reasons(row).map((why, nth) => ({ id: `${at}-${nth}`, name: row.description, why })));
}

function reasons({ action, found, renamedFrom, plan }: CodeRow): string[] {
  if (action !== "update") return [];
  const gone = plan.hidden.filter(({ what }) => what === "remove").map(({ name }) => (name === ":password" ? m.webhook_password() : name));
  return [
    ...(gone.length > 0 ? [m.import_grave_hidden({ names: gone.join(", ") })] : []),
    ...(found === "similar" && renamedFrom ? [m.import_grave_guess({ name: renamedFrom })] : []),
  ];
}
