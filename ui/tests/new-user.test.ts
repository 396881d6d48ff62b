import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draftOf, inputOf, isChanged, licencesOf, missing, refused, withProject, type Draft } from "../src/areas/users/new/draft";
import NewUserPage from "../src/areas/users/new/NewUserPage.svelte";
import { stashes } from "../src/areas/users/new/stash.svelte";
import UserOperation from "../src/areas/users/UserOperation.svelte";
import { createBlocked } from "../src/areas/users/words";
import type { AccountView, AppError, NewUserForm, OperationView, UserRow } from "../src/lib/ipc";
import { limit } from "../src/lib/limit.svelte";
import { locale } from "../src/lib/locale.svelte";
import { now } from "../src/lib/now.svelte";
import { areaOf } from "../src/lib/operations.svelte";
import { TESTIDS } from "../src/lib/testids";
import { unsaved } from "../src/lib/unsaved.svelte";

const { commands } = vi.hoisted(() => ({
  commands: { userCreateForm: vi.fn(), userCreate: vi.fn(), userInvite: vi.fn(), usersRefresh: vi.fn(), usersView: vi.fn(), operationsList: vi.fn(), operationCheck: vi.fn(), projectsPage: vi.fn(), unsavedSet: vi.fn(() => Promise.resolve({ status: "ok", data: null })) },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const fails = (code: AppError["code"], more: Partial<AppError> = {}) => ({ status: "error", error: { code, message: "what Rust said", field: null, retryAt: null, details: null, ...more } });
const fields = (...all: [string, string][]): Partial<AppError> => ({ field: all[0]?.[0] ?? null, details: { kind: "fields", fields: all.map(([pointer, message]) => ({ pointer, message })) } });
const account = { id: "a", label: "Nordbau" } as AccountView;
const form = (more: Partial<NewUserForm> = {}): NewUserForm => ({
  input: { firstName: "Integration", lastName: "Nordbau", mail: "", company: "Nordbau", position: "Integration", apiAccess: true, memberships: [] },
  roles: [{ id: "r1", name: "Manager", admin: true }, { id: "r2", name: "Reader", admin: false }],
  licencesUsed: 7,
  licencesTotal: 10,
  ...more,
});
const row = { id: "9", name: "Integration Nordbau", mail: "erp@example.com" } as UserRow;
const draft = (more: Partial<Draft> = {}): Draft => ({ ...draftOf(form()), ...more });

const onclose = vi.fn();
async function show(shown = form()) {
  commands.userCreateForm.mockResolvedValue(ok(shown));
  const page = render(NewUserPage, { account, onclose });
  await waitFor(() => expect(screen.queryByTestId(TESTIDS.newUserMail)).not.toBeNull());
  return page;
}
const input = (testid: string) => screen.getByTestId(testid) as HTMLInputElement;
const type = (testid: string, value: string) => fireEvent.input(input(testid), { target: { value } });
async function submit() {
  await waitFor(() => expect(screen.getByTestId(TESTIDS.newUserSubmit).getAttribute("aria-busy")).toBeNull());
  await fireEvent.click(screen.getByTestId(TESTIDS.newUserSubmit));
}
const said = (testid: string) => document.getElementById(input(testid).getAttribute("aria-describedby")?.split(" ")[0] ?? "")?.textContent;

beforeEach(() => {
  locale.choose("en");
  commands.operationsList.mockResolvedValue(ok([]));
  commands.usersRefresh.mockResolvedValue(ok({ account: "a", rows: [row], state: { kind: "offered" }, count: 1, complete: true }));
  Element.prototype.scrollIntoView = () => {};
});
afterEach(() => {
  stashes.drop("a");
  vi.clearAllMocks();
});

describe("what is typed", () => {
  it("is sent as it is, each project with its role", () => {
    const members = withProject(withProject([], { id: "p1", name: "One" }, true).map((member) => ({ ...member, roleId: "r2" })), { id: "p2", name: null }, true);
    expect(inputOf(draft({ members })).memberships).toEqual([{ projectId: "p1", roleId: "r2" }, { projectId: "p2", roleId: "r2" }]);
    expect(withProject(members, { id: "p1", name: null }, false).map(({ project }) => project.id)).toEqual(["p2"]);
    // Chosen twice it is there once.
    expect(withProject(members, { id: "p2", name: null }, true)).toHaveLength(2);
  });

  it("is changed by a project and by a role, not by a project's name", () => {
    const [one] = withProject([], { id: "p1", name: null }, true);
    if (!one) throw new Error("none");
    expect(isChanged(draft(), draft())).toBe(false);
    expect(isChanged(draft({ members: [one] }), draft())).toBe(true);
    expect(isChanged(draft({ members: [{ ...one, roleId: "r1" }] }), draft({ members: [one] }))).toBe(true);
    expect(isChanged(draft({ members: [{ ...one, project: { id: "p1", name: "One" } }] }), draft({ members: [one] }))).toBe(false);
  });

  it("is looked at before anything is sent: all that is missing at once", () => {
    expect(Object.keys(missing(draft({ firstName: " ", members: [{ project: { id: "p1", name: null }, roleId: "" }] })))).toEqual(["firstName", "mail", "role-p1"]);
    expect(missing(draft({ mail: "a@example.com", company: "", position: "" }))).toEqual({});
  });
});

it("a refusal is told at the fields it names", () => {
  const error = (code: AppError["code"], more: Partial<AppError>) => fails(code, more).error as AppError;
  expect(Object.keys(refused(error("invalid", fields(["last_name", "too long"], ["/data/attributes/role_ids", "there is none"], ["/data", "licences"]))))).toEqual(["lastName", "members", "whole"]);
  expect(refused(error("invalid", fields(["mail", "is taken"])))).toEqual({ mail: "Not accepted: is taken" });
  expect(Object.keys(refused(error("invite_instead", fields(["mail", "known elsewhere"], ["first_name", "too long"]))))).toEqual(["firstName"]);
  expect(refused(error("invalid", { field: "first_name" }))).toEqual({ firstName: "One line of at most 100 characters." });
  expect(refused(error("offline", {}))).toEqual({});
});

it.each([
  [null, null, "unknown"],
  [7, 10, "free"],
  [9, 10, "last"],
  [10, 10, "none"],
  [12, 10, "none"],
] as const)("licences: %s of %s are %s", (licencesUsed, licencesTotal, kind) => {
  expect(licencesOf(form({ licencesUsed, licencesTotal })).kind).toBe(kind);
});

it("who may not change users is told why before the form", () => {
  expect(createBlocked({ kind: "offered" }, false)).toBeNull();
  expect(createBlocked(undefined, false)).toBeNull();
  expect(createBlocked({ kind: "offered" }, true)).toContain("'Users'");
  expect(createBlocked({ kind: "refused", reason: "permission_users", checkedAt: "" }, false)).toContain("'Users'");
  expect(createBlocked({ kind: "refused", reason: "plan", checkedAt: "" }, false)).toContain("refuses");
  expect(createBlocked({ kind: "not_offered", checkedAt: "" }, false)).toContain("does not offer");
});

describe("the form", () => {
  it("starts as the recommended user, and says what it takes and what comes next", async () => {
    commands.userCreate.mockResolvedValue(ok(row));
    await show();
    expect([TESTIDS.newUserFirst, TESTIDS.newUserLast, TESTIDS.newUserMail, TESTIDS.newUserCompany, TESTIDS.newUserPosition].map((id) => input(id).value)).toEqual(["Integration", "Nordbau", "", "Nordbau", "Integration"]);
    expect(input(TESTIDS.newUserApi).checked).toBe(true);
    expect(screen.getByTestId(TESTIDS.newUserLicence).textContent).toContain("7 of 10");
    await type(TESTIDS.newUserMail, "erp@example.com");
    await submit();
    await waitFor(() => expect(screen.getByTestId(TESTIDS.newUserDone).textContent).toContain("not as yourself"));
    expect(commands.userCreate.mock.calls).toEqual([["a", { ...form().input, mail: "erp@example.com" }]]);
    expect(stashes.all).toEqual([]);
    expect(unsaved.names).toEqual([]);
    await fireEvent.click(screen.getByTestId(TESTIDS.newUserShow));
    expect(onclose.mock.calls).toEqual([[row]]);
  });

  it("sends nothing while something is missing, and puts the keyboard there", async () => {
    await show();
    await type(TESTIDS.newUserFirst, "");
    await submit();
    expect(commands.userCreate).not.toHaveBeenCalled();
    expect(said(TESTIDS.newUserFirst)).toContain("needed");
    expect(said(TESTIDS.newUserMail)).toContain("mailbox");
    await waitFor(() => expect(document.activeElement).toBe(input(TESTIDS.newUserFirst)));
    await type(TESTIDS.newUserFirst, "X");
    expect(said(TESTIDS.newUserFirst)).toBeUndefined();
  });

  it("shows the server's refusal at its field and keeps what was typed", async () => {
    commands.userCreate.mockResolvedValue(fails("invalid", fields(["mail", "is taken"])));
    await show();
    await type(TESTIDS.newUserMail, "kim@example.com");
    await submit();
    await waitFor(() => expect(said(TESTIDS.newUserMail)).toContain("is taken"));
    expect(input(TESTIDS.newUserMail).value).toBe("kim@example.com");
    expect(screen.queryByTestId(TESTIDS.error)).toBeNull();
    commands.userCreate.mockResolvedValue(fails("invalid", fields(["/data", "no licence left"])));
    await submit();
    await waitFor(() => expect(screen.getByTestId(TESTIDS.newUserRefused).textContent).toContain("no licence left"));
    commands.userCreate.mockResolvedValue(fails("offline"));
    await submit();
    await waitFor(() => expect(screen.getByTestId(TESTIDS.error)).toBeTruthy());
  });

  it("invites who is known elsewhere, only for the address that PlanRadar said it of", async () => {
    commands.userCreate.mockResolvedValue(fails("invite_instead", fields(["mail", "known elsewhere"])));
    commands.userInvite.mockResolvedValue(ok(null));
    await show();
    await type(TESTIDS.newUserMail, "kim@elsewhere.example.com");
    await submit();
    await waitFor(() => expect(screen.getByTestId(TESTIDS.newUserInstead).textContent).toContain("signed in to PlanRadar as that user"));
    expect(commands.userInvite).not.toHaveBeenCalled();
    expect(screen.getByTestId(TESTIDS.newUserSubmit).textContent).toContain("Invite instead");
    await type(TESTIDS.newUserMail, "kim@example.com");
    expect(screen.queryByTestId(TESTIDS.newUserInstead)).toBeNull();
    expect(screen.getByTestId(TESTIDS.newUserSubmit).textContent).toContain("Create user");
    await type(TESTIDS.newUserMail, " Kim@elsewhere.example.com");
    await submit();
    await waitFor(() => expect(screen.getByTestId(TESTIDS.newUserDone).dataset.invited).toBe("true"));
    expect(commands.userInvite).toHaveBeenCalledTimes(1);
    expect(commands.userCreate).toHaveBeenCalledTimes(1);
  });

  it("works without roles, and says why there are no projects", async () => {
    await show(form({ roles: [], licencesUsed: null, licencesTotal: null }));
    expect(screen.queryByTestId(TESTIDS.newUserProjects)).toBeNull();
    expect(screen.getByTestId(TESTIDS.newUserLicence).textContent).toContain("not known");
    await type(TESTIDS.newUserMail, "erp@example.com");
    commands.userCreateForm.mockResolvedValue(ok(form()));
    await fireEvent.click(within(screen.getByTestId(TESTIDS.newUserNoRoles)).getByRole("button"));
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.newUserNoRoles)).toBeNull());
    expect(input(TESTIDS.newUserMail).value).toBe("erp@example.com");
  });

  it("asks for projects only when they are wanted, and for a role in each", async () => {
    commands.projectsPage.mockResolvedValue(ok({ rows: [{ id: "p1", name: "One" }, { id: "p2", name: "Two" }], count: 2, page: 1, more: false }));
    commands.userCreate.mockResolvedValue(ok(row));
    await show();
    await type(TESTIDS.newUserMail, "erp@example.com");
    expect(commands.projectsPage).not.toHaveBeenCalled();
    await fireEvent.click(screen.getByTestId(TESTIDS.newUserProjects));
    await fireEvent.click(await screen.findByTestId(`${TESTIDS.project}-p2`));
    await submit();
    expect(commands.userCreate).not.toHaveBeenCalled();
    const role = screen.getByTestId(TESTIDS.newUserRole) as HTMLSelectElement;
    await waitFor(() => expect(document.activeElement).toBe(role));
    await fireEvent.change(role, { target: { value: "r2" } });
    await submit();
    await waitFor(() => expect(commands.userCreate.mock.calls[0]?.[1].memberships).toEqual([{ projectId: "p2", roleId: "r2" }]));
  });
});

it("says what it waits for when the answer is late", async () => {
  let answer!: (row: unknown) => void;
  commands.userCreate.mockReturnValue(new Promise((done) => (answer = done)));
  await show();
  await type(TESTIDS.newUserMail, "erp@example.com");
  await submit();
  const waits = () => screen.getByTestId(TESTIDS.newUserWaits).textContent;
  expect(waits()).toBe("");
  now.second = Date.now() + 10_000;
  await waitFor(() => expect(waits()).toContain("at most ten new users a minute"));
  limit.status = { limit: 30, share: 20, used: 20, free: 0, nextFreeInMs: 12_000, pausedForMs: null, pausedUntil: null, waiting: 1, available: true };
  limit.at = now.second;
  await waitFor(() => expect(waits()).toBe("waiting for the request limit, next in 12 s"));
  limit.status = null;
  answer(ok(row));
  await screen.findByTestId(TESTIDS.newUserDone);
});

describe("a form that is left", () => {
  it("is kept, asks before quitting, and is there again", async () => {
    const page = await show();
    await type(TESTIDS.newUserMail, "erp@example.com");
    expect(unsaved.names).toEqual(["New user: Integration Nordbau"]);
    page.unmount();
    expect(stashes.find("a")?.draft.mail).toBe("erp@example.com");
    expect(unsaved.names).toHaveLength(1);
    await show();
    expect(input(TESTIDS.newUserMail).value).toBe("erp@example.com");
    await fireEvent.click(screen.getByTestId(TESTIDS.newUserDiscard));
    expect(onclose.mock.calls).toEqual([[]]);
    expect(stashes.all).toEqual([]);
    expect(unsaved.names).toEqual([]);
  });

  it("unchanged leaves nothing behind", async () => {
    (await show()).unmount();
    expect(stashes.all).toEqual([]);
    expect(unsaved.names).toEqual([]);
  });

  it("while it is sent is not kept once the user is there", async () => {
    let answer!: (row: unknown) => void;
    commands.userCreate.mockReturnValue(new Promise((done) => (answer = done)));
    const page = await show();
    await type(TESTIDS.newUserMail, "erp@example.com");
    await submit();
    page.unmount();
    expect(stashes.all).toHaveLength(1);
    answer(ok(row));
    await waitFor(() => expect(stashes.all).toEqual([]));
    expect(unsaved.names).toEqual([]);
  });
});

describe("a lost answer", () => {
  const lost = (kind: OperationView["kind"], checkedAt: string | null = null): OperationView => ({ id: "o", account: "a", kind, state: "unknown", subject: "Integration Nordbau", startedAt: "2026-11-24T12:00:00Z", lost: { candidates: [], checkedAt, nextCheckAt: null, created: false }, replacement: null });

  it("leads to the list, where it is looked after, and what was typed is kept until the user is found", async () => {
    expect([areaOf("create_user"), areaOf("invite_user")]).toEqual(["users", "users"]);
    commands.userCreate.mockResolvedValue(fails("lost_answer"));
    const page = await show();
    await type(TESTIDS.newUserMail, "erp@example.com");
    await submit();
    await waitFor(() => expect(onclose.mock.calls).toEqual([[]]));
    page.unmount();
    expect(stashes.all).toHaveLength(1);

    const banner = render(UserOperation, { operation: lost("create_user") });
    expect(screen.getByTestId(TESTIDS.usersOperation).textContent).toContain("not known whether “Integration Nordbau” was created");
    commands.operationCheck.mockResolvedValue(ok({ ...lost("create_user"), state: "done" }));
    await fireEvent.click(screen.getByTestId(TESTIDS.usersOperationCheck));
    await waitFor(() => expect(stashes.all).toEqual([]));
    banner.unmount();
    render(UserOperation, { operation: lost("create_user", "2026-11-24T12:01:00Z") });
    expect(screen.getByTestId(TESTIDS.usersOperation).textContent).toContain("Most likely nobody was created");
  });

  it("to an invitation is not looked for where it can't be seen", () => {
    render(UserOperation, { operation: lost("invite_user") });
    expect(screen.getByTestId(TESTIDS.usersOperation).textContent).toContain("Look in PlanRadar before you invite again");
    expect(screen.queryByTestId(TESTIDS.usersOperationCheck)).toBeNull();
  });
});
