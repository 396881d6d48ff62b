import { byName } from "../../lib/format";
import type { UserRow } from "../../lib/ipc";

export type Filter = { api: "any" | "yes" | "no"; type: string; active: "any" | "yes" | "no" };
export const NO_FILTER: Filter = { api: "any", type: "", active: "any" };

type Key = "name" | "mail" | "userType" | "active" | "apiAccess" | "tokens" | "lastLoginOn";

/** What a column sorts by; null = not known, which comes last either way. */
function value(row: UserRow, key: Key): string | number | null {
  switch (key) {
    case "active":
    case "apiAccess":
      return row[key] === null ? null : Number(!row[key]);
    case "lastLoginOn":
      return row.lastLoginOn === null ? null : Date.parse(row.lastLoginOn);
    default:
      return row[key];
  }
}

export function sorted(rows: readonly UserRow[], sort: string): UserRow[] {
  const down = sort.startsWith("-");
  const key = (down ? sort.slice(1) : sort) as Key;
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a, key), value(b, key)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byName(a.name, b.name);
    const order = typeof left === "string" ? byName(left, String(right)) : left - Number(right);
    return (down ? -order : order) || byName(a.name, b.name);
  });
}

/** Rows that have every word in name, mail or id. */
export function matching(rows: readonly UserRow[], search: string): UserRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => words.every((word) => `${row.name} ${row.mail ?? ""} ${row.id}`.toLocaleLowerCase().includes(word)));
}

/** What is not known passes no filter that asks for it. */
export function filtered(rows: readonly UserRow[], filter: Filter): UserRow[] {
  const is = (wish: Filter["api"], known: boolean | null) => wish === "any" || known === (wish === "yes");
  return rows.filter((row) => is(filter.api, row.apiAccess) && is(filter.active, row.active) && (filter.type === "" || row.userType === filter.type));
}

export function isFiltering(filter: Filter): boolean {
  return filter.api !== "any" || filter.type !== "" || filter.active !== "any";
}
