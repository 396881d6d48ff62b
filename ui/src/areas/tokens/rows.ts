import { byName } from "../../lib/format";
import type { TokenRow } from "../../lib/ipc";

export const DEFAULT_SORT = "-createdOn";

type Key = "name" | "createdOn" | "lastUsedOn" | "kept";
const KEYS: readonly Key[] = ["name", "createdOn", "lastUsedOn", "kept"];

/** A stored sort may come from another version: an unknown one is the default. */
export function validSort(sort: string | null): string {
  return sort !== null && KEYS.some((key) => sort === key || sort === `-${key}`) ? sort : DEFAULT_SORT;
}

const KEPT_ORDER = { keychain: 0, session: 1, no: 2 };

function compare(a: TokenRow, b: TokenRow, key: Key): number {
  if (key === "name") return byName(a.name, b.name);
  if (key === "kept") return KEPT_ORDER[a.kept] - KEPT_ORDER[b.kept];
  return Date.parse(a[key] ?? "") - Date.parse(b[key] ?? "");
}

/** Sorted; what is not known comes last either way, equals by name. */
export function sorted(rows: readonly TokenRow[], sort: string): TokenRow[] {
  const valid = validSort(sort);
  const down = valid.startsWith("-");
  const key = (down ? valid.slice(1) : valid) as Key;
  return [...rows].sort((a, b) => {
    if (key === "createdOn" || key === "lastUsedOn") {
      const empty = Number(a[key] === null) - Number(b[key] === null);
      if (empty !== 0) return empty;
      if (a[key] === null) return byName(a.name, b.name);
    }
    return (down ? -1 : 1) * compare(a, b, key) || byName(a.name, b.name);
  });
}

/** Rows whose name or id has every word. */
export function matching(rows: readonly TokenRow[], search: string): TokenRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const text = `${row.name} ${row.id}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A name for the successor: the day at its end, so that both can be told apart. */
export function successorName(name: string, today: Date): string {
  const day = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}-${String(today.getDate()).padStart(2, "0")}`;
  const stem = name.replace(/\s*\d{4}-\d{2}(-\d{2})?( \(\d+\))?$/, "");
  const room = 100 - day.length - 5;
  const next = `${stem.slice(0, room)} ${day}`.trim();
  return next === name ? `${next} (2)` : next;
}

/** PlanRadar takes 1 to 100 characters. */
export function nameProblem(name: string): "empty" | "long" | null {
  const length = [...name.trim()].length;
  if (length === 0) return "empty";
  return length > 100 ? "long" : null;
}

export function isDuplicate(rows: readonly TokenRow[], name: string): boolean {
  const wanted = name.trim().toLocaleLowerCase();
  return wanted !== "" && rows.some((row) => row.name.trim().toLocaleLowerCase() === wanted);
}
