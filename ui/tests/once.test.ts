import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import OnceDialog from "../src/areas/tokens/OnceDialog.svelte";
import { app } from "../src/lib/app.svelte";
import type { AppError, CreatedToken, Kept } from "../src/lib/ipc";
import { keychain } from "../src/lib/keychain.svelte";
import { m } from "../src/lib/paraglide/messages";
import { TESTIDS } from "../src/lib/testids";
import { tokens } from "../src/lib/tokens.svelte";

const { commands } = vi.hoisted(() => ({
  commands: { tokenReveal: vi.fn(), tokenCopyCreated: vi.fn(), tokenKeep: vi.fn(), tokenClose: vi.fn(), tokensView: vi.fn(), tokensRefresh: vi.fn() },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const VALUE = "demo-9f2c41ab77e0";
const ok = (data: unknown) => ({ status: "ok", data });
const refused: AppError = { code: "keychain_refused", message: "no", field: null, retryAt: null, details: null };

function created(kept: Kept, keepError: AppError | null = null): CreatedToken {
  return { operation: "op", account: "a", tokenId: "7", name: "Power BI", handle: "h", revealUntil: new Date(Date.now() + 120_000).toISOString(), kept, keepError };
}

function show(token: CreatedToken) {
  const onclosed = vi.fn();
  render(OnceDialog, { created: token, onclosed });
  return onclosed;
}
const get = (id: string) => screen.getByTestId(id);
const page = () => document.body.innerHTML;

beforeEach(() => {
  keychain.state = { kind: "secret_service", status: "ready" };
  commands.tokenReveal.mockResolvedValue(ok(VALUE));
  commands.tokenCopyCreated.mockResolvedValue(ok({ clearsInS: 120, clearsAt: new Date(Date.now() + 120_000).toISOString() }));
  commands.tokenKeep.mockResolvedValue(ok("session"));
  commands.tokenClose.mockResolvedValue(ok(null));
  // Never: what the test takes is what is known.
  for (const ask of [commands.tokensView, commands.tokensRefresh]) ask.mockReturnValue(new Promise(() => {}));
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe("a value shown once", () => {
  it("is masked until it is asked for, and masks itself after 30 seconds", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    show(created("keychain"));
    expect(get(TESTIDS.onceValue).dataset.shown).toBe("false");
    expect(commands.tokenReveal).not.toHaveBeenCalled();

    await fireEvent.click(get(TESTIDS.onceReveal));
    await waitFor(() => expect(get(TESTIDS.onceValue).textContent).toBe(VALUE));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(get(TESTIDS.onceValue).dataset.shown).toBe("true");
    await vi.advanceTimersByTimeAsync(1_500);
    await waitFor(() => expect(get(TESTIDS.onceValue).dataset.shown).toBe("false"));
    expect(page()).not.toContain("9f2c");
  });

  it("is copied by Rust, also with Ctrl+C", async () => {
    show(created("keychain"));
    await fireEvent.keyDown(window, { key: "c", ctrlKey: true });
    await waitFor(() => expect(commands.tokenCopyCreated).toHaveBeenCalledWith("h"));
    await waitFor(() => expect(get(TESTIDS.onceCopied).dataset.copied).toBe("true"));
    expect(page()).not.toContain("9f2c");
  });

  it("can be closed at once when it is kept", async () => {
    const onclosed = show(created("keychain"));
    await fireEvent.click(get(TESTIDS.onceClose));
    await waitFor(() => expect(onclosed).toHaveBeenCalled());
    expect(commands.tokenClose).toHaveBeenCalledWith("h", "close");
  });

  it("asks before an unkept one is closed, even if it was copied", async () => {
    const onclosed = show(created("no"));
    await fireEvent.click(get(TESTIDS.onceCopy));
    await waitFor(() => expect(get(TESTIDS.onceCopied).dataset.copied).toBe("true"));
    await fireEvent.click(get(TESTIDS.onceClose));
    expect(get(TESTIDS.onceAsk)).toBeTruthy();
    expect(commands.tokenClose).not.toHaveBeenCalled();

    await fireEvent.click(get(TESTIDS.onceAskBack));
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.onceAsk)).toBeNull());
    expect(onclosed).not.toHaveBeenCalled();
  });

  it("asks when Escape is pressed as well", async () => {
    const onclosed = show(created("no"));
    await fireEvent.keyDown(get(TESTIDS.onceDialog), { key: "Escape" });
    expect(get(TESTIDS.onceAsk)).toBeTruthy();
    expect(onclosed).not.toHaveBeenCalled();
  });

  it("is deleted at PlanRadar when that is chosen", async () => {
    const onclosed = show(created("no"));
    await fireEvent.click(get(TESTIDS.onceClose));
    await fireEvent.click(get(TESTIDS.onceAskDelete));
    await waitFor(() => expect(onclosed).toHaveBeenCalled());
    expect(commands.tokenClose).toHaveBeenCalledWith("h", "delete_token");
  });

  it("stays open and says so when closing fails", async () => {
    commands.tokenClose.mockResolvedValue({ status: "error", error: { ...refused, code: "offline" } });
    const onclosed = show(created("no"));
    await fireEvent.click(get(TESTIDS.onceClose));
    await fireEvent.click(get(TESTIDS.onceAskDelete));
    await waitFor(() => expect(get(TESTIDS.error)).toBeTruthy());
    expect(onclosed).not.toHaveBeenCalled();
  });

  it("says that the keychain refused, and keeps it for the session when asked", async () => {
    const onclosed = show(created("no", refused));
    expect(get(TESTIDS.onceKept).dataset.kept).toBe("no");
    await fireEvent.click(get(TESTIDS.onceKeepSession));
    await waitFor(() => expect(get(TESTIDS.onceKept).dataset.kept).toBe("session"));
    expect(commands.tokenKeep).toHaveBeenCalledWith("h", true);
    await fireEvent.click(get(TESTIDS.onceClose));
    await waitFor(() => expect(onclosed).toHaveBeenCalled());
  });

  it("sees that a keychain that answered late keeps it after all", async () => {
    const onclosed = show(created("no", refused));
    tokens.open("a");
    tokens.take({ account: "a", state: { kind: "offered" }, rows: [{ id: "7", name: "Power BI", createdOn: null, lastUsedOn: null, usage: "never", kept: "keychain", own: "no", pasted: false, gone: false, verifiedAt: null, replacement: null }], asOf: null, error: null });
    await waitFor(() => expect(get(TESTIDS.onceKept).dataset.kept).toBe("keychain"));
    expect(screen.queryByTestId(TESTIDS.error)).toBeNull();
    await fireEvent.click(get(TESTIDS.onceClose));
    await waitFor(() => expect(onclosed).toHaveBeenCalled());
    tokens.open(null);
  });

  it("is called cleared from the clipboard once it is, and not by the clock", async () => {
    commands.tokenCopyCreated.mockResolvedValue(ok({ clearsInS: 0, clearsAt: new Date(Date.now() - 60_000).toISOString() }));
    show(created("keychain"));
    await fireEvent.click(get(TESTIDS.onceCopy));
    await waitFor(() => expect(get(TESTIDS.onceCopied).textContent).toContain(m.once_copied_still()));
    app.clipboardCleared += 1;
    await waitFor(() => expect(get(TESTIDS.onceCopied).textContent).toContain(m.once_copied_cleared()));
  });

  it("can't be revealed after its time", () => {
    show({ ...created("keychain"), revealUntil: new Date(Date.now() - 60_000).toISOString() });
    expect((get(TESTIDS.onceReveal) as HTMLButtonElement).disabled).toBe(true);
    expect((get(TESTIDS.onceCopy) as HTMLButtonElement).disabled).toBe(false);
  });
});
