import { byName } from "../../lib/format";
import type { WebhookRow } from "../../lib/ipc";

export const DEFAULT_SORT = "description";

type Key = "description" | "host" | "events" | "projects" | "authentication" | "headers" | "active" | "updatedOn";

const AUTHENTICATION = { none: 0, basic: 1, other: 2 };

/** All projects count as more than any number. */
function projectCount(row: WebhookRow): number {
  return row.projects?.length ?? Infinity;
}

function compare(a: WebhookRow, b: WebhookRow, key: Key): number {
  switch (key) {
    case "description":
      return byName(a.description, b.description);
    case "host":
      return byName(a.host, b.host);
    case "events":
      return a.events.length - b.events.length;
    case "projects":
      return projectCount(a) === projectCount(b) ? 0 : projectCount(a) - projectCount(b);
    case "authentication":
      return AUTHENTICATION[a.authentication] - AUTHENTICATION[b.authentication];
    case "headers":
      return a.headers - b.headers || a.hiddenHeaders - b.hiddenHeaders;
    case "active":
      return Number(b.active) - Number(a.active);
    case "updatedOn":
      return Date.parse(changedOn(a) ?? "") - Date.parse(changedOn(b) ?? "");
  }
}

/** When it was last changed: at the latest when it was made. */
export function changedOn(row: WebhookRow): string | null {
  return row.updatedOn ?? row.createdOn;
}

/** Sorted; what is not known comes last either way, equals by description. */
export function sorted(rows: readonly WebhookRow[], sort: string): WebhookRow[] {
  const down = sort.startsWith("-");
  const key = (down ? sort.slice(1) : sort) as Key;
  return [...rows].sort((a, b) => {
    if (key === "updatedOn") {
      const empty = Number(changedOn(a) === null) - Number(changedOn(b) === null);
      if (empty !== 0) return empty;
      if (changedOn(a) === null) return byName(a.description, b.description);
    }
    return (down ? -1 : 1) * compare(a, b, key) || byName(a.description, b.description);
  });
}

/** Rows that have every word in description, target, events or projects. */
export function matching(rows: readonly WebhookRow[], search: string, title: (event: string) => string = (event) => event): WebhookRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const projects = row.projects?.map(({ id, name }) => `${name ?? ""} ${id}`).join(" ") ?? "";
    const text = `${row.description} ${row.target} ${row.host} ${row.id} ${row.events.map((event) => `${event} ${title(event)}`).join(" ")} ${projects}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
