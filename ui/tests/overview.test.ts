import { describe, expect, it, vi } from "vitest";
import { busiest, byAge, parts } from "../src/areas/overview/charts";
import { firstTasks } from "../src/areas/overview/tasks";
import { attentionArea, mayText } from "../src/areas/overview/words";
import { curlLine } from "../src/areas/integration/fields";
import { choosable } from "../src/lib/integration.svelte";
import type { AccountView, Overview, TokenRow } from "../src/lib/ipc";

vi.mock("../src/lib/bindings", () => ({ commands: {}, events: {} }));

const NOW = Date.parse("2026-11-24T12:00:00Z");
const DAY = 24 * 60 * 60_000;
const before = (days: number) => new Date(NOW - days * DAY).toISOString();

function token(id: string, days: number | null, used: number | null, more: Partial<TokenRow> = {}): TokenRow {
  return { id, name: id, createdOn: days === null ? null : before(days), lastUsedOn: used === null ? null : before(used), usage: used === null ? "never" : "used", kept: "no", own: "no", pasted: false, gone: false, verifiedAt: null, replacement: null, ...more };
}

describe("tokens by age and use", () => {
  it("count each token once, in the row of its age", () => {
    const rows = byAge([token("a", 29, 1), token("b", 30, null), token("c", 364, 91), token("d", 365, 90), token("e", 730, null, { usage: "only_verified" }), token("f", null, null, { usage: "unknown" })], NOW);
    expect(rows.map(({ age, total }) => [age, total])).toEqual([["month", 1], ["quarter", 1], ["year", 1], ["two_years", 1], ["older", 1], ["unknown", 1]]);
    expect(rows.map(({ uses }) => Object.entries(uses).find(([, count]) => count === 1)?.[0])).toEqual(["active", "never", "quiet", "active", "never", "unknown"]);
  });

  it("leave out what is gone, and an unknown age where there is none", () => {
    const rows = byAge([token("a", 1, 1), token("b", 1, 1, { gone: true })], NOW);
    expect(rows.map(({ age }) => age)).toEqual(["month", "quarter", "year", "two_years", "older"]);
    expect(rows[0]?.total).toBe(1);
  });

  it("draw the parts of a bar one after the other", () => {
    const [row] = byAge([token("a", 1, 1), token("b", 1, 1), token("c", 1, null)], NOW);
    expect(row && parts(row)).toEqual([{ use: "active", from: 0, count: 2 }, { use: "never", from: 2, count: 1 }]);
  });
});

describe("requests of ten minutes", () => {
  it("have a sum and a busiest minute across its borders", () => {
    const counts = Array.from({ length: 60 }, () => 0);
    counts.splice(10, 7, 5, 1, 1, 1, 1, 1, 4);
    expect(busiest(counts)).toEqual({ sum: 14, minute: 10, most: 5 });
    expect(busiest([])).toEqual({ sum: 0, minute: 0, most: 0 });
  });
});

describe("the first tasks", () => {
  const view = (hooks: number | null) => ({ webhooks: hooks === null ? null : { active: hooks, paused: 0, asOf: before(0) } }) as Overview;
  const offered = { kind: "offered" } as const;
  const unknown = { kind: "unknown" } as const;

  it("are shown until there is a token for a program and both lists were looked at", () => {
    const own = token("own", 1, 0, { own: "yes" });
    expect(firstTasks(view(null), [own], unknown, undefined).map(({ done }) => done)).toEqual([false, false, false]);
    expect(firstTasks(view(2), [own, token("a", 1, null)], offered, unknown).map(({ done }) => done)).toEqual([true, true, false]);
    expect(firstTasks(view(0), [own, token("a", 1, null)], offered, offered)).toEqual([]);
    expect(firstTasks(view(null), [token("a", 1, null)], { kind: "not_offered", checkedAt: before(0) }, offered)).toEqual([]);
  });
});

describe("the words of the overview", () => {
  it("say where something is put right", () => {
    const all = [["token_old", "1"], ["token_old", "9/1"], ["token_unused", "9/1"], ["token_of_person", "9/1"], ["webhook_paused_long", "2"], ["replacement_open", "3"]] as const;
    expect(all.map(([kind, id]) => attentionArea({ kind, id }))).toEqual(["tokens", "everyone", "everyone", "everyone", "webhooks", "tokens"]);
  });

  it("say what may be done, and why not", () => {
    expect(mayText(undefined)).toBe("not looked up yet");
    expect(mayText({ kind: "offered" })).toBe("yes");
    expect(mayText({ kind: "refused", reason: "permission_users", checkedAt: before(0) })).toBe("no: the permission 'Users' is missing");
    expect(mayText({ kind: "refused", reason: "account_holder_only", checkedAt: before(0) })).toBe("no: account holder only");
  });
});

describe("setting up an integration", () => {
  it("offers only tokens whose value is here and that are not Gatehouse's own", () => {
    const rows = [token("a", 1, 1), token("b", 1, 1, { kept: "keychain" }), token("c", 1, 1, { kept: "session" }), token("d", 1, 1, { kept: "keychain", own: "yes" }), token("e", 1, 1, { kept: "keychain", gone: true })];
    expect(choosable(rows).map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("shows a command without the token", () => {
    const account = { server: "https://www.planradar.com/", customerId: "1484013" } as AccountView;
    expect(curlLine(account, "(the token)")).toBe("curl -H 'Accept: application/json' -H 'X-PlanRadar-API-Key: (the token)' 'https://www.planradar.com/api/v2/1484013/projects?pagesize=1'");
  });
});
