import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import EveryonePage from "../src/areas/users/everyone/EveryonePage.svelte";
import { filtered, matching, NO_FILTER, rowId, sorted } from "../src/areas/users/everyone/rows";
import { app } from "../src/lib/app.svelte";
import { held } from "../src/lib/held.svelte";
import { inventory } from "../src/lib/inventory.svelte";
import type { AccountView, AppError, Inventory, InventoryRow, JobView, UserRow, UsersView } from "../src/lib/ipc";
import { jobs } from "../src/lib/jobs.svelte";
import { locale } from "../src/lib/locale.svelte";
import { secondsText } from "../src/lib/pace";
import { TESTIDS } from "../src/lib/testids";
import { users } from "../src/lib/users.svelte";

const { commands } = vi.hoisted(() => ({
  commands: { inventoryView: vi.fn(), inventoryStart: vi.fn(), inventoryExport: vi.fn(), usersView: vi.fn(), usersRefresh: vi.fn(), usersMore: vi.fn(), userTokens: vi.fn(), userTokensDelete: vi.fn(), jobsList: vi.fn(), jobsUnread: vi.fn(), jobRead: vi.fn(), prefsSet: vi.fn(), capabilitiesCheckAgain: vi.fn() },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const NOW = Date.parse("2026-11-24T12:00:00Z");
const DAY = 24 * 60 * 60_000;
const ago = (days: number) => new Date(NOW - days * DAY).toISOString();
const ok = (data: unknown) => ({ status: "ok", data });
const failed = (code: AppError["code"]) => ({ status: "error", error: { code, message: "what Rust said", field: null, retryAt: null, details: null } });
const account = { id: "a", label: "Nordbau", demo: true, user: { id: "9", name: "Me", mail: "", userType: null }, accountHolderName: "Kim" } as AccountView;

function row(owner: string, name: string, more: Partial<InventoryRow> = {}, created: number | null = 10, used: number | null = 1): InventoryRow {
  return { owner: { id: owner, name: `User ${owner}` }, mail: `${owner}@example.com`, ownerActive: true, holder: false, person: true, token: { id: name.toLowerCase(), name, createdOn: created === null ? null : ago(created), lastUsedOn: used === null ? null : ago(used), usage: used === null ? "never" : "used" }, asOf: ago(0), ...more };
}

const HOLDER = row("1", "Holder", { holder: true });
const MINE = row("9", "Mine");
const OTHER = row("3", "Script", { person: false });
const ROWS = [HOLDER, MINE, OTHER];
const person = (id: string, more: Partial<UserRow> = {}): UserRow => ({ id, name: `User ${id}`, mail: null, userType: null, active: true, apiAccess: true, locked: null, lastLoginOn: null, lastLoginKnown: true, tokens: null, tokensAsOf: null, ...more });
const list = (more: Partial<UsersView> = {}): UsersView => ({ account: "a", state: { kind: "offered" }, rows: [person("9"), person("3"), person("1", { locked: "account_holder" })], count: 3, complete: true, requestsLeft: 0, asOf: ago(0), earlier: 0, earlierAsOf: null, tokensState: { kind: "offered" }, error: null, ...more });
const view = (more: Partial<Inventory> = {}): Inventory => ({ account: "a", state: { kind: "offered" }, rows: ROWS, asked: 12, apiUsers: 60, apiUsersAsked: 12, others: 9940, othersAsked: 0, apiSeconds: 180, othersSeconds: 29_820, complete: true, loaded: 10_000, count: 10_000, requestsLeft: 0, asOf: ago(0), oldDays: 365, ...more });
const job = (more: Partial<JobView> = {}): JobView => ({ id: "j", account: "a", kind: "inventory", state: "running", total: 60, done: 0, unchanged: 0, failures: [], halted: null, secondsLeft: 0, startedAt: ago(0), elsewhere: false, ...more });
let runs = 0;

async function show(shown: Inventory, people: UsersView = list()) {
  for (const id of [`other ${runs}`, "a"]) for (const store of [inventory, users]) store.open(id);
  await jobs.open(`other ${runs++}`);
  await jobs.open("a");
  commands.inventoryView.mockResolvedValue(ok(shown));
  commands.usersView.mockResolvedValue(ok(people));
  commands.usersRefresh.mockResolvedValue(ok(people));
  const menus = document.createElement("div");
  menus.dataset.menus = "";
  document.body.append(menus);
  render(EveryonePage, { account });
  await waitFor(() => expect(inventory.view).not.toBeNull());
  await waitFor(() => expect(users.refreshing).toBe(false));
}

const line = (one: InventoryRow) => screen.getAllByTestId(TESTIDS.everyoneRow).find(({ dataset }) => dataset.row === rowId(one))!;
async function menu(one: InventoryRow) {
  const trigger = within(line(one)).getByTestId(TESTIDS.everyoneMenu);
  trigger.focus();
  await fireEvent.keyDown(trigger, { key: "Enter" });
}

beforeEach(() => {
  locale.choose("en");
  app.area = "everyone";
  commands.jobsList.mockResolvedValue(ok([]));
  commands.jobsUnread.mockResolvedValue(ok([]));
  commands.jobRead.mockResolvedValue(ok(null));
  commands.prefsSet.mockResolvedValue(ok(null));
  commands.userTokens.mockResolvedValue(ok({ state: { kind: "offered" }, rows: [], asOf: null, protected: false, error: null }));
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
});
afterEach(() => {
  document.querySelectorAll("[data-menus]").forEach((one) => one.remove());
  held.all = [];
  users.wanted = null;
  vi.clearAllMocks();
});

describe("rows of everyone's tokens", () => {
  const names = (rows: InventoryRow[]) => rows.map(({ token }) => token.name);

  it("are sorted, what is not known last either way", () => {
    const rows = [row("2", "B", {}, 5), row("1", "A", {}, null), row("3", "C", {}, 50)];
    expect(names(sorted(rows, "age"))).toEqual(["B", "C", "A"]);
    expect(names(sorted(rows, "-age"))).toEqual(["C", "B", "A"]);
    expect(names(sorted(rows, "owner"))).toEqual(["A", "B", "C"]);
    expect(names(sorted([row("2", "X", {}, 5, null), row("1", "Y", {}, 5, 3), row("3", "Z", {}, 5, 9)], "lastUsedOn"))).toEqual(["Z", "Y", "X"]);
  });

  it("are found by owner, mail, name and id", () => {
    expect(names(matching(ROWS, "user 3 SCRIPT"))).toEqual(["Script"]);
    expect(names(matching(ROWS, "9@example"))).toEqual(["Mine"]);
    expect(matching(ROWS, "nobody")).toEqual([]);
  });

  it("pass a filter only when what it asks for is known", () => {
    const rows = [row("1", "used", {}, 400, 91), row("2", "never", {}, 91, null), row("3", "new", {}, 89, null), row("4", "unknown", { token: { id: "u", name: "unknown", createdOn: null, lastUsedOn: null, usage: "unknown" } }), row("5", "busy", { ownerActive: null, person: false }, 366, 89)];
    expect(names(filtered(rows, { ...NO_FILTER, use: "unused" }, NOW, 365))).toEqual(["used", "never"]);
    expect(names(filtered(rows, { ...NO_FILTER, age: "old" }, NOW, 365))).toEqual(["used", "busy"]);
    expect(filtered(rows, { ...NO_FILTER, age: "old" }, NOW, 1).length, "the age that was chosen").toBeGreaterThan(2);
    expect(names(filtered([...rows, row("6", "gone", { ownerActive: false })], { ...NO_FILTER, owner: "inactive" }, NOW, 365))).toEqual(["gone"]);
    expect(names(filtered([...rows, HOLDER], { ...NO_FILTER, owner: "person" }, NOW, 365))).toEqual(["used", "never", "new", "unknown"]);
  });

  it("with hours to ask say so", () => {
    expect(secondsText(29_820)).toBe("about 8 h");
    expect(secondsText(180)).toBe("about 3 min");
  });
});

describe("asking", () => {
  it("says who was asked, and how long those take who can use the API", async () => {
    await show(view());
    expect(screen.getByTestId(TESTIDS.everyoneAsked).textContent).toContain("12 of 60 who can use the API asked, as of");
    expect(screen.getByTestId(TESTIDS.everyoneAsk).textContent).toContain("Ask 60 users: about 3 min, one request each");
    commands.inventoryStart.mockResolvedValue(ok(job()));
    await fireEvent.click(screen.getByTestId(TESTIDS.everyoneAsk));
    await waitFor(() => expect(commands.inventoryStart).toHaveBeenCalledWith("a", { kind: "api_users" }));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.usersJob).dataset.kind).toBe("inventory"));
    expect(screen.queryByTestId(TESTIDS.everyoneAsk), "one run at a time").toBeNull();
  });

  it("of the others is asked about when it takes more than a minute", async () => {
    await show(view({ apiUsersAsked: 60 }));
    expect(screen.getByTestId(TESTIDS.everyoneOthers).textContent).toContain("Ask the 9,940 others too: about 8 h");
    commands.inventoryStart.mockResolvedValue(ok(job({ total: 9940 })));
    await fireEvent.click(screen.getByTestId(TESTIDS.everyoneOthers));
    expect(commands.inventoryStart).not.toHaveBeenCalled();
    expect(screen.getByTestId(TESTIDS.everyoneOthersDialog).textContent).toContain("9,940");
    await fireEvent.click(screen.getByTestId(TESTIDS.confirm));
    await waitFor(() => expect(commands.inventoryStart).toHaveBeenCalledWith("a", { kind: "others" }));
  });

  it("of few others is not, and counts only those who are left", async () => {
    await show(view({ others: 9, othersAsked: 4, othersSeconds: 0 }));
    expect(screen.getByTestId(TESTIDS.everyoneAsked).textContent).toContain("4 of 9 others");
    expect(screen.getByTestId(TESTIDS.everyoneOthers).textContent).toContain("Ask the 5 others too: one request each");
    commands.inventoryStart.mockResolvedValue(ok(job({ total: 5 })));
    await fireEvent.click(screen.getByTestId(TESTIDS.everyoneOthers));
    await waitFor(() => expect(commands.inventoryStart).toHaveBeenCalledWith("a", { kind: "others" }));
  });

  it("loads all users first, and begins nothing when that fails", async () => {
    const part = list({ complete: false, count: 10_000, requestsLeft: 19 });
    await show(view({ complete: false, loaded: 500, requestsLeft: 19 }), part);
    expect(screen.getByTestId(TESTIDS.everyoneAsked).textContent).toContain("19 requests");
    commands.usersMore.mockResolvedValue(failed("offline"));
    await fireEvent.click(screen.getByTestId(TESTIDS.everyoneAsk));
    await waitFor(() => expect(document.querySelector('[data-code="offline"]')).not.toBeNull());
    await waitFor(() => expect(inventory.starting).toBe(false));
    expect(commands.inventoryStart).not.toHaveBeenCalled();

    commands.usersMore.mockImplementation(() => {
      commands.inventoryView.mockResolvedValue(ok(view()));
      return Promise.resolve(ok(list()));
    });
    commands.inventoryStart.mockResolvedValue(ok(job()));
    await fireEvent.click(screen.getByTestId(TESTIDS.everyoneAsk));
    await waitFor(() => expect(commands.inventoryStart).toHaveBeenCalledWith("a", { kind: "api_users" }));
  });

  it("that failed for some is repeated for these", async () => {
    await show(view());
    const user = { id: "3", name: "User 3" };
    jobs.take(job({ id: "over", state: "finished", done: 60, failures: [{ user, error: { code: "gone", message: "", field: null, retryAt: null, details: null } }] }));
    commands.inventoryStart.mockResolvedValue(ok(job({ total: 1 })));
    await fireEvent.click(await screen.findByTestId(TESTIDS.usersJobRepeat));
    await waitFor(() => expect(commands.inventoryStart).toHaveBeenCalledWith("a", { kind: "these", users: [user] }));
    expect(screen.queryByTestId(TESTIDS.usersJobFailed)).toBeNull();
  });
});

describe("the page", () => {
  it("finds out at the account holder whether it is offered, once", async () => {
    await show(view({ state: { kind: "unknown" }, rows: [], asked: 0, apiUsersAsked: 0, asOf: null }));
    await waitFor(() => expect(commands.userTokens).toHaveBeenCalledWith("a", "1", true));
    expect(commands.userTokens).toHaveBeenCalledTimes(1);
    expect(screen.getByTestId(TESTIDS.everyoneEmpty)).toBeTruthy();
  });

  it("shows nothing of what was known where it may not be seen any more", async () => {
    await show(view({ state: { kind: "refused", reason: "permission_users", checkedAt: ago(0) } }));
    expect(screen.getByTestId(TESTIDS.everyoneRefused).textContent).toContain("Kim");
    for (const id of [TESTIDS.everyoneTable, TESTIDS.everyoneAsk, TESTIDS.everyoneCsv]) expect(screen.queryByTestId(id)).toBeNull();
  });

  it("says that it is not offered, and asks again only when told to", async () => {
    await show(view({ state: { kind: "not_offered", checkedAt: ago(0) }, rows: [] }));
    expect(commands.userTokens).not.toHaveBeenCalled();
    commands.capabilitiesCheckAgain.mockResolvedValue(ok({ account: "a", state: { kind: "offered" }, rows: [], asOf: null, error: null }));
    await fireEvent.click(screen.getByTestId(TESTIDS.everyoneCheckAgain));
    await waitFor(() => expect(commands.userTokens).toHaveBeenCalledTimes(1));
  });

  it("deletes after a question, and holds it back; the account holder's and one's own are not deleted here", async () => {
    await show(view());
    await menu(HOLDER);
    const item = await screen.findByTestId(TESTIDS.menuEveryoneDelete);
    expect(item.textContent).toContain("Only User 1 can delete it");
    expect(item.dataset.disabled).toBeDefined();
    await fireEvent.keyDown(item, { key: "Escape" });
    await fireEvent.keyDown(line(HOLDER), { key: "Delete" });
    expect(screen.queryByTestId(TESTIDS.userDeleteDialog)).toBeNull();

    await fireEvent.keyDown(line(OTHER), { key: "Delete" });
    expect((await screen.findByTestId(TESTIDS.userDeleteDialog)).textContent).toContain("Script");
    commands.userTokensDelete.mockResolvedValue(ok({ operation: "o", account: "a", user: OTHER.owner, tokens: [OTHER.token], sentAt: ago(-1) }));
    await fireEvent.click(screen.getByTestId(TESTIDS.confirm));
    await waitFor(() => expect(commands.userTokensDelete).toHaveBeenCalledWith("a", OTHER.owner, [OTHER.token]));
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.userDeleteDialog)).toBeNull());
    await fireEvent.keyDown(line(OTHER), { key: "Delete" });
    expect(screen.queryByTestId(TESTIDS.userDeleteDialog), "not twice").toBeNull();
  });

  it("goes to the owner's page by Enter", async () => {
    await show(view());
    await fireEvent.keyDown(line(OTHER), { key: "Enter" });
    expect([app.area, users.wanted]).toEqual(["users", "3"]);
  });

  it("writes a file, and says why not", async () => {
    await show(view());
    commands.inventoryExport.mockResolvedValue(failed("invalid"));
    await fireEvent.click(screen.getByTestId(TESTIDS.everyoneJson));
    expect(commands.inventoryExport).toHaveBeenCalledWith("a", "json");
    await waitFor(() => expect(document.querySelector('[data-code="invalid"]')).not.toBeNull());
  });

  it("looks once more, not once for each, when a run tells of many users at once", async () => {
    await show(view());
    await waitFor(() => expect(commands.inventoryView.mock.calls.length).toBeGreaterThanOrEqual(2));
    await inventory.look();
    commands.inventoryView.mockClear();
    await Promise.all(Array.from({ length: 20 }, () => inventory.changed()));
    expect(commands.inventoryView).toHaveBeenCalledTimes(2);
  });
});
