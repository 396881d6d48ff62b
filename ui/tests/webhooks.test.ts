import { beforeEach, describe, expect, it, vi } from "vitest";
import { differences, reordered, valueText } from "../src/areas/webhooks/compare";
import { arrived, duration, shownDeliveries, sortedDeliveries } from "../src/areas/webhooks/deliveries";
import { credentialsToBasic, destination, draftOf, inputOf, isChanged, isNew, losesSecrets, moved, newHeader, withoutSecrets, type Draft } from "../src/areas/webhooks/draft";
import { eventTitle, found, grouped, share, unknownEvents, withEvents } from "../src/areas/webhooks/events";
import { looksSecret, pastedHeaders } from "../src/areas/webhooks/paste";
import { placed, serverProblems } from "../src/areas/webhooks/problems";
import { matching, sorted } from "../src/areas/webhooks/rows";
import { stashes } from "../src/areas/webhooks/stashes.svelte";
import { credentialsIn, movesAway, originOf } from "../src/areas/webhooks/target";
import { fieldName, problemText, projectsText } from "../src/areas/webhooks/words";
import type { DeliveryRow, EventChoice, HiddenState, ProblemCode, WebhookForm, WebhookRow } from "../src/lib/ipc";
import { locale } from "../src/lib/locale.svelte";

vi.mock("../src/lib/bindings", () => ({ commands: { unsavedSet: () => Promise.resolve({ status: "ok", data: null }) }, events: {} }));
beforeEach(() => locale.choose("en"));

const SET: HiddenState = { set: true, setHereAt: null, keptHere: false };
const KEPT: HiddenState = { set: true, setHereAt: null, keptHere: true };
const NOT: HiddenState = { set: false, setHereAt: null, keptHere: false };

function form(more: Partial<WebhookForm> = {}): WebhookForm {
  return {
    id: "w1",
    base: "b1",
    description: "Photos",
    active: true,
    targetUrl: "https://example.com/hook",
    projects: null,
    events: ["photo_attached"],
    authentication: { kind: "basic", username: "planradar", password: SET },
    headers: [
      { name: "X-Source", hidden: false, value: "demo", stored: NOT },
      { name: "X-Key", hidden: true, value: null, stored: KEPT },
    ],
    keepValues: false,
    ...more,
  };
}

/** A draft and what it began as. */
function pair(more: Partial<WebhookForm> = {}): { draft: Draft; first: Draft } {
  return { draft: draftOf(form(more)), first: draftOf(form(more)) };
}

describe("a draft", () => {
  it("that nobody touched asks for what there is, and keeps what is hidden", () => {
    const { draft, first } = pair();
    expect(isChanged(draft, first)).toBe(false);
    expect(inputOf(draft, first)).toEqual({
      id: "w1",
      base: "b1",
      copyOf: null,
      description: "Photos",
      active: true,
      targetUrl: "https://example.com/hook",
      projectIds: null,
      events: ["photo_attached"],
      authentication: { kind: "basic", username: "planradar", password: { kind: "keep" } },
      headers: [
        { name: "X-Source", hidden: false, value: { kind: "replace", value: "demo" } },
        { name: "X-Key", hidden: true, value: { kind: "keep" } },
      ],
      keepValues: false,
    });
  });

  it("sends a typed value in the stored one's place", () => {
    const { draft, first } = pair();
    Object.assign(draft.headers[1]!, { source: "typed", text: "new" });
    expect(inputOf(draft, first).headers[1]?.value).toEqual({ kind: "replace", value: "new" });
    expect(isChanged(draft, first)).toBe(true);
  });

  it.each(["https://example.com:8443/hook", "http://example.com/hook", "https://other.example/hook"])("never lets a stored value follow to %s", (targetUrl) => {
    const { draft, first } = pair();
    draft.targetUrl = targetUrl;
    expect(destination(draft, first)).toBe(new URL(targetUrl).origin);
    // Rust answers a Keep with "enter again".
    expect(inputOf(draft, first).headers[1]?.value).toEqual({ kind: "keep" });
    draft.headers[1]!.text = "typed again";
    expect(inputOf(draft, first).headers[1]?.value).toEqual({ kind: "replace", value: "typed again" });
  });

  it("sends what is kept here to the destination it was agreed for, and to no other", () => {
    const { draft, first } = pair();
    draft.targetUrl = "https://other.example/hook";
    Object.assign(draft.headers[1]!, { source: "kept", agreedFor: "https://other.example" });
    expect(inputOf(draft, first).headers[1]?.value).toEqual({ kind: "kept" });
    draft.targetUrl = "https://third.example/hook";
    expect(inputOf(draft, first).headers[1]?.value).toEqual({ kind: "replace", value: "" });
  });

  it("asks for a value when a hidden header gets another name, but not for another case", () => {
    const { draft, first } = pair();
    draft.headers[1]!.name = "x-key";
    expect(inputOf(draft, first).headers[1]?.value).toEqual({ kind: "keep" });
    Object.assign(draft.headers[1]!, { name: "X-Other", text: "v" });
    expect(inputOf(draft, first).headers[1]?.value).toEqual({ kind: "replace", value: "v" });
  });

  it("makes a hidden header visible only with what is typed", () => {
    const { draft, first } = pair();
    Object.assign(draft.headers[1]!, { hidden: false, source: "typed" });
    expect(inputOf(draft, first).headers[1]).toEqual({ name: "X-Key", hidden: false, value: { kind: "replace", value: "" } });
  });

  it("of a duplicate takes along what is kept here, and asks for the rest", () => {
    const copied = form({ id: null, base: null, headers: [{ name: "X-Key", hidden: true, value: null, stored: { ...KEPT, set: false } }], authentication: { kind: "basic", username: "p", password: NOT } });
    const [draft, first] = [draftOf(copied, "w1"), draftOf(copied, "w1")];
    const input = inputOf(draft, first);
    expect(input.copyOf).toBe("w1");
    expect(input.headers[0]?.value).toEqual({ kind: "kept" });
    expect(input.authentication).toEqual({ kind: "basic", username: "p", password: { kind: "replace", value: "" } });
    draft.targetUrl = "https://other.example/";
    expect(inputOf(draft, first).headers[0]?.value).toEqual({ kind: "replace", value: "" });
  });

  it("forgets projects that were looked at while all are taken, and sees order of events and projects as no change", () => {
    const { draft, first } = pair({ events: ["a", "b"], projects: [{ id: "1", name: null }, { id: "2", name: null }] });
    draft.events.reverse();
    draft.projects.reverse();
    expect(isChanged(draft, first)).toBe(false);
    draft.allProjects = true;
    expect(inputOf(draft, first).projectIds).toBeNull();
    expect(isChanged(draft, first)).toBe(true);
  });

  it("sees order and case of headers as a change", () => {
    const { draft, first } = pair();
    draft.headers = moved(draft.headers, 0, 1);
    expect(draft.headers.map(({ name }) => name)).toEqual(["X-Key", "X-Source"]);
    expect(isChanged(draft, first)).toBe(true);
    expect(moved(draft.headers, 0, -1)).toEqual(draft.headers);
    expect(moved(draft.headers, 1, 1)).toEqual(draft.headers);
  });

  it("takes credentials out of the URL, to HTTP Basic", () => {
    const { draft } = pair({ authentication: { kind: "none" } });
    expect(credentialsToBasic(draft)).toBe(false);
    draft.targetUrl = "https://kim:pass@example.com/hook";
    expect(credentialsToBasic(draft)).toBe(true);
    const input = inputOf(draft, pair().first);
    expect(input.targetUrl).toBe("https://example.com/hook");
    expect(input.authentication).toEqual({ kind: "basic", username: "kim", password: { kind: "replace", value: "pass" } });
  });

  it("is new without an id, and when it was set up by hand", () => {
    expect([form({ id: null }), form({ id: "hand-1" }), form()].map((one) => isNew(draftOf(one)))).toEqual([true, true, false]);
  });
});

describe("a draft that is left", () => {
  const secrets = ["pw-secret", "header-secret", "once-hidden", "url-secret"];

  function full(): Draft {
    const { draft } = pair();
    Object.assign(draft.password, { source: "typed", text: secrets[0] });
    Object.assign(draft.headers[1]!, { source: "typed", text: secrets[1] });
    draft.headers.push({ ...newHeader("X-Was", secrets[2]), wasHidden: true });
    draft.targetUrl = `https://kim:${secrets[3]}@example.com/a@b?c=d`;
    return draft;
  }

  it("holds nothing that PlanRadar would hide", () => {
    const kept = withoutSecrets(full());
    for (const secret of secrets) expect(JSON.stringify(kept)).not.toContain(secret);
    expect(kept.headers[0]?.text).toBe("demo");
    expect(kept.targetUrl).toBe("https://example.com/a@b?c=d");
  });

  it("says whether secrets went", () => {
    expect(losesSecrets(full())).toBe(true);
    expect(losesSecrets(pair().draft)).toBe(false);
  });

  it("is kept once for each webhook and account", () => {
    stashes.keep("a", full());
    stashes.keep("a", { ...full(), description: "second" });
    stashes.keep("b", full());
    stashes.keep("a", { ...full(), id: null });
    expect(stashes.of("a").map(({ draft }) => draft.description)).toEqual(["second", "Photos"]);
    expect(JSON.stringify(stashes.all)).not.toContain(secrets[1]);
    stashes.drop("a", "w1");
    expect(stashes.find("a", "w1")).toBeNull();
    expect(stashes.find("b", "w1")?.lost).toBe(true);
    stashes.drop("a", null);
    stashes.drop("b", "w1");
    expect(stashes.all).toEqual([]);
  });
});

describe("pasted headers", () => {
  it.each([
    ["X-Source: planradar\nX-Key:abc", [["X-Source", "planradar"], ["X-Key", "abc"]]],
    ["X-Source: planradar\r\n\r\n  X-Key :  a b  \r\n", [["X-Source", "planradar"], ["X-Key", "a b"]]],
    ["-H \"X-Key: it's\" \\\n--header 'X-Two: a \"b\"'", [["X-Key", "it's"], ["X-Two", 'a "b"']]],
    ['X-Quoted: "as it is"', [["X-Quoted", '"as it is"']]],
    ["X-Empty:", [["X-Empty", ""]]],
    ["X-Url: https://example.com:8443/a", [["X-Url", "https://example.com:8443/a"]]],
  ])("are taken apart: %j", (text, expected) => {
    expect(pastedHeaders(text)?.map(({ name, value }) => [name, value])).toEqual(expected);
  });

  it.each(["X-Source", "https://example.com/hook", "X-Key: a\nno header", "", " \n ", "Zwei Wörter: x"])("are none: %j", (text) => {
    expect(pastedHeaders(text)).toBeNull();
  });

  it("are proposed as hidden when their names say so", () => {
    expect(["X-Api-Key", "Authorization", "x_token", "X-Signature", "Cookie"].filter((name) => !looksSecret(name))).toEqual([]);
    expect(["X-Source", "X-Keyboard", "X-Tokenizer", "Accept"].filter(looksSecret)).toEqual([]);
  });
});

describe("a typed target", () => {
  it.each([
    ["https://kim:pass@example.com/hook", { url: "https://example.com/hook", username: "kim", password: "pass" }],
    ["http://kim@example.com", { url: "http://example.com", username: "kim", password: "" }],
    ["https://k%40m:p%3Aq%25@example.com:8443/a?b=c#d", { url: "https://example.com:8443/a?b=c#d", username: "k@m", password: "p:q%" }],
    ["https://a@b:c@example.com/", { url: "https://example.com/", username: "a@b", password: "c" }],
    ["https://kim:50%@example.com/", { url: "https://example.com/", username: "kim", password: "50%" }],
  ])("gives up its credentials: %s", (typed, expected) => {
    expect(credentialsIn(typed)).toEqual(expected);
  });

  it.each(["https://example.com/@kim", "https://example.com?a=b@c", "kim@example.com", "ftp://kim:pass@example.com"])("has none: %s", (typed) => {
    expect(credentialsIn(typed)).toBeNull();
  });

  it("moves away with scheme, host or port, and only once both can be read", () => {
    const from = "https://example.com/a";
    expect(["https://example.com:443/b?c", " https://EXAMPLE.com ", "https://exa", "http://example.com", "https://example.com:444", "", "example"].map((to) => movesAway(from, to))).toEqual([false, false, true, true, true, false, false]);
    expect(movesAway("", from)).toBe(false);
    expect(originOf("javascript:alert(1)")).toBeNull();
  });
});

describe("events", () => {
  const event = (name: string, group: string | null): EventChoice => ({ name, title: name.replace("_", " "), group, example: null });
  const catalogue = [event("a_one", null), event("b_one", "B"), event("c_one", "C"), event("b_two", "B")];

  it("are grouped in the server's order, those without a group last", () => {
    expect(grouped(catalogue).map(({ name, events }) => [name, events.map((one) => one.name)])).toEqual([["B", ["b_one", "b_two"]], ["C", ["c_one"]], [null, ["a_one"]]]);
  });

  it("are found by title, name and group", () => {
    const names = (search: string) => found(grouped(catalogue), search).flatMap(({ events }) => events.map(({ name }) => name));
    expect([names("two b"), names("C"), names("a_one"), names("zzz"), names(" ").length]).toEqual([["b_two"], ["c_one"], ["a_one"], [], 4]);
  });

  it("that the catalogue does not know stay", () => {
    expect(unknownEvents(catalogue, ["x", "b_one", "a"])).toEqual(["a", "x"]);
    expect(withEvents(["x", "b_one"], ["b_one", "b_two"], true)).toEqual(["x", "b_one", "b_two"]);
    expect(withEvents(["x", "b_one", "b_two"], ["b_one", "b_two"], false)).toEqual(["x"]);
    expect([eventTitle(catalogue, "b_one"), eventTitle(catalogue, "x")]).toEqual(["b one", "x"]);
  });

  it("tell how much of a group is chosen", () => {
    const [b] = grouped(catalogue);
    expect([["b_one", "b_two"], ["b_two"], ["x"]].map((chosen) => share(b!.events, chosen))).toEqual(["all", "some", "none"]);
  });
});

describe("rows", () => {
  const row = (description: string, more: Partial<WebhookRow> = {}): WebhookRow => ({ id: description, description, target: `https://${description}.example/`, host: `${description}.example`, plainHttp: false, querySecret: false, events: ["a"], projects: null, authentication: "none", headers: 0, hiddenHeaders: 0, active: true, createdOn: null, updatedOn: null, byHand: false, base: "", ...more });
  const names = (rows: WebhookRow[]) => rows.map(({ description }) => description);

  it("sort by each column, unknown dates last either way", () => {
    const rows = [row("b", { projects: [{ id: "1", name: "Nord" }], headers: 2, updatedOn: "2026-01-01T00:00:00Z" }), row("a", { active: false, authentication: "basic" }), row("c", { projects: [], events: [], createdOn: "2026-02-01T00:00:00Z" })];
    expect(["description", "-description", "projects", "-headers", "active", "authentication", "events", "updatedOn", "-updatedOn"].map((sort) => names(sorted(rows, sort)).join(""))).toEqual(["abc", "cba", "cba", "bac", "bca", "bca", "cab", "bca", "cba"]);
  });

  it("are found by description, host, event title and project", () => {
    const rows = [row("b", { projects: [{ id: "p1", name: "Hafen Nord" }] }), row("a")];
    const title = (event: string) => (event === "a" ? "Ticket created" : event);
    expect(["hafen", "p1", "b.example", "TICKET", "hafen a.example"].map((search) => names(matching(rows, search, title)).join(""))).toEqual(["b", "b", "b", "ba", ""]);
    expect(projectsText(null)).toBe("All");
    expect([projectsText(rows[0]!.projects), projectsText([{ id: "9", name: null }]), projectsText([])]).toEqual(["Hafen Nord", "9", "0"]);
  });
});

describe("deliveries", () => {
  const delivery = (id: string, status: number | null, more: Partial<DeliveryRow> = {}): DeliveryRow => ({ id, event: "a", at: null, status, durationMs: null, attempt: null, error: null, request: null, answer: null, ...more });

  it("failed unless the answer was 2xx", () => {
    expect([200, 204, 299, 301, 404, 500, null].map((status) => arrived(delivery("x", status)))).toEqual([true, true, true, false, false, false, false]);
    const rows = [delivery("1", 200), delivery("2", null, { event: "b" }), delivery("3", 500)];
    const ids = (found: DeliveryRow[]) => found.map(({ id }) => id).join("");
    expect([ids(shownDeliveries(rows, "all", "")), ids(shownDeliveries(rows, "failed", "")), ids(shownDeliveries(rows, "failed", "a")), ids(shownDeliveries(rows, "all", "b"))]).toEqual(["123", "23", "3", "2"]);
  });

  it("sort by time whatever its zone, unknown last", () => {
    const rows = [delivery("late", 200, { at: "2026-01-01T12:00:00Z" }), delivery("none", 200), delivery("early", 200, { at: "2026-01-01T12:30:00+02:00" })];
    expect(sortedDeliveries(rows, "-at").map(({ id }) => id)).toEqual(["late", "early", "none"]);
    expect(sortedDeliveries(rows, "at").map(({ id }) => id)).toEqual(["early", "late", "none"]);
  });

  it("tell how long they took", () => {
    expect([duration(212, "en"), duration(1840, "en"), duration(1840, "de")]).toEqual(["212 ms", "1.8 sec", "1,8 Sek."]);
  });
});

describe("problems", () => {
  const headers = [newHeader("X-A"), newHeader("X-B")];

  it("stay with their row, in the order of the page", () => {
    const found = placed([{ field: "headers/1/value", code: "empty", message: "" }, { field: "headers/0/name", code: "reserved", message: "" }, { field: "events", code: "nothing_chosen", message: "" }, { field: "description", code: "empty", message: "" }, { field: "headers", code: "server", message: "" }], headers, true);
    expect(found.map(({ at }) => at)).toEqual(["description", "events", `header-${headers[0]!.key}/name`, `header-${headers[1]!.key}/value`, "headers"]);
  });

  it("of a value that must be entered again say why", () => {
    const text = (moves: boolean) => placed([{ field: "password", code: "enter_again", message: "" }], [], moves).map(problemText)[0];
    expect(text(true)).toBe("Enter this value again.");
    expect(text(false)).toContain("not proven");
  });

  it("of the server come with its words", () => {
    const fields = serverProblems({ code: "invalid", message: "", field: null, retryAt: null, details: { kind: "fields", fields: [{ pointer: "headers/0/value", message: "no" }] } });
    expect(problemText(fields[0]!)).toBe("Not accepted: no");
    expect(serverProblems({ code: "offline", message: "", field: null, retryAt: null, details: null })).toEqual([]);
  });

  it("each have a text, and each field a name", () => {
    const codes: ProblemCode[] = ["empty", "too_long", "not_a_url", "url_credentials", "bad_characters", "outer_space", "duplicate", "reserved", "authorization_beside_basic", "masked", "enter_again", "nothing_to_keep", "server", "nothing_chosen"];
    for (const field of ["description", "target_url", "username", "password", "events", "headers/0/name", "headers/1/value"]) {
      for (const code of codes) expect(problemText({ field, code, message: "m" })).toMatch(/\.|m$|~/);
      expect(fieldName(field, ["X-A", ""])).not.toBe(field);
    }
    expect(fieldName("headers/1/value", ["X-A", ""])).toContain("2");
    expect(fieldName("header X-A")).toContain("X-A");
  });
});

describe("a comparison", () => {
  const words = { yes: "on", no: "off", all: "all", hidden: "hidden", event: (name: string) => name.toUpperCase(), project: (id: string) => `#${id}` };

  it("names what differs, and nothing else", () => {
    const { draft, first } = pair();
    expect(differences(first, draft)).toEqual([]);
    draft.allProjects = false;
    draft.projects = [{ id: "2", name: null }, { id: "1", name: null }];
    draft.authentication = "none";
    draft.headers = [newHeader("X-New", "v"), draft.headers[1]!];
    expect(differences(first, draft)).toEqual([
      { field: "projects", old: null, new: "1, 2" },
      { field: "username", old: "planradar", new: null },
      { field: "header X-New", old: null, new: "v" },
      { field: "header X-Source", old: "demo", new: null },
    ]);
  });

  it("of a new one names all that it has, projects too", () => {
    expect(differences(null, draftOf(form({ id: null, headers: [], authentication: { kind: "none" } }))).map(({ field }) => field)).toEqual(["description", "active", "target_url", "projects", "events"]);
  });

  it("reads values as people do", () => {
    expect([valueText("active", "true", words), valueText("projects", null, words), valueText("projects", "1, 2", words), valueText("events", "a, b", words), valueText("header X", "(hidden)", words), valueText("header X", null, words), valueText("description", "(hidden)", words)]).toEqual(["on", "all", "#1, #2", "A, B", "hidden", null, "(hidden)"]);
  });

  it("sees another order only among those that stay", () => {
    const { draft, first } = pair();
    draft.headers = [newHeader("X-New"), ...draft.headers];
    expect(reordered(first, draft)).toBe(false);
    draft.headers.reverse();
    expect(reordered(first, draft)).toBe(true);
  });
});
