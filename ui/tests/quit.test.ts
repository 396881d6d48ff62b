import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import OperationBanner from "../src/areas/tokens/OperationBanner.svelte";
import { draftOf } from "../src/areas/webhooks/draft";
import { stashes } from "../src/areas/webhooks/stashes.svelte";
import QuitDialog from "../src/components/QuitDialog.svelte";
import { app } from "../src/lib/app.svelte";
import type { Notice, OperationView, WebhookForm } from "../src/lib/ipc";
import { locale } from "../src/lib/locale.svelte";
import { operations } from "../src/lib/operations.svelte";
import { TESTIDS } from "../src/lib/testids";
import { unsaved } from "../src/lib/unsaved.svelte";

const { commands, door } = vi.hoisted(() => ({
  commands: { appStart: vi.fn(), unsavedSet: vi.fn(), quit: vi.fn(), operationDismiss: vi.fn() },
  door: { hear: (_event: { payload: unknown }) => {} },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: { notice: { listen: (hear: typeof door.hear) => Promise.resolve((door.hear = hear)) } } }));

const ok = (data: unknown) => ({ status: "ok", data });
const tell = (notice: Notice) => door.hear({ payload: notice });
const form: WebhookForm = { id: "1", base: "b", description: "Hook", active: true, targetUrl: "https://example.com/", projects: null, events: [], authentication: { kind: "none" }, headers: [], keepValues: false };

beforeEach(() => {
  locale.choose("en");
  commands.unsavedSet.mockResolvedValue(ok(null));
  commands.quit.mockResolvedValue(ok(null));
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  unsaved.onlyOf([]);
  app.quitting = null;
  vi.clearAllMocks();
});

describe("what is not saved", () => {
  it("is told once when there is any, and once when there is none left", () => {
    unsaved.mark("editor", "a", "Hook");
    unsaved.mark("editor", "a", "Hook 2");
    stashes.keep("a", draftOf(form));
    unsaved.drop("editor");
    expect(commands.unsavedSet.mock.calls).toEqual([[true]]);
    stashes.drop("a", "1");
    expect(commands.unsavedSet.mock.calls).toEqual([[true], [false]]);
  });

  it("goes with its account", async () => {
    unsaved.mark("editor", "a", "Hook");
    commands.appStart.mockResolvedValue(ok({ version: "1", accounts: [], activeAccount: null, keychain: { kind: "secret_service", status: "ready" }, storeNotice: null, prefs: {} }));
    await app.reload();
    expect(unsaved.names).toEqual([]);
    expect(commands.unsavedSet).toHaveBeenLastCalledWith(false);
  });
});

describe("quitting", () => {
  it("asks about what is unsaved, but first about a value that is kept nowhere", async () => {
    commands.appStart.mockResolvedValue(ok({ version: "1", accounts: [], activeAccount: null, keychain: { kind: "secret_service", status: "ready" }, storeNotice: null, prefs: {} }));
    await app.start();
    const before = app.quitAsked;
    tell({ kind: "quit_asked", unkept: true, unsaved: true, deletions: 1 });
    expect([app.quitAsked, app.quitting]).toEqual([before + 1, null]);
    tell({ kind: "quit_asked", unkept: false, unsaved: true, deletions: 0 });
    expect([app.quitAsked, app.quitting]).toEqual([before + 1, { unsaved: true, deletions: 0 }]);
  });

  it("names what would be lost, and stays unless told otherwise", async () => {
    app.quitting = { unsaved: true, deletions: 0 };
    unsaved.mark("editor", "a", "Photos to the site diary");
    unsaved.mark("draft", "a", "");
    render(QuitDialog);
    const dialog = screen.getByTestId(TESTIDS.quitDialog);
    expect(within(dialog).getAllByRole("listitem").map((item) => item.textContent)).toEqual(["Photos to the site diary", "A new webhook"]);
    expect(document.activeElement).toBe(screen.getByTestId(TESTIDS.quitStay));
    await fireEvent.click(screen.getByTestId(TESTIDS.quitAnyway));
    await waitFor(() => expect(commands.quit).toHaveBeenCalledWith(true));
    await fireEvent.click(screen.getByTestId(TESTIDS.quitStay));
    expect(app.quitting).toBeNull();
  });

  it("says that it cancels a deletion that is held back", () => {
    app.quitting = { unsaved: false, deletions: 2 };
    render(QuitDialog);
    expect(screen.getByTestId(TESTIDS.quitDialog).textContent).toMatch(/2 deletions.*nothing is deleted/);
    expect(screen.getByTestId(TESTIDS.quitDialog).textContent).not.toContain("webhook");
  });
});

describe("an operation of another version", () => {
  it("can only be dismissed", async () => {
    const operation: OperationView = { id: "o", account: "a", kind: "unreadable", state: "sent", subject: "Power BI", startedAt: "2026-11-24T12:00:00Z", lost: null, replacement: null };
    operations.all = [operation];
    commands.operationDismiss.mockResolvedValue(ok(null));
    render(OperationBanner, { operation, oncontinue: vi.fn() });
    const banner = screen.getByTestId(TESTIDS.operationUnreadable);
    expect(banner.textContent).toContain("Power BI");
    const buttons = within(banner).getAllByRole("button");
    expect(buttons.map((button) => button.textContent?.trim())).toEqual(["Dismiss"]);
    await fireEvent.click(buttons[0]!);
    await waitFor(() => expect(operations.all).toEqual([]));
    expect(commands.operationDismiss).toHaveBeenCalledWith("o");
  });
});
