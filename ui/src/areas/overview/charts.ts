import { DAY } from "../../lib/format";
import type { TokenRow } from "../../lib/ipc";

const QUIET_DAYS = 90;

export const USES = ["active", "quiet", "never", "unknown"] as const;
/** Whether and when a token was used by somebody. */
export type Use = (typeof USES)[number];

export const AGES = ["month", "quarter", "year", "two_years", "older", "unknown"] as const;
/** How old a token is. */
export type Age = (typeof AGES)[number];

const UP_TO_DAYS: readonly [Age, number][] = [
  ["month", 30],
  ["quarter", 90],
  ["year", 365],
  ["two_years", 730],
];

export type AgeRow = { age: Age; total: number; uses: Record<Use, number> };

function useOf(row: TokenRow, now: number): Use {
  if (row.usage === "unknown") return "unknown";
  if (row.usage !== "used" || row.lastUsedOn === null) return "never";
  return now - Date.parse(row.lastUsedOn) > QUIET_DAYS * DAY ? "quiet" : "active";
}

function ageOf(row: TokenRow, now: number): Age {
  const days = (now - Date.parse(row.createdOn ?? "")) / DAY;
  if (Number.isNaN(days)) return "unknown";
  return UP_TO_DAYS.find(([, most]) => days < most)?.[0] ?? "older";
}

/** Tokens by age and use, the youngest first; an unknown age only where there is one. */
export function byAge(rows: readonly TokenRow[], now: number): AgeRow[] {
  const all = AGES.map((age): AgeRow => ({ age, total: 0, uses: { active: 0, quiet: 0, never: 0, unknown: 0 } }));
  for (const row of rows.filter(({ gone }) => !gone)) {
    const age = ageOf(row, now);
    const line = all.find((one) => one.age === age);
    if (!line) continue;
    line.total += 1;
    line.uses[useOf(row, now)] += 1;
  }
  return all.filter(({ age, total }) => age !== "unknown" || total > 0);
}

/** Parts of a bar, left to right: where each begins and how long it is. */
export function parts(row: AgeRow): { use: Use; from: number; count: number }[] {
  let from = 0;
  return USES.filter((use) => row.uses[use] > 0).map((use) => {
    const part = { use, from, count: row.uses[use] };
    from += part.count;
    return part;
  });
}

const COUNTS_A_MINUTE = 6;

/** Of counts of ten seconds each: all together, and the most that any minute had. */
export function busiest(counts: readonly number[]): { sum: number; minute: number; most: number } {
  let minute = 0;
  for (let from = 0; from < counts.length; from += 1) {
    const one = counts.slice(from, from + COUNTS_A_MINUTE).reduce((sum, count) => sum + count, 0);
    minute = Math.max(minute, one);
  }
  return { sum: counts.reduce((sum, count) => sum + count, 0), minute, most: Math.max(0, ...counts) };
}
