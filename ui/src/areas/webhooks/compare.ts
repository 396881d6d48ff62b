import type { WebhookChange } from "../../lib/ipc";
import type { Draft } from "./draft";

/** How Rust writes a hidden value in a change. */
const HIDDEN = "(hidden)";

/** The words that a value needs to be read by a person. */
export type Words = { yes: string; no: string; all: string; hidden: string; event: (name: string) => string; project: (id: string) => string };

/** The visible fields of a draft, named as in a plan. Hidden values have no text. */
export function fieldsOf(draft: Draft): Map<string, string> {
  const fields = new Map<string, string>([
    ["description", draft.description.trim()],
    ["active", String(draft.active)],
    ["target_url", draft.targetUrl.trim()],
    ["events", [...draft.events].sort().join(", ")],
  ]);
  if (!draft.allProjects) fields.set("projects", draft.projects.map(({ id }) => id).sort().join(", "));
  if (draft.authentication === "basic") fields.set("username", draft.username);
  for (const header of draft.headers) fields.set(`header ${header.name.trim()}`, header.hidden ? HIDDEN : header.text);
  return fields;
}

/** What differs, in the order of the page; projects that are missing mean all. */
export function differences(old: Draft | null, next: Draft): WebhookChange[] {
  const [before, after] = [old ? fieldsOf(old) : new Map<string, string>(), fieldsOf(next)];
  const names = [...new Set([...after.keys(), "projects", ...before.keys()])];
  const order = ["description", "active", "target_url", "projects", "events", "username"];
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return names
    .sort((a, b) => rank(a) - rank(b))
    .map((field) => ({ field, old: before.get(field) ?? null, new: after.get(field) ?? null }))
    .filter((change) => change.old !== change.new || (old === null && change.field === "projects"));
}

/** Whether headers that stay come in another order. */
export function reordered(old: Draft, next: Draft): boolean {
  const names = (draft: Draft) => draft.headers.map(({ name }) => name.trim().toLowerCase());
  const [before, after] = [names(old), names(next)];
  return before.filter((name) => after.includes(name)).join("\n") !== after.filter((name) => before.includes(name)).join("\n");
}

/** One side of a change for people; null = there is nothing on that side. */
export function valueText(field: string, value: string | null, words: Words): string | null {
  if (field === "projects") return value === null ? words.all : value.split(", ").filter(Boolean).map(words.project).join(", ");
  if (value === null) return null;
  if (field === "active") return value === "true" ? words.yes : words.no;
  if (field === "events") return value.split(", ").filter(Boolean).map(words.event).join(", ");
  return field.startsWith("header ") && value === HIDDEN ? words.hidden : value;
}
