import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { filtered, matching, NO_FILTER, sorted } from "../src/areas/users/rows";
import { held } from "../src/lib/held.svelte";
import { jobs, jobSentence } from "../src/lib/jobs.svelte";
import type { AppError, JobView, UserRow, UsersView } from "../src/lib/ipc";
import { locale } from "../src/lib/locale.svelte";
import { areaOf } from "../src/lib/operations.svelte";
import { toasts } from "../src/lib/toasts.svelte";
import { users } from "../src/lib/users.svelte";

const { commands } = vi.hoisted(() => ({ commands: { usersView: vi.fn(), usersRefresh: vi.fn(), usersMore: vi.fn(), usersSearch: vi.fn(), jobsList: vi.fn(), jobsUnread: vi.fn(), jobRead: vi.fn(), operationUndo: vi.fn() } }));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const error = (code: AppError["code"]): AppError => ({ code, message: "", field: null, retryAt: null, details: null });

function row(id: string, more: Partial<UserRow> = {}): UserRow {
  return { id, name: `User ${id}`, mail: `${id}@example.com`, userType: "in_house", active: true, apiAccess: false, locked: null, lastLoginOn: null, lastLoginKnown: true, tokens: null, tokensAsOf: null, ...more };
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => row(String(from + index)));

function view(rows: UserRow[], count: number | null = rows.length, more: Partial<UsersView> = {}): UsersView {
  return { account: "a", state: { kind: "offered" }, rows, count, complete: count !== null && rows.length >= count, requestsLeft: 0, asOf: "2026-11-24T12:00:00Z", earlier: 0, earlierAsOf: null, tokensState: { kind: "unknown" }, error: null, ...more };
}

function later<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

beforeEach(() => {
  commands.jobsList.mockResolvedValue(ok([]));
  commands.jobsUnread.mockResolvedValue(ok([]));
  commands.jobRead.mockResolvedValue(ok(null));
  vi.useFakeTimers({ now: Date.parse("2026-11-24T12:05:00Z") });
  locale.choose("en");
  users.open("a");
});
afterEach(async () => {
  users.open(null);
  await jobs.open(null);
  held.all = [];
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe("a search", () => {
  it("asks PlanRadar once for each pause in typing", async () => {
    users.take(view(range(0, 3), 9000));
    commands.usersSearch.mockResolvedValue(ok({ rows: [row("900")], count: 1, page: 1, more: false }));
    for (const text of ["a", "an", "ann"]) {
      users.type(text);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(commands.usersSearch).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(400);
    expect(commands.usersSearch.mock.calls).toEqual([["a", "ann", 1]]);
    expect(users.found?.rows.map(({ id }) => id)).toEqual(["900"]);
  });

  it("asks nobody where everybody is loaded, unless that is wished", async () => {
    users.take(view(range(0, 3)));
    users.type("2");
    await vi.advanceTimersByTimeAsync(1000);
    expect(commands.usersSearch).not.toHaveBeenCalled();
    expect(matching(users.view!.rows, users.search).map(({ id }) => id)).toEqual(["2"]);
    commands.usersSearch.mockResolvedValue(ok({ rows: [], count: 0, page: 1, more: false }));
    await users.find();
    expect(users.found?.rows).toEqual([]);
  });

  it("never shows a late answer to an earlier text", async () => {
    users.take(view(range(0, 3), 9000));
    const slow = later<unknown>();
    commands.usersSearch.mockReturnValueOnce(slow.promise).mockResolvedValue(ok({ rows: [row("2")], count: 1, page: 1, more: false }));
    users.type("one");
    await vi.advanceTimersByTimeAsync(400);
    users.type("two");
    await vi.advanceTimersByTimeAsync(400);
    slow.resolve(ok({ rows: [row("1")], count: 1, page: 1, more: false }));
    await vi.advanceTimersByTimeAsync(1);
    expect(users.found?.text).toBe("two");
    expect(users.found?.rows.map(({ id }) => id)).toEqual(["2"]);
    users.type("");
    expect(users.found).toBeNull();
  });

  it("goes on page by page, each user once, and follows what is read of them", async () => {
    users.take(view(range(0, 3), 9000));
    users.type("user");
    commands.usersSearch.mockResolvedValueOnce(ok({ rows: [row("1"), row("2")], count: 3, page: 1, more: true })).mockResolvedValue(ok({ rows: [row("2"), row("3000")], count: 3, page: 2, more: false }));
    await users.find();
    await users.find(true);
    expect(commands.usersSearch).toHaveBeenLastCalledWith("a", "user", 2);
    expect(users.found?.rows.map(({ id }) => id)).toEqual(["1", "2", "3000"]);
    users.take(view([row("0"), row("1", { apiAccess: true }), row("2")], 9000));
    users.learn(row("3000", { active: false }));
    expect(users.found?.rows.map(({ apiAccess, active }) => [apiAccess, active])).toEqual([[true, true], [false, true], [false, false]]);
  });

  it("says why PlanRadar could not be asked", async () => {
    users.take(view(range(0, 3), 9000));
    users.type("x");
    commands.usersSearch.mockResolvedValue({ status: "error", error: error("offline") });
    await users.find();
    expect([users.searchError?.code, users.searching]).toEqual(["offline", false]);
  });
});

describe("the list", () => {
  it("that was loaded whole stays whole until that is wished", async () => {
    commands.usersView.mockResolvedValue(ok(view(range(0, 1000), 9000)));
    commands.usersRefresh.mockResolvedValue(ok(view(range(0, 500), 9000)));
    await users.enter();
    expect(commands.usersRefresh).not.toHaveBeenCalled();
    users.open("b");
    users.open("a");
    commands.usersView.mockResolvedValue(ok(view(range(0, 3))));
    await users.enter();
    expect(commands.usersRefresh).toHaveBeenCalledTimes(1);
  });

  it("loads all that is left, until it is stopped", async () => {
    users.take(view(range(0, 500), 9000));
    const answers: ((answer: unknown) => void)[] = [];
    commands.usersMore.mockImplementation(() => new Promise((answer) => answers.push(answer)));
    const loading = users.load("all");
    answers[0]!(ok(view(range(0, 1000), 9000)));
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    users.stopLoading();
    answers[1]!(ok(view(range(0, 1500), 9000)));
    await loading;
    expect(commands.usersMore).toHaveBeenCalledTimes(2);
    expect([users.view?.rows.length, users.loading]).toEqual([1500, null]);
  });

  it("stops loading where a page could not be loaded", async () => {
    users.take(view(range(0, 500), 9000));
    commands.usersMore.mockResolvedValue(ok(view(range(0, 500), 9000, { error: error("paused") })));
    await users.load("all");
    expect(commands.usersMore).toHaveBeenCalledTimes(1);
    expect(users.loadError?.code).toBe("paused");
  });
});

describe("rows", () => {
  it("that are not known come last, whichever way they are sorted", () => {
    const rows = [row("1", { tokens: null }), row("2", { tokens: 3 }), row("3", { tokens: 1 })];
    expect(sorted(rows, "tokens").map(({ id }) => id)).toEqual(["3", "2", "1"]);
    expect(sorted(rows, "-tokens").map(({ id }) => id)).toEqual(["2", "3", "1"]);
  });

  it("whose permission is not known pass no filter that asks for it", () => {
    const rows = [row("1", { apiAccess: null }), row("2", { apiAccess: true }), row("3", { active: false, userType: "watcher" })];
    const ids = (filter: Partial<typeof NO_FILTER>) => filtered(rows, { ...NO_FILTER, ...filter }).map(({ id }) => id);
    expect([ids({}), ids({ api: "yes" }), ids({ api: "no" }), ids({ active: "no" }), ids({ type: "watcher", api: "yes" })]).toEqual([["1", "2", "3"], ["2"], ["3"], ["3"], []]);
  });
});

describe("runs", () => {
  const job = (more: Partial<JobView> = {}): JobView => ({ id: "j", account: "a", kind: "grant_api", state: "running", total: 3, done: 0, unchanged: 0, failures: [], halted: null, secondsLeft: 0, startedAt: "2026-11-24T12:00:00Z", elsewhere: false, ...more });

  it("shows what a notice said, not an older answer that comes after it", async () => {
    await jobs.open("a");
    jobs.hear(job({ id: "j0" }));
    await jobs.steer("j0", async () => {
      jobs.hear(job({ id: "j0", state: "paused" }));
      return job({ id: "j0" });
    });
    expect(jobs.all.find(({ id }) => id === "j0")?.state).toBe("paused");
    await jobs.steer("j0", async () => job({ id: "j0" }));
    expect(jobs.all.find(({ id }) => id === "j0")?.state).toBe("running");
    jobs.hear(job({ id: "j0", state: "ended" }));
  });

  it("that have ended do not come back with a late answer", async () => {
    commands.jobsList.mockResolvedValue(ok([]));
    await jobs.open("a");
    jobs.take(job({ id: "j1", state: "finished", done: 3 }));
    jobs.take(job({ id: "j1" }));
    expect(jobs.all).toEqual([]);
    jobs.take(job({ id: "j2", account: "other" }));
    expect(jobs.all).toEqual([]);
  });

  it("leave what failed to be read, and say what was done", async () => {
    commands.jobsList.mockResolvedValue(ok([job({ id: "j3" })]));
    await jobs.open("a");
    expect(jobs.busy(["grant_api"])).toBe(true);
    jobs.take(job({ id: "j3", state: "finished", done: 3, unchanged: 1, failures: [{ user: { id: "1", name: "A" }, error: error("gone") }] }));
    expect(jobs.ended.map(({ id }) => id)).toEqual(["j3"]);
    expect(toasts.said.trim()).toBe("1 user has API Access now. 1 was so already.");
    jobs.dismiss("j3");
    expect([jobs.ended, commands.jobRead.mock.calls]).toEqual([[], [["j3"]]]);
    expect(jobSentence(job({ done: 1, failures: [{ user: { id: "1", name: "A" }, error: error("gone") }] }))).toBeNull();
  });
});

describe("what failed in a run", () => {
  const failed: JobView = { id: "j9", account: "a", kind: "grant_api", state: "finished", total: 2, done: 2, unchanged: 0, failures: [{ user: { id: "1", name: "A" }, error: error("gone") }], halted: null, secondsLeft: 0, startedAt: "2026-11-24T12:00:00Z", elsewhere: false };

  it("is shown when the account is looked at again, once", async () => {
    commands.jobsUnread.mockResolvedValue(ok([failed]));
    await jobs.open("b");
    jobs.hear(failed);
    expect(jobs.ended).toHaveLength(1);
    await jobs.open("a");
    expect(jobs.ended.map(({ id }) => id)).toEqual(["j9"]);
    const listing = later<unknown>();
    commands.jobsUnread.mockReturnValue(listing.promise);
    const opened = jobs.open("c").then(() => jobs.open("a"));
    listing.resolve(ok([failed]));
    await opened;
    jobs.hear(failed);
    expect(jobs.ended).toHaveLength(1);
  });

  it("says whether a paused run is in the way", async () => {
    await jobs.open("a");
    expect(jobs.changing).toBeNull();
    jobs.hear({ ...failed, id: "k1", state: "paused" });
    jobs.hear({ ...failed, id: "k2", state: "running", kind: "inventory" });
    expect(jobs.changing).toBe("paused");
    jobs.hear({ ...failed, id: "k3", state: "running" });
    expect(jobs.changing).toBe("running");
  });
});

describe("a held deletion", () => {
  const deletion = { operation: "o", account: "a", user: { id: "1", name: "Lee" }, tokens: [{ id: "t", name: "T", createdOn: null, lastUsedOn: null, usage: "never" as const }], sentAt: "2026-11-24T12:05:10Z" };

  it("is taken back, the last one first", async () => {
    commands.operationUndo.mockResolvedValue(ok(null));
    held.add(deletion);
    held.add({ ...deletion, operation: "p" });
    await held.undo();
    expect(commands.operationUndo).toHaveBeenCalledWith("p");
    expect(held.all.map(({ operation }) => operation)).toEqual(["o"]);
    expect(toasts.said).toContain("nothing was sent");
  });

  it("that was sent meanwhile can't be, and that is said", async () => {
    commands.operationUndo.mockResolvedValue({ status: "error", error: error("stale") });
    held.add(deletion);
    await held.undo("o");
    expect(toasts.said).toContain("Too late");
    held.settled("a", "o", deletion.user, error("server_error"));
    expect(held.all).toEqual([]);
    expect(held.failed.map((one) => one.error.code)).toEqual(["server_error"]);
    held.dismiss("o");
    expect(held.failed).toEqual([]);
  });
});

it("an operation is shown in its own area", () => {
  expect([areaOf("delete_token"), areaOf("unreadable"), areaOf("update_webhook"), areaOf("cut_off"), areaOf("delete_user_tokens")]).toEqual(["tokens", "tokens", "webhooks", "users", "users"]);
});
