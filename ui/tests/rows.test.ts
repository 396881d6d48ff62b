import { beforeEach, describe, expect, it, vi } from "vitest";
import { isDuplicate, matching, nameProblem, sorted, successorName, validSort } from "../src/areas/tokens/rows";
import { wholeNumber } from "../src/areas/settings/numbers";
import type { TokenRow } from "../src/lib/ipc";
import { locale } from "../src/lib/locale.svelte";
import { windowOf } from "../src/lib/windowing";

vi.mock("../src/lib/bindings", () => ({ commands: {}, events: {} }));
beforeEach(() => locale.choose("en"));

function row(name: string, more: Partial<TokenRow> = {}): TokenRow {
  return { id: name.toLowerCase(), name, createdOn: null, lastUsedOn: null, usage: "never", kept: "no", own: "no", pasted: false, gone: false, verifiedAt: null, replacement: null, ...more };
}
const names = (rows: TokenRow[]) => rows.map(({ name }) => name);

describe("sorting", () => {
  it("orders names as people do", () => {
    expect(names(sorted([row("Token 10"), row("token 9"), row("Äpfel")], "name"))).toEqual(["Äpfel", "token 9", "Token 10"]);
  });

  it("keeps unknown dates last in both directions", () => {
    const rows = [row("b", { createdOn: "2026-01-02T00:00:00Z" }), row("z"), row("a", { createdOn: "2026-01-03T00:00:00Z" }), row("y")];
    expect(names(sorted(rows, "createdOn"))).toEqual(["b", "a", "y", "z"]);
    expect(names(sorted(rows, "-createdOn"))).toEqual(["a", "b", "y", "z"]);
  });

  it("compares moments, not texts", () => {
    const rows = [row("later", { lastUsedOn: "2026-01-01T12:00:00+00:00" }), row("earlier", { lastUsedOn: "2026-01-01T12:30:00+02:00" })];
    expect(names(sorted(rows, "lastUsedOn"))).toEqual(["earlier", "later"]);
  });

  it("takes a stored sort only if it knows it", () => {
    expect([validSort(null), validSort("-name"), validSort("owner"), validSort("--name")]).toEqual(["-createdOn", "-name", "-createdOn", "-createdOn"]);
  });
});

describe("searching and naming", () => {
  it("finds every word in name or id", () => {
    const rows = [row("Power BI daily", { id: "5120" }), row("SAP")];
    expect(names(matching(rows, "bi POWER"))).toEqual(["Power BI daily"]);
    expect(names(matching(rows, "5120 daily"))).toEqual(["Power BI daily"]);
    expect(matching(rows, "  ")).toHaveLength(2);
    expect(matching(rows, "sap bi")).toHaveLength(0);
  });

  it("counts characters, not code units", () => {
    expect([nameProblem("  "), nameProblem("x".repeat(100)), nameProblem("x".repeat(101)), nameProblem("🔑".repeat(100))]).toEqual(["empty", null, "long", null]);
  });

  it("warns of a duplicate whatever its case", () => {
    expect([isDuplicate([row("SAP")], " sap "), isDuplicate([row("SAP")], "SAP 2"), isDuplicate([row(" ")], " ")]).toEqual([true, false, false]);
  });

  it("gives a successor the day, and never the same name", () => {
    const today = new Date(2026, 10, 24);
    const first = successorName("SAP", today);
    expect(first).toBe("SAP 2026-11-24");
    expect(successorName("SAP 2025-01-01", today)).toBe(first);
    expect(successorName(first, today)).toBe("SAP 2026-11-24 (2)");
    expect(successorName("x".repeat(100), today).length).toBeLessThanOrEqual(100);
  });
});

describe("numbers", () => {
  it("are whole and in range", () => {
    expect(["10", " 600 ", "9", "601", "1e2", "12.5", "", "-10"].map((typed) => wholeNumber(typed, 10, 600))).toEqual([10, 600, null, null, null, null, null, null]);
  });
});

describe("windowing", () => {
  it("renders small tables wholly", () => {
    expect(windowOf(80, 36, 500, 400)).toEqual({ from: 0, to: 80, before: 0, after: 0 });
  });

  it("always covers what is seen, and its pixels add up", () => {
    for (const top of [0, 1, 3599, 17_640, 18_000, 99_999]) {
      const { from, to, before, after } = windowOf(500, 36, top, 600);
      const seen = Math.min(top, 500 * 36 - 600);
      expect(before).toBeLessThanOrEqual(seen);
      expect(before + (to - from) * 36).toBeGreaterThanOrEqual(Math.min(seen + 600, 500 * 36));
      expect(before + (to - from) * 36 + after).toBe(500 * 36);
      expect(to - from).toBeLessThan(60);
    }
  });
});
