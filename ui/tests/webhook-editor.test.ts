import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import EditorPage from "../src/areas/webhooks/EditorPage.svelte";
import { stashes } from "../src/areas/webhooks/stashes.svelte";
import { app } from "../src/lib/app.svelte";
import type { AccountView, WebhookForm, WebhookInput, WebhookPlan } from "../src/lib/ipc";
import { locale } from "../src/lib/locale.svelte";
import { TESTIDS } from "../src/lib/testids";
import { webhooks } from "../src/lib/webhooks.svelte";

const { commands } = vi.hoisted(() => ({
  commands: { webhookForm: vi.fn(), webhookDuplicate: vi.fn(), webhookCheck: vi.fn(), webhookCheckByHand: vi.fn(), webhookSave: vi.fn(), webhookEvents: vi.fn(), webhooksView: vi.fn(), projectsPage: vi.fn(), webhookCopyField: vi.fn(), webhookRememberByHand: vi.fn(), prefsSet: vi.fn(), unsavedSet: () => Promise.resolve({ status: "ok", data: null }) },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const account = { id: "a", label: "Demo", demo: true } as AccountView;
const FORM: WebhookForm = {
  id: "w1",
  base: "b1",
  description: "Photos",
  active: true,
  targetUrl: "https://example.com/hook",
  projects: null,
  events: ["photo_attached"],
  authentication: { kind: "none" },
  headers: [{ name: "X-Key", hidden: true, value: null, stored: { set: true, setHereAt: null, keptHere: false } }],
  keepValues: false,
};
const PLAN: WebhookPlan = { problems: [], changes: [], hidden: [{ name: "X-Key", what: "keep" }], destination: null, plainHttp: false, hostForms: null, querySecrets: [], conflict: null };

const view = (kind: "offered" | "not_offered") => ({ account: "a", state: kind === "offered" ? { kind } : { kind, checkedAt: "2026-11-24T12:00:00Z" }, rows: [], asOf: null, error: null });

async function open(id: string | null = "w1", kind: "offered" | "not_offered" = "offered") {
  webhooks.open("a");
  commands.webhooksView.mockResolvedValue(ok(view(kind)));
  await webhooks.look();
  const done = vi.fn();
  const page = render(EditorPage, { account, id, copyOf: null, resume: false, done });
  await screen.findByTestId(TESTIDS.webhookDescription);
  return { done, page };
}

const type = (id: string, value: string) => fireEvent.input(screen.getByTestId(id), { target: { value } });
const sent = (command: { mock: { calls: unknown[][] } }) => command.mock.calls.at(-1)?.[1] as WebhookInput;

beforeEach(() => {
  locale.choose("en");
  HTMLElement.prototype.scrollIntoView = vi.fn();
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  commands.webhookForm.mockResolvedValue(ok(FORM));
  commands.webhookEvents.mockResolvedValue(ok([{ name: "photo_attached", title: "Photo attached", group: "Attachments", example: null }]));
  commands.prefsSet.mockResolvedValue(ok(null));
});
afterEach(() => {
  stashes.all = [];
  webhooks.open(null);
  vi.clearAllMocks();
});

describe("the editor", () => {
  it("shows all problems, at their fields and on top, with the keyboard on the first", async () => {
    await open();
    commands.webhookCheck.mockResolvedValue(ok({ ...PLAN, problems: [{ field: "headers/0/value", code: "enter_again", message: "" }, { field: "description", code: "empty", message: "" }], destination: ["https://example.com", "https://other.example"] }));
    await type(TESTIDS.webhookTarget, "https://other.example/");
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookSave));
    const links = await screen.findAllByTestId(TESTIDS.webhookProblem);
    expect(links.map((link) => link.dataset.at)).toEqual(["description", "headers/0/value"]);
    expect(screen.getByTestId(TESTIDS.webhookProblems).textContent).toContain("https://other.example instead of https://example.com");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(TESTIDS.webhookDescription)));
    await fireEvent.click(links[1]!);
    expect(document.activeElement).toBe(screen.getByTestId(TESTIDS.hiddenInput));
    expect(sent(commands.webhookCheck).headers[0]?.value).toEqual({ kind: "keep" });
    await type(TESTIDS.hiddenInput, "again");
    expect(screen.getAllByTestId(TESTIDS.webhookProblem)).toHaveLength(1);
  });

  it("saves only after its summary was agreed to", async () => {
    const { done } = await open();
    commands.webhookCheck.mockResolvedValue(ok({ ...PLAN, changes: [{ field: "description", old: "Photos", new: "Videos" }] }));
    commands.webhookSave.mockResolvedValue(ok({ form: { ...FORM, description: "Videos" }, keepError: null, differs: [] }));
    await type(TESTIDS.webhookDescription, "Videos");
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookSave));
    await screen.findByTestId(TESTIDS.webhookSummary);
    expect(commands.webhookSave).not.toHaveBeenCalled();
    expect(screen.getByTestId(TESTIDS.summaryHidden).textContent).toContain("stays unchanged");
    await fireEvent.click(screen.getByTestId(TESTIDS.confirm));
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(sent(commands.webhookSave)).toMatchObject({ id: "w1", base: "b1", description: "Videos", headers: [{ name: "X-Key", hidden: true, value: { kind: "keep" } }] });
    expect(stashes.all).toEqual([]);
  });

  it("puts what the server refused at its fields, in the server's words", async () => {
    await open();
    commands.webhookCheck.mockResolvedValue(ok(PLAN));
    commands.webhookSave.mockResolvedValue({ status: "error", error: { code: "invalid", message: "", field: null, retryAt: null, details: { kind: "fields", fields: [{ pointer: "target_url", message: "no such host" }] } } });
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookSave));
    await fireEvent.click(await screen.findByTestId(TESTIDS.confirm));
    expect((await screen.findByTestId(TESTIDS.webhookProblems)).textContent).toContain("no such host");
    expect(screen.queryByTestId(TESTIDS.webhookSummary)).toBeNull();
  });

  it("overwrites what was changed elsewhere only when that is said, and against what was shown", async () => {
    await open();
    commands.webhookCheck.mockResolvedValueOnce(ok({ ...PLAN, conflict: { ...FORM, base: "b2", description: "Theirs" } })).mockResolvedValue(ok(PLAN));
    await type(TESTIDS.webhookDescription, "Mine");
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookSave));
    const dialog = await screen.findByTestId(TESTIDS.webhookConflict);
    expect(dialog.textContent).toMatch(/Theirs.*Mine/s);
    await fireEvent.click(screen.getByTestId(TESTIDS.conflictMine));
    await screen.findByTestId(TESTIDS.webhookSummary);
    expect(sent(commands.webhookCheck)).toMatchObject({ base: "b2", description: "Mine" });
    expect(commands.webhookSave).not.toHaveBeenCalled();
  });

  it("takes theirs without saving", async () => {
    await open();
    commands.webhookCheck.mockResolvedValue(ok({ ...PLAN, conflict: { ...FORM, base: "b2", description: "Theirs" } }));
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookSave));
    await fireEvent.click(await screen.findByTestId(TESTIDS.conflictTheirs));
    await waitFor(() => expect((screen.getByTestId(TESTIDS.webhookDescription) as HTMLInputElement).value).toBe("Theirs"));
    expect(screen.getByTestId(TESTIDS.webhookEditor).dataset.changed).toBe("false");
  });
});

describe("leaving the editor", () => {
  it("asks about unsaved changes, also by another area, and keeps them without secrets", async () => {
    const { page } = await open();
    app.area = "webhooks";
    await type(TESTIDS.webhookDescription, "Videos");
    await fireEvent.click(screen.getByTestId(TESTIDS.hiddenReplace));
    await type(TESTIDS.hiddenInput, "canary-value");
    app.go("tokens");
    expect(app.area).toBe("webhooks");
    await fireEvent.click(await screen.findByTestId(TESTIDS.leaveKeep));
    expect(app.area).toBe("tokens");
    page.unmount();
    expect(stashes.find("a", "w1")).toMatchObject({ lost: true, draft: { description: "Videos" } });
    expect(JSON.stringify(stashes.all)).not.toContain("canary-value");
  });

  it("asks nothing when nothing was changed", async () => {
    const { done } = await open();
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookBack));
    expect(done).toHaveBeenCalledOnce();
  });

  it("keeps nothing that was discarded", async () => {
    const { done, page } = await open();
    await type(TESTIDS.webhookDescription, "Videos");
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookBack));
    await fireEvent.click(await screen.findByTestId(TESTIDS.leaveDiscard));
    expect(done).toHaveBeenCalledOnce();
    page.unmount();
    expect(stashes.all).toEqual([]);
  });

  it("keeps what is left without a question, and offers it again", async () => {
    const { page } = await open();
    await type(TESTIDS.webhookDescription, "Videos");
    page.unmount();
    expect(stashes.of("a")).toHaveLength(1);
    await open();
    await fireEvent.click(await screen.findByTestId(TESTIDS.webhookStashTake));
    expect((screen.getByTestId(TESTIDS.webhookDescription) as HTMLInputElement).value).toBe("Videos");
    expect(stashes.all).toEqual([]);
  });
});

describe("headers", () => {
  it("are pasted as lines, and proposed as hidden by their names", async () => {
    await open();
    await fireEvent.click(screen.getByTestId(TESTIDS.headerAdd));
    const names = () => screen.getAllByTestId(TESTIDS.headerName).map((input) => (input as HTMLInputElement).value);
    const paste = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(paste, { clipboardData: { getData: () => "X-Source: demo\nX-Token: abc" } });
    screen.getAllByTestId(TESTIDS.headerName)[1]!.dispatchEvent(paste);
    await waitFor(() => expect(names()).toEqual(["X-Key", "X-Source", "X-Token"]));
    expect(paste.defaultPrevented).toBe(true);
    expect(screen.getAllByTestId(TESTIDS.headerHidden).map((tick) => (tick as HTMLInputElement).checked)).toEqual([true, false, true]);
  });

  it("move by the keyboard, and keep it", async () => {
    await open();
    await fireEvent.click(screen.getByTestId(TESTIDS.headerAdd));
    await waitFor(() => expect(document.activeElement).toBe(screen.getAllByTestId(TESTIDS.headerName)[1]));
    await type(TESTIDS.headerValue, "v");
    await fireEvent.input(screen.getAllByTestId(TESTIDS.headerName)[1]!, { target: { value: "X-New" } });
    await fireEvent.keyDown(screen.getAllByTestId(TESTIDS.headerName)[1]!, { key: "ArrowUp", altKey: true });
    await waitFor(() => expect(screen.getAllByTestId(TESTIDS.headerName).map((input) => (input as HTMLInputElement).value)).toEqual(["X-New", "X-Key"]));
    await waitFor(() => expect((document.activeElement as HTMLInputElement).value).toBe("X-New"));
  });
});

describe("where the server does not offer webhooks", () => {
  it("each field is handed over, and what was set up is remembered", async () => {
    commands.webhookForm.mockResolvedValue(ok({ ...FORM, id: null, base: null, headers: [] }));
    commands.webhookCheckByHand.mockResolvedValue(ok({ ...PLAN, hidden: [] }));
    commands.webhookCopyField.mockResolvedValue(ok({ clearsInS: 120, clearsAt: "" }));
    commands.webhookRememberByHand.mockResolvedValue(ok(view("not_offered")));
    const { done } = await open(null, "not_offered");
    await fireEvent.click(screen.getByTestId(TESTIDS.webhookSave));
    const lines = await screen.findAllByTestId(TESTIDS.handLine);
    expect(lines.map((line) => line.dataset.line)).toEqual(["description", "projects", "target_url", "events"]);
    await fireEvent.click(screen.getAllByTestId(TESTIDS.handCopy)[2]!);
    expect(commands.webhookCopyField).toHaveBeenCalledWith("https://example.com/hook");
    await fireEvent.click(screen.getByTestId(TESTIDS.handDone));
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(commands.webhookCheck).not.toHaveBeenCalled();
    expect(commands.webhookEvents).not.toHaveBeenCalled();
  });
});
