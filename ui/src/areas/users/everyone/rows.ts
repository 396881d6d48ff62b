import { byName, DAY } from "../../../lib/format";
import type { InventoryRow } from "../../../lib/ipc";

const UNUSED = 90 * DAY;

export type Filter = { use: "any" | "unused"; owner: "any" | "inactive" | "person"; age: "any" | "old" };
export const NO_FILTER: Filter = { use: "any", owner: "any", age: "any" };

/** A token's id says nothing without whose it is. */
export const rowId = ({ owner, token }: InventoryRow): string => `${owner.id}/${token.id}`;

/** An account holder's tokens are nobody else's to look after. */
export const isPerson = (row: InventoryRow): boolean => row.person && !row.holder;

/** Not used for 90 days, or never since it was made as long ago. */
export function isUnused({ token }: InventoryRow, now: number): boolean {
  const since = token.lastUsedOn ?? (token.usage === "never" ? token.createdOn : null);
  return since !== null && now - Date.parse(since) > UNUSED;
}

export function isOld({ token }: InventoryRow, now: number, oldDays: number): boolean {
  return token.createdOn !== null && now - Date.parse(token.createdOn) > oldDays * DAY;
}

/** What is not known passes no filter that asks for it. */
export function filtered(rows: readonly InventoryRow[], filter: Filter, now: number, oldDays: number): InventoryRow[] {
  const owner = (row: InventoryRow) => filter.owner === "any" || (filter.owner === "inactive" ? row.ownerActive === false : isPerson(row));
  return rows.filter((row) => owner(row) && (filter.use === "any" || isUnused(row, now)) && (filter.age === "any" || isOld(row, now, oldDays)));
}

export function isFiltering(filter: Filter): boolean {
  return filter.use !== "any" || filter.owner !== "any" || filter.age !== "any";
}

/** Rows that have every word in owner, mail, name or id. */
export function matching(rows: readonly InventoryRow[], search: string): InventoryRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ owner, mail, token }) => words.every((word) => `${owner.name} ${mail ?? ""} ${token.name} ${token.id}`.toLocaleLowerCase().includes(word)));
}

type Key = "name" | "owner" | "mail" | "age" | "lastUsedOn" | "asOf";

/** What a column sorts by; null = not known, which comes last either way. */
function value(row: InventoryRow, key: Key): string | number | null {
  const { token } = row;
  switch (key) {
    case "name":
      return token.name;
    case "owner":
      return row.owner.name;
    case "mail":
      return row.mail;
    case "age":
      return token.createdOn === null ? null : -Date.parse(token.createdOn);
    case "lastUsedOn":
      return token.lastUsedOn === null ? null : Date.parse(token.lastUsedOn);
    case "asOf":
      return Date.parse(row.asOf);
  }
}

export function sorted(rows: readonly InventoryRow[], sort: string): InventoryRow[] {
  const down = sort.startsWith("-");
  const key = (down ? sort.slice(1) : sort) as Key;
  const equals = (a: InventoryRow, b: InventoryRow) => byName(a.owner.name, b.owner.name) || byName(a.token.name, b.token.name);
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a, key), value(b, key)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || equals(a, b);
    const order = typeof left === "string" ? byName(left, String(right)) : left - Number(right);
    return (down ? -order : order) || equals(a, b);
  });
}
