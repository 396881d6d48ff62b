import { beforeEach, describe, expect, it, vi } from "vitest";
import { actionText, damageText, outcomeText } from "../src/areas/audit/words";
import { APPLICATIONS, found, toAdd } from "../src/areas/connect/applications";
import { findingText, mayRequest } from "../src/areas/connect/words";
import { audit } from "../src/lib/audit.svelte";
import { stateText } from "../src/lib/connect-words";
import type { AuditPage, AuditQuery, AuditRow } from "../src/lib/ipc";

const { pages } = vi.hoisted(() => ({ pages: vi.fn() }));
vi.mock("../src/lib/bindings", () => ({ commands: { auditPage: pages, auditVerify: async () => ({ status: "ok", data: { kind: "whole", sealed: 1, unsealed: 0 } }) }, events: {} }));

function line(id: number, more: Partial<AuditRow> = {}): AuditRow {
  return { id, at: "2026-11-24T12:00:00Z", account: "a", accountLabel: "A", actor: "window", area: "tokens", action: "token.create", subject: "Power BI", outcome: "done", reason: null, ...more };
}

const answer = (data: AuditPage) => ({ status: "ok" as const, data });

describe("applications to integrate", () => {
  it("are many, each once, in order", () => {
    expect(APPLICATIONS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(APPLICATIONS.map((name) => name.toLowerCase())).size).toBe(APPLICATIONS.length);
    expect([...APPLICATIONS].sort((a, b) => new Intl.Collator("en").compare(a.replaceAll("-", ""), b.replaceAll("-", "")))).toEqual([...APPLICATIONS]);
  });

  it("are found by every word, own ones too", () => {
    expect(found("dynamics sales", [])).toEqual(["Microsoft Dynamics 365 Sales"]);
    expect(found("bauta", ["Bautagebuch"])).toEqual(["Bautagebuch"]);
    expect(found("", ["Bautagebuch"])[0]).toBe("Bautagebuch");
  });

  it("are added once, in the known spelling", () => {
    expect(toAdd(" slack ", [])).toBe("Slack");
    expect(toAdd("Bautagebuch", ["bautagebuch"])).toBeNull();
    expect(toAdd("  ", [])).toBeNull();
    expect(toAdd("Eigenes ", [])).toBe("Eigenes");
  });
});

describe("the words of Connect", () => {
  it("allow a request only where none is open or granted", () => {
    expect([{ kind: "not_requested" }, { kind: "declined" }, { kind: "requested" }, { kind: "in_review" }, { kind: "granted" }, { kind: "other", word: "on_hold" }].map((state) => mayRequest(state as never))).toEqual([true, true, false, false, false, false]);
    expect(stateText({ kind: "other", word: "on_hold" })).toBe("on_hold");
  });

  it("say what a check found", () => {
    expect(findingText({ kind: "permission", allowed: false, accountHolder: false }, "secret_service")).toContain("missing");
    expect(findingText({ kind: "token_works", token: "1", name: "Power BI", user: null, personal: true }, "secret_service")).toContain("integration user is better");
    expect(findingText({ kind: "room", limit: 30, left: 10, pausedUntil: null }, "secret_service")).toContain("10 of 30");
  });
});

describe("the words of the audit log", () => {
  it("name actions, and leave those of another version as they are", () => {
    expect(actionText("user.cut_off")).toBe("Access cut off");
    expect(actionText("future.action")).toBe("future.action");
  });

  it("say the reason with the outcome, and which line is damaged", () => {
    expect(outcomeText(line(1, { outcome: "abandoned", reason: "gone" }))).toBe("given up: gone");
    expect(outcomeText(line(1, { outcome: "half" }))).toBe("half");
    expect(damageText("cut_tail", 7)).toContain("Line 7 and those after it");
  });
});

describe("the lines that are shown", () => {
  beforeEach(() => {
    pages.mockReset();
    audit.search = "";
  });

  it("grow with each page, and begin anew with another filter", async () => {
    pages.mockResolvedValueOnce(answer({ rows: [line(3), line(2)], before: 2 })).mockResolvedValueOnce(answer({ rows: [line(1)], before: null }));
    await audit.look();
    await audit.more();
    expect(audit.rows.map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(pages.mock.calls.map(([, before]) => before as number | null)).toEqual([null, 2]);
    await audit.more();
    expect(pages).toHaveBeenCalledTimes(2);
    pages.mockResolvedValueOnce(answer({ rows: [line(2)], before: null }));
    audit.filter({ search: " bi " });
    await vi.waitFor(() => expect(audit.rows.map(({ id }) => id)).toEqual([2]));
    expect((pages.mock.lastCall?.[0] as AuditQuery).text).toBe("bi");
  });

  it("are never those of an older question", async () => {
    let late: (value: unknown) => void = () => undefined;
    pages.mockReturnValueOnce(new Promise((done) => (late = done))).mockResolvedValueOnce(answer({ rows: [line(9)], before: null }));
    const first = audit.look();
    await audit.look();
    late(answer({ rows: [line(1)], before: null }));
    await first;
    expect(audit.rows.map(({ id }) => id)).toEqual([9]);
  });

  it("stay, with the error, when they can't be read again", async () => {
    pages.mockResolvedValueOnce(answer({ rows: [line(4)], before: null })).mockResolvedValueOnce({ status: "error", error: { code: "store_failed", message: "x", field: null, retryAt: null, details: null } });
    await audit.look();
    await audit.look();
    expect([audit.rows.length, audit.error?.code, audit.loading]).toEqual([1, "store_failed", false]);
  });

  it("are looked at again after a new one only while they are shown", async () => {
    audit.leave();
    await audit.changed();
    expect(pages).not.toHaveBeenCalled();
    pages.mockResolvedValue(answer({ rows: [], before: null }));
    await audit.enter();
    await audit.changed();
    expect(pages).toHaveBeenCalledTimes(2);
    expect(audit.integrity?.kind).toBe("whole");
    audit.leave();
  });
});
