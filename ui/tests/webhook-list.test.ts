import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import WebhookList from "../src/areas/webhooks/WebhookList.svelte";
import { limit } from "../src/lib/limit.svelte";
import { toasts } from "../src/lib/toasts.svelte";
import { bulkRun } from "../src/areas/webhooks/bulk-run.svelte";
import type { AccountView, AppError, WebhookRow, WebhooksView } from "../src/lib/ipc";
import { locale } from "../src/lib/locale.svelte";
import { TESTIDS } from "../src/lib/testids";
import { webhooks } from "../src/lib/webhooks.svelte";

const { commands } = vi.hoisted(() => ({ commands: { webhooksView: vi.fn(), webhooksRefresh: vi.fn(), webhookEvents: vi.fn(), webhooksSetActive: vi.fn(), webhooksDelete: vi.fn() } }));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const account = { id: "a", label: "Demo", demo: true } as AccountView;
const error = (code: AppError["code"]): AppError => ({ code, message: "", field: null, retryAt: null, details: null });

function row(id: string, more: Partial<WebhookRow> = {}): WebhookRow {
  return { id, description: `Hook ${id}`, target: "https://example.com/", host: "example.com", plainHttp: false, querySecret: false, events: ["ticket_created"], projects: null, authentication: "none", headers: 0, hiddenHeaders: 0, active: true, createdOn: null, updatedOn: null, byHand: false, base: `base-${id}`, ...more };
}

const view = (rows: WebhookRow[], state: WebhooksView["state"] = { kind: "offered" }): WebhooksView => ({ account: "a", state, rows, asOf: "2026-11-24T12:00:00Z", error: null });

async function show(shown: WebhooksView) {
  webhooks.open("a");
  commands.webhooksView.mockResolvedValue(ok(shown));
  await webhooks.look();
  const menus = document.createElement("div");
  menus.dataset.menus = "";
  document.body.append(menus);
  const go = vi.fn();
  render(WebhookList, { account, back: null, go });
  return go;
}

const lines = () => screen.getAllByTestId(TESTIDS.webhooksRow);
const picked = () => lines().filter((line) => line.getAttribute("aria-selected") === "true").map((line) => line.dataset.row);

beforeEach(() => {
  locale.choose("en");
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  bulkRun.run = null;
  bulkRun.dismiss("a");
  webhooks.open(null);
  document.querySelector("[data-menus]")?.remove();
  vi.clearAllMocks();
});

describe("rows", () => {
  it("open the editor by a click and by Enter, but not when they are picked", async () => {
    const go = await show(view([row("1"), row("2")]));
    await fireEvent.click(within(lines()[1]!).getByText("Hook 2"));
    expect(go).toHaveBeenLastCalledWith({ kind: "editor", id: "2", copyOf: null, resume: false });
    await fireEvent.keyDown(lines()[0]!, { key: "Enter" });
    expect(go).toHaveBeenLastCalledWith({ kind: "editor", id: "1", copyOf: null, resume: false });
    await fireEvent.click(within(lines()[0]!).getByTestId(TESTIDS.webhooksPick));
    expect(go).toHaveBeenCalledTimes(2);
    expect(picked()).toEqual(["1"]);
  });

  it("are picked by the keyboard: Space, all, none", async () => {
    await show(view([row("1"), row("2"), row("3")]));
    await fireEvent.keyDown(lines()[1]!, { key: " " });
    expect(picked()).toEqual(["2"]);
    await fireEvent.keyDown(lines()[1]!, { key: "a", ctrlKey: true });
    expect(picked()).toEqual(["1", "2", "3"]);
    await fireEvent.keyDown(lines()[1]!, { key: " " });
    expect(picked()).toEqual(["1", "3"]);
    await fireEvent.keyDown(lines()[1]!, { key: "Escape" });
    expect(picked()).toEqual([]);
    expect(screen.queryByTestId(TESTIDS.webhooksBar)).toBeNull();
  });

  it("that a search hides are not picked", async () => {
    commands.webhooksDelete.mockResolvedValue(ok([]));
    await show(view([row("1"), row("2")]));
    await fireEvent.keyDown(lines()[0]!, { key: "a", ctrlKey: true });
    await fireEvent.input(screen.getByTestId(TESTIDS.webhooksSearch), { target: { value: "Hook 2" } });
    await fireEvent.click(screen.getByTestId(TESTIDS.webhooksDelete));
    expect(screen.getByTestId(TESTIDS.webhookDeleteDialog).textContent).toContain("Delete “Hook 2”?");
  });
});

describe("several at once", () => {
  it("are paused as they were shown; what failed is named and stays picked", async () => {
    await show(view([row("1"), row("2"), row("3", { active: false })]));
    commands.webhooksSetActive.mockImplementation((_: string, [pick]: { id: string }[]) => Promise.resolve(ok([{ id: pick!.id, error: pick!.id === "2" ? error("stale") : null }])));
    await fireEvent.keyDown(lines()[0]!, { key: "a", ctrlKey: true });
    await fireEvent.click(screen.getByTestId(TESTIDS.webhooksPause));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.webhooksBulkFailed).textContent).toContain("1 of 2 not paused"));
    expect(commands.webhooksSetActive.mock.calls).toEqual([["a", [{ id: "1", base: "base-1" }], false], ["a", [{ id: "2", base: "base-2" }], false]]);
    expect(screen.getByTestId(TESTIDS.webhooksBulkFailed).textContent).toContain("Hook 2");
    expect(picked()).toEqual(["2", "3"]);
    commands.webhooksSetActive.mockClear();
    await fireEvent.click(screen.getByTestId(TESTIDS.webhooksRepeat));
    await waitFor(() => expect(commands.webhooksSetActive.mock.calls).toEqual([["a", [{ id: "2", base: "base-2" }], false]]));
  });

  it("are done one by one, with how far it got, until they are stopped", async () => {
    await show(view([row("1"), row("2"), row("3")]));
    const answers: ((answer: unknown) => void)[] = [];
    commands.webhooksSetActive.mockImplementation(() => new Promise((answer) => answers.push(answer)));
    await fireEvent.keyDown(lines()[0]!, { key: "a", ctrlKey: true });
    await fireEvent.click(screen.getByTestId(TESTIDS.webhooksPause));
    const progress = screen.getByTestId(TESTIDS.progress);
    expect(progress.textContent).toContain("Pausing 0 of 3");
    expect(commands.webhooksSetActive).toHaveBeenCalledTimes(1);
    answers[0]!(ok([{ id: "1", error: null }]));
    await waitFor(() => expect(progress.textContent).toContain("Pausing 1 of 3"));
    await fireEvent.click(screen.getByTestId(TESTIDS.progressStop));
    answers[1]!(ok([{ id: "2", error: null }]));
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.progress)).toBeNull());
    expect(commands.webhooksSetActive).toHaveBeenCalledTimes(2);
    expect(picked()).toEqual(["3"]);
    expect(toasts.said).toContain("2 of 3 done");
  });

  it("are not tried any more when the next would fail for the same reason", async () => {
    await show(view([row("1"), row("2"), row("3")]));
    commands.webhooksSetActive.mockResolvedValue({ status: "error", error: error("paused") });
    await fireEvent.keyDown(lines()[0]!, { key: "a", ctrlKey: true });
    await fireEvent.click(screen.getByTestId(TESTIDS.webhooksPause));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.webhooksBulkFailed).textContent).toContain("3 of 3 not paused"));
    expect(commands.webhooksSetActive).toHaveBeenCalledTimes(1);
    expect(picked()).toEqual(["1", "2", "3"]);
  });

  it("one alone says what it waits for", async () => {
    await show(view([row("1")]));
    commands.webhooksSetActive.mockReturnValue(new Promise(() => {}));
    limit.take({ limit: 30, share: 20, used: 20, free: 0, nextFreeInMs: 12_000, pausedForMs: null, pausedUntil: null, waiting: 1, available: true });
    await fireEvent.keyDown(lines()[0]!, { key: " " });
    await fireEvent.click(screen.getByTestId(TESTIDS.webhooksPause));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.progress).textContent).toMatch(/Pausing “Hook 1”, waiting for the request limit, next in 1\d s/));
    limit.account = null;
  });

  it("are deleted only when their number is typed", async () => {
    await show(view([row("1"), row("2")]));
    commands.webhooksDelete.mockResolvedValue(ok([{ id: "1", error: null }, { id: "2", error: null }]));
    await fireEvent.keyDown(lines()[0]!, { key: "a", ctrlKey: true });
    await fireEvent.click(screen.getByTestId(TESTIDS.webhooksDelete));
    const names = screen.getByRole("group", { name: "Webhooks" });
    expect([names.tabIndex, [...names.querySelectorAll("li")].map(({ textContent }) => textContent)]).toEqual([0, ["Hook 1example.com", "Hook 2example.com"]]);
    const confirm = screen.getByTestId(TESTIDS.confirm) as HTMLButtonElement;
    for (const wrong of ["", "delete", "delete 3", "2"]) {
      await fireEvent.input(screen.getByTestId(TESTIDS.webhookDeleteTyped), { target: { value: wrong } });
      expect(confirm.disabled).toBe(true);
    }
    await fireEvent.input(screen.getByTestId(TESTIDS.webhookDeleteTyped), { target: { value: "delete 2" } });
    expect(confirm.disabled).toBe(false);
    await fireEvent.click(confirm);
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.webhookDeleteDialog)).toBeNull());
    await waitFor(() => expect(commands.webhooksDelete.mock.calls).toEqual([["a", [{ id: "1", base: "base-1" }]], ["a", [{ id: "2", base: "base-2" }]]]));
  });

  it("that were set up by hand are not paused", async () => {
    await show(view([row("hand-1", { byHand: true })]));
    await fireEvent.keyDown(lines()[0]!, { key: " " });
    expect((screen.getByTestId(TESTIDS.webhooksPause) as HTMLButtonElement).disabled).toBe(true);
  });
});

describe("each state says what to do next", () => {
  it.each([
    [view([]), TESTIDS.webhooksEmpty, true],
    [view([], { kind: "not_offered", checkedAt: "2026-11-24T12:00:00Z" }), TESTIDS.webhooksNotOffered, true],
    [view([], { kind: "refused", reason: "account_holder_only", checkedAt: "2026-11-24T12:00:00Z" }), TESTIDS.webhooksRefused, false],
    [view([], { kind: "refused", reason: "plan", checkedAt: "2026-11-24T12:00:00Z" }), TESTIDS.webhooksRefused, false],
    [{ ...view([], { kind: "unknown" }), asOf: null, error: error("offline") }, TESTIDS.webhooksFailed, false],
  ] as const)("%#", async (shown, testid, creates) => {
    await show(shown);
    expect(within(screen.getByTestId(testid)).getAllByRole("button").length).toBeGreaterThan(0);
    expect(screen.queryByTestId(TESTIDS.webhooksCreate) !== null).toBe(creates);
  });

  it("also when nothing matches", async () => {
    await show(view([row("1")]));
    await fireEvent.input(screen.getByTestId(TESTIDS.webhooksSearch), { target: { value: "zzz" } });
    await fireEvent.click(within(screen.getByTestId(TESTIDS.webhooksNoMatch)).getByRole("button"));
    expect(lines()).toHaveLength(1);
  });
});

describe("the store", () => {
  it("asks for the events once, and only where webhooks are offered", async () => {
    commands.webhookEvents.mockResolvedValue(ok([{ name: "a", title: "A", group: null, example: null }]));
    commands.webhooksView.mockResolvedValue(ok(view([])));
    commands.webhooksRefresh.mockResolvedValue(ok(view([])));
    webhooks.open("a");
    await webhooks.enter();
    await webhooks.enter();
    expect(commands.webhookEvents).toHaveBeenCalledTimes(1);
    // That list is from long ago.
    expect(commands.webhooksRefresh).toHaveBeenCalledTimes(2);
    commands.webhooksView.mockResolvedValue(ok({ ...view([]), asOf: new Date().toISOString() }));
    await webhooks.enter();
    expect(commands.webhooksRefresh).toHaveBeenCalledTimes(2);
    webhooks.open("b");
    const refused = { ...view([], { kind: "refused", reason: "plan", checkedAt: "" }), account: "b" };
    commands.webhooksView.mockResolvedValue(ok(refused));
    commands.webhooksRefresh.mockResolvedValue(ok(refused));
    await webhooks.enter();
    expect(commands.webhookEvents).toHaveBeenCalledTimes(1);
  });

  it("never shows a late answer of an account that was left", async () => {
    let late!: (answer: unknown) => void;
    commands.webhooksView.mockImplementation((id: string) => Promise.resolve(ok({ ...view([]), account: id })));
    commands.webhooksRefresh.mockReturnValue(new Promise((resolve) => (late = resolve)));
    webhooks.open("a");
    const entering = webhooks.enter();
    await vi.waitFor(() => expect(commands.webhooksRefresh).toHaveBeenCalled());
    webhooks.open("b");
    await webhooks.look();
    late(ok(view([row("1")])));
    await entering;
    expect(webhooks.view?.account).toBe("b");
  });
});
