import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import UsersPage from "../src/areas/users/UsersPage.svelte";
import { app } from "../src/lib/app.svelte";
import { held } from "../src/lib/held.svelte";
import type { AccountView, AppError, JobView, UserRow, UsersView, UserToken, UserTokens } from "../src/lib/ipc";
import { jobs } from "../src/lib/jobs.svelte";
import { locale } from "../src/lib/locale.svelte";
import { TESTIDS } from "../src/lib/testids";
import { users } from "../src/lib/users.svelte";

const { commands } = vi.hoisted(() => ({
  commands: { appStart: vi.fn(), usersView: vi.fn(), usersRefresh: vi.fn(), usersSearch: vi.fn(), usersSetApi: vi.fn(), userDetail: vi.fn(), userTokens: vi.fn(), userTokensDelete: vi.fn(), userCutOff: vi.fn(), jobsList: vi.fn(), jobsUnread: vi.fn(), jobRead: vi.fn(), jobPause: vi.fn(), jobCancel: vi.fn() },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const error = (code: AppError["code"]): AppError => ({ code, message: "what Rust said", field: null, retryAt: null, details: null });
const account = { id: "a", label: "Nordbau", demo: true, user: { id: "9", name: "Me", mail: "", userType: null }, accountHolderName: "Kim" } as AccountView;

function row(id: string, more: Partial<UserRow> = {}): UserRow {
  return { id, name: `User ${id}`, mail: `${id}@example.com`, userType: "in_house", active: true, apiAccess: false, locked: null, lastLoginOn: null, lastLoginKnown: true, tokens: null, tokensAsOf: null, ...more };
}

const HOLDER = row("1", { userType: "account_holder", apiAccess: true, locked: "account_holder" });
const FIXED = row("2", { userType: "subcontractor", locked: "fixed_permissions" });
const PEOPLE = [HOLDER, FIXED, row("3"), row("4"), row("5", { apiAccess: true }), row("9", { apiAccess: true })];
const view = (rows: UserRow[], more: Partial<UsersView> = {}): UsersView => ({ account: "a", state: { kind: "offered" }, rows, count: rows.length, complete: true, requestsLeft: 0, asOf: "2026-11-24T12:00:00Z", earlier: 0, earlierAsOf: null, tokensState: { kind: "offered" }, error: null, ...more });
const token = (id: string): UserToken => ({ id, name: `Token ${id}`, createdOn: "2026-01-01T00:00:00Z", lastUsedOn: null, usage: "never" });
const tokens = (rows: UserToken[], more: Partial<UserTokens> = {}): UserTokens => ({ state: { kind: "offered" }, rows, asOf: "2026-11-24T12:00:00Z", protected: false, error: null, ...more });
const job = (more: Partial<JobView> = {}): JobView => ({ id: "j", account: "a", kind: "grant_api", state: "running", total: 2, done: 0, unchanged: 0, failures: [], halted: null, secondsLeft: 0, startedAt: "2026-11-24T12:00:00Z", elsewhere: false, ...more });
let runs = 0;

async function show(shown: UsersView, width = 1280) {
  users.open("a");
  await jobs.open("a");
  commands.usersView.mockResolvedValue(ok(shown));
  commands.usersRefresh.mockResolvedValue(ok(shown));
  const menus = document.createElement("div");
  menus.dataset.menus = "";
  document.body.append(menus);
  render(UsersPage, { account, width });
  await waitFor(() => expect(users.view).not.toBeNull());
  await waitFor(() => expect(users.refreshing).toBe(false));
}

const line = (id: string) => screen.getAllByTestId(TESTIDS.usersRow).find((one) => one.dataset.row === id)!;
const picked = () => screen.getAllByTestId(TESTIDS.usersRow).filter((one) => one.getAttribute("aria-selected") === "true").map((one) => one.dataset.row);

async function open(id: string) {
  await fireEvent.click(within(line(id)).getByText(`User ${id}`));
  await waitFor(() => expect(screen.getByTestId(TESTIDS.userPanel).dataset.loaded).toBe("true"));
}

beforeEach(() => {
  locale.choose("en");
  commands.jobsList.mockResolvedValue(ok([]));
  commands.jobsUnread.mockResolvedValue(ok([]));
  commands.jobRead.mockResolvedValue(ok(null));
  commands.userDetail.mockImplementation((_: string, id: string) => Promise.resolve(ok({ row: PEOPLE.find((one) => one.id === id), permissions: [{ key: "projects", on: true }, { key: "new-key", on: false }], isMe: id === "9", asOf: "2026-11-24T12:00:00Z" })));
  commands.userTokens.mockResolvedValue(ok(tokens([token("t1"), token("t2"), token("t3")])));
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(async () => {
  users.open(null);
  await jobs.open(null);
  held.all = [];
  document.querySelector("[data-menus]")?.remove();
  vi.clearAllMocks();
});

describe("API Access", () => {
  it("can't be picked where it can't be changed, and the row says why", async () => {
    await show(view(PEOPLE));
    expect((within(line("1")).getByTestId(TESTIDS.usersPick) as HTMLInputElement).disabled).toBe(true);
    expect(line("1").textContent).toContain("all permissions, always");
    expect(line("2").textContent).toContain("fixed permissions");
    await fireEvent.keyDown(line("3"), { key: "a", ctrlKey: true });
    expect(picked()).toEqual(["3", "4", "5", "9"]);
    await fireEvent.keyDown(line("1"), { key: " " });
    expect(picked()).toEqual(["3", "4", "5", "9"]);
  });

  it("is given only to those without it, after a question that names them", async () => {
    await show(view(PEOPLE));
    const id = `run-${++runs}`;
    commands.usersSetApi.mockResolvedValue(ok(job({ id })));
    await fireEvent.keyDown(line("3"), { key: "a", ctrlKey: true });
    await fireEvent.click(screen.getByTestId(TESTIDS.usersGive));
    const dialog = screen.getByTestId(TESTIDS.usersApiDialog);
    expect(within(dialog).getAllByRole("listitem").map((item) => item.textContent)).toEqual(["User 33@example.com", "User 44@example.com"]);
    await fireEvent.click(screen.getByTestId(TESTIDS.confirm));
    expect(commands.usersSetApi).toHaveBeenCalledWith("a", [{ id: "3", name: "User 3" }, { id: "4", name: "User 4" }], true);
    await waitFor(() => expect(screen.getByTestId(TESTIDS.usersJob).textContent).toContain("Giving API Access: 0 of 2"));
    expect(picked()).toEqual([]);
    jobs.take(job({ id, done: 1 }));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.progress).dataset.done).toBe("1"));
    // One run at a time.
    await open("4");
    expect(screen.getByTestId(TESTIDS.userApiChange).getAttribute("aria-disabled")).toBe("true");
  });

  it("waits for a paused run, and says so", async () => {
    await show(view(PEOPLE));
    const id = `run-${++runs}`;
    jobs.take(job({ id, state: "paused", done: 1 }));
    await open("4");
    expect((screen.getByTestId(TESTIDS.userApiChange) as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByTestId(TESTIDS.userPanel).textContent).toContain("is paused. Go on with it or cancel it first");
    // Cancelled, it went to rest all the same: it can be cancelled again.
    commands.jobCancel.mockResolvedValue(ok(null));
    jobs.take(job({ id, state: "running", done: 1 }));
    await fireEvent.click(await screen.findByTestId(TESTIDS.progressStop));
    expect((screen.getByTestId(TESTIDS.progressStop) as HTMLButtonElement).disabled).toBe(true);
    jobs.take(job({ id, state: "paused", done: 2 }));
    await waitFor(() => expect((screen.getByTestId(TESTIDS.progressStop) as HTMLButtonElement).disabled).toBe(false));
    jobs.take(job({ id, state: "ended", done: 2 }));
  });

  it("is not given back to who was cut off by repeating the rest", async () => {
    await show(view(PEOPLE));
    const failures = [{ user: { id: "3", name: "User 3" }, error: error("cut_off") }, { user: { id: "4", name: "User 4" }, error: error("gone") }];
    jobs.take(job({ id: `run-${++runs}`, state: "finished", done: 2, failures }));
    commands.usersSetApi.mockResolvedValue({ status: "error", error: error("paused") });
    await fireEvent.click(await screen.findByTestId(TESTIDS.usersJobRepeat));
    expect(commands.usersSetApi).toHaveBeenCalledWith("a", [{ id: "4", name: "User 4" }], true);
  });

  it("says when Gatehouse itself would be refused", async () => {
    await show(view(PEOPLE));
    await fireEvent.keyDown(line("9"), { key: " " });
    await fireEvent.click(screen.getByTestId(TESTIDS.usersTake));
    expect(screen.getByTestId(TESTIDS.usersApiDialog).textContent).toContain("Gatehouse itself is refused");
  });

  it("that failed is repeated by a button, but never after a change that nobody asked for", async () => {
    await show(view(PEOPLE));
    const [first, second] = [`run-${++runs}`, `run-${++runs}`];
    jobs.take(job({ id: first, state: "finished", done: 2, failures: [{ user: { id: "4", name: "User 4" }, error: error("gone") }] }));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.usersJobFailed).textContent).toContain("1 of 2 not given API Access"));
    commands.usersSetApi.mockResolvedValue({ status: "error", error: error("paused") });
    await fireEvent.click(screen.getByTestId(TESTIDS.usersJobRepeat));
    expect(commands.usersSetApi).toHaveBeenCalledWith("a", [{ id: "4", name: "User 4" }], true);
    await waitFor(() => expect(screen.getByTestId(TESTIDS.error)).toBeTruthy());
    jobs.take(job({ id: second, state: "ended", total: 5, done: 1, halted: error("changed_too"), failures: [{ user: { id: "3", name: "User 3" }, error: error("changed_too") }] }));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.usersJobFailed).textContent).toContain("4 users were not tried"));
    expect(screen.queryByTestId(TESTIDS.usersJobRepeat)).toBeNull();
  });
});

describe("each state says what to do next", () => {
  it.each([
    [view([], { count: 0 }), TESTIDS.usersEmpty],
    [view(PEOPLE, { state: { kind: "not_offered", checkedAt: "2026-11-24T12:00:00Z" } }), TESTIDS.usersNotOffered],
    [view(PEOPLE, { state: { kind: "refused", reason: "permission_users", checkedAt: "2026-11-24T12:00:00Z" } }), TESTIDS.usersRefused],
    [view([], { state: { kind: "refused", reason: "plan", checkedAt: "2026-11-24T12:00:00Z" }, asOf: null }), TESTIDS.usersRefused],
    [view([], { state: { kind: "unknown" }, asOf: null, error: error("offline") }), TESTIDS.usersFailed],
  ] as const)("%#", async (shown, testid) => {
    await show(shown);
    await waitFor(() => expect(within(screen.getByTestId(testid)).getAllByRole("button").length).toBeGreaterThan(0));
    // Rows of before are no ground to act on.
    expect(screen.queryByTestId(TESTIDS.usersTable)).toBeNull();
  });

  it("also when nobody matches", async () => {
    await show(view(PEOPLE));
    await fireEvent.input(screen.getByTestId(TESTIDS.usersSearch), { target: { value: "zzz" } });
    await fireEvent.click(within(screen.getByTestId(TESTIDS.usersNoMatch)).getByRole("button"));
    expect(screen.getAllByTestId(TESTIDS.usersRow)).toHaveLength(6);
  });
});

it("says in advance that changes will be refused", async () => {
  commands.userDetail.mockResolvedValue(ok({ row: PEOPLE[5], permissions: [{ key: "users", on: false }], isMe: true, asOf: "2026-11-24T12:00:00Z" }));
  await show(view(PEOPLE));
  await waitFor(() => expect(screen.getByTestId(TESTIDS.usersLookOnly).textContent).toContain("lacks the permission 'Users'"));
  expect(commands.userDetail.mock.calls).toEqual([["a", "9"]]);
});

it("a person is looked for in all accounts, each asked once, also where one fails", async () => {
  app.accounts = [account, { ...account, id: "b", label: "Suedwerk" }];
  commands.usersSearch.mockImplementation((id: string) => Promise.resolve(id === "b" ? { status: "error", error: error("sign_in_missing") } : ok({ rows: [row("3")], count: 1, page: 1, more: false })));
  await show(view(PEOPLE));
  expect(screen.queryByTestId(TESTIDS.usersFindAll)).toBeNull();
  await fireEvent.input(screen.getByTestId(TESTIDS.usersSearch), { target: { value: " User 3 " } });
  await fireEvent.click(screen.getByTestId(TESTIDS.usersFindAll));
  await waitFor(() => expect(screen.getAllByTestId(TESTIDS.usersFindRow)).toHaveLength(1));
  expect(commands.usersSearch.mock.calls).toEqual([["a", "User 3", 1], ["b", "User 3", 1]]);
  expect(within(screen.getAllByTestId(TESTIDS.usersFindAccount)[1]!).getByText(/has no token for this account/)).toBeTruthy();
  app.activeId = "a";
  await fireEvent.click(screen.getByTestId(TESTIDS.usersFindRow));
  await waitFor(() => expect(screen.queryByTestId(TESTIDS.usersFind)).toBeNull());
  expect(users.search).toBe("User 3");
  app.accounts = [];
  app.activeId = null;
});

describe("a user's tokens", () => {
  it("are deleted only when their number is typed, and then held back", async () => {
    await show(view(PEOPLE));
    await open("5");
    await fireEvent.click(await screen.findByTestId(TESTIDS.userTokensDeleteAll));
    const confirm = screen.getByTestId(TESTIDS.confirm) as HTMLButtonElement;
    await fireEvent.input(screen.getByTestId(TESTIDS.userDeleteTyped), { target: { value: "delete 2" } });
    expect(confirm.disabled).toBe(true);
    await fireEvent.input(screen.getByTestId(TESTIDS.userDeleteTyped), { target: { value: "delete 3" } });
    commands.userTokensDelete.mockResolvedValue(ok({ operation: "o", account: "a", user: { id: "5", name: "User 5" }, tokens: [token("t1"), token("t2"), token("t3")], sentAt: new Date(Date.now() + 10_000).toISOString() }));
    await fireEvent.click(confirm);
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.userDeleteDialog)).toBeNull());
    expect(commands.userTokensDelete).toHaveBeenCalledWith("a", { id: "5", name: "User 5" }, [token("t1"), token("t2"), token("t3")]);
    expect(held.all).toHaveLength(1);
    // What is going is not deleted twice.
    expect(screen.queryByTestId(TESTIDS.userTokenDelete)).toBeNull();
  });

  it("of the account holder are shown and explained, not deleted", async () => {
    commands.userTokens.mockResolvedValue(ok(tokens([token("t1"), token("t2")], { protected: true })));
    await show(view(PEOPLE));
    await open("1");
    await waitFor(() => expect(screen.getByTestId(TESTIDS.userTokensState).textContent).toContain("Only User 1 can delete these tokens"));
    expect(screen.getAllByTestId(TESTIDS.userToken)).toHaveLength(2);
    expect(screen.queryByTestId(TESTIDS.userTokenDelete)).toBeNull();
    expect(screen.queryByTestId(TESTIDS.userTokensDeleteAll)).toBeNull();
    expect(screen.queryByTestId(TESTIDS.userCutOff)).toBeNull();
  });

  it("are not asked for where the server is known not to offer them", async () => {
    commands.userTokens.mockResolvedValue(ok(tokens([], { state: { kind: "not_offered", checkedAt: "2026-11-24T12:00:00Z" }, asOf: null })));
    await show(view(PEOPLE));
    await open("5");
    await waitFor(() => expect(screen.getByTestId(TESTIDS.userTokensState)).toBeTruthy());
    expect(commands.userTokens.mock.calls).toEqual([["a", "5", false]]);
  });

  it("that are one's own are managed under Tokens", async () => {
    await show(view(PEOPLE));
    await open("9");
    expect(screen.getByTestId(TESTIDS.userTokens).textContent).toContain("your own tokens");
    expect(screen.queryByTestId(TESTIDS.userToken)).toBeNull();
    expect(screen.queryByTestId(TESTIDS.userCutOff)).toBeNull();
  });
});

describe("cutting off", () => {
  it("is one question, and reports what was done and what stays open", async () => {
    await show(view(PEOPLE));
    await open("5");
    await fireEvent.click(screen.getByTestId(TESTIDS.userCutOff));
    expect(screen.getByTestId(TESTIDS.userCutOffDialog).textContent).toContain("Cut off User 5's access?");
    const report = { user: { id: "5", name: "User 5" }, deleted: 2, left: [token("t3")], canSignIn: true, steps: [{ what: "api_access", error: null }, { what: "tokens", error: error("server_error") }, { what: "proof", error: error("stale") }] };
    commands.userCutOff.mockResolvedValueOnce(ok(report)).mockResolvedValueOnce(ok({ ...report, deleted: 1, left: [], canSignIn: null, steps: report.steps.map(({ what }) => ({ what, error: null })) }));
    await fireEvent.click(screen.getByTestId(TESTIDS.confirm));
    const shown = await screen.findByTestId(TESTIDS.userCutOffReport);
    expect(commands.userCutOff).toHaveBeenCalledWith("a", { id: "5", name: "User 5" }, false);
    expect(within(shown).getAllByTestId(TESTIDS.userCutOffStep).map(({ dataset }) => [dataset.step, dataset.done])).toEqual([["api_access", "true"], ["tokens", "false"], ["proof", "false"]]);
    expect(shown.textContent).toContain("Still there: Token t3");
    expect(shown.textContent).toContain("can still sign in");
    await fireEvent.click(screen.getByTestId(TESTIDS.userCutOffAgain));
    await waitFor(() => expect(shown.textContent).toContain("User 5's access is cut off"));
    expect(shown.textContent).toContain("is not known");
    expect(screen.queryByTestId(TESTIDS.userCutOffAgain)).toBeNull();
  });
});
