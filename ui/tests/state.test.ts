import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { KeychainState, LimitView, OperationView, TokenRow, TokensView } from "../src/lib/ipc";
import { keychain } from "../src/lib/keychain.svelte";
import { limit } from "../src/lib/limit.svelte";
import { operations } from "../src/lib/operations.svelte";
import { toasts } from "../src/lib/toasts.svelte";
import { tokens } from "../src/lib/tokens.svelte";

const { commands } = vi.hoisted(() => ({
  commands: { tokensView: vi.fn(), tokensRefresh: vi.fn(), operationsList: vi.fn(), limitStatus: vi.fn(), keychainRetry: vi.fn(), keychainChoose: vi.fn() },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const view = (account: string, rows: number, asOf: string | null = "2026-11-24T12:00:00Z"): TokensView => ({
  account,
  state: asOf ? { kind: "offered" } : { kind: "unknown" },
  rows: Array.from({ length: rows }, (_, index) => ({ id: String(index) }) as TokenRow),
  asOf,
  error: null,
});

function later<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

beforeEach(() => vi.useFakeTimers());
afterEach(async () => {
  await tokens.open(null);
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe("the token list", () => {
  it("shows what was known at once, and refreshes behind", async () => {
    const answer = later<unknown>();
    commands.tokensView.mockResolvedValue(ok(view("a", 2)));
    commands.tokensRefresh.mockReturnValue(answer.promise);
    const opening = tokens.open("a");
    await vi.waitFor(() => expect(tokens.view?.rows).toHaveLength(2));
    expect(tokens.refreshing).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(tokens.skeleton).toBe(false);
    answer.resolve(ok(view("a", 3)));
    await opening;
    expect(tokens.view?.rows).toHaveLength(3);
    expect(tokens.refreshing).toBe(false);
  });

  it("shows a skeleton only after 300 ms without anything known", async () => {
    const answer = later<unknown>();
    commands.tokensView.mockResolvedValue(ok(view("a", 0, null)));
    commands.tokensRefresh.mockReturnValue(answer.promise);
    const opening = tokens.open("a");
    await vi.advanceTimersByTimeAsync(299);
    expect(tokens.skeleton).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(tokens.skeleton).toBe(true);
    answer.resolve(ok(view("a", 1)));
    await opening;
    expect(tokens.skeleton).toBe(false);
  });

  it("never shows a late answer of an account that was left", async () => {
    const slow = later<unknown>();
    commands.tokensView.mockImplementation((account: string) => Promise.resolve(ok(view(account, account === "a" ? 1 : 5))));
    commands.tokensRefresh.mockImplementation((account: string) => (account === "a" ? slow.promise : Promise.resolve(ok(view("b", 5)))));
    const first = tokens.open("a");
    await vi.waitFor(() => expect(commands.tokensRefresh).toHaveBeenCalledWith("a"));
    await tokens.open("b");
    slow.resolve(ok(view("a", 9)));
    await first;
    expect(tokens.view?.account).toBe("b");
    expect(tokens.view?.rows).toHaveLength(5);
  });

  it("asks once, not twice, when it is opened twice in a row", async () => {
    const answer = later<unknown>();
    commands.tokensView.mockResolvedValue(ok(view("a", 1)));
    commands.tokensRefresh.mockReturnValue(answer.promise);
    const opening = tokens.open("a");
    await vi.waitFor(() => expect(tokens.refreshing).toBe(true));
    await tokens.open("a");
    answer.resolve(ok(view("a", 1)));
    await opening;
    expect(commands.tokensRefresh).toHaveBeenCalledTimes(1);
  });

  it("keeps the rows when a refresh fails, and says why", async () => {
    commands.tokensView.mockResolvedValue(ok(view("a", 2)));
    commands.tokensRefresh.mockResolvedValue({ status: "error", error: { code: "offline", message: "", field: null, retryAt: null, details: null } });
    await tokens.open("a");
    expect(tokens.view?.rows).toHaveLength(2);
    expect(tokens.error?.code).toBe("offline");
  });
});

describe("the reason of a failed refresh", () => {
  const offline = { code: "offline", message: "", field: null, retryAt: null, details: null };

  it("outlives a look, which asks nobody, and ends with a newer list", async () => {
    commands.tokensView.mockResolvedValue(ok(view("a", 2)));
    commands.tokensRefresh.mockResolvedValue(ok({ ...view("a", 2), error: offline }));
    await tokens.open("a");
    await tokens.look();
    expect(tokens.error?.code).toBe("offline");
    commands.tokensView.mockResolvedValue(ok(view("a", 2, "2026-11-24T12:01:00Z")));
    await tokens.look();
    expect(tokens.error).toBeNull();
  });

  it("ends with a refresh that works, even of the same list", async () => {
    commands.tokensView.mockResolvedValue(ok(view("a", 2)));
    commands.tokensRefresh.mockResolvedValueOnce(ok({ ...view("a", 2), error: offline })).mockResolvedValue(ok(view("a", 2)));
    await tokens.open("a");
    await tokens.refresh();
    expect(tokens.error).toBeNull();
  });
});

describe("operations", () => {
  const operation = (id: string, state: OperationView["state"], startedAt = "2026-11-24T12:00:00Z"): OperationView => ({ id, account: "a", kind: "create_token", state, subject: "x", startedAt, lost: null, replacement: null });

  it("are replaced, put in order and dropped when they end", async () => {
    commands.operationsList.mockResolvedValue(ok([operation("2", "unknown")]));
    await operations.open("a");
    operations.take(operation("1", "unknown", "2026-11-24T11:00:00Z"));
    expect(operations.all.map(({ id }) => id)).toEqual(["1", "2"]);
    operations.take(operation("2", "done"));
    operations.take({ ...operation("3", "unknown"), account: "other" });
    expect(operations.all.map(({ id }) => id)).toEqual(["1"]);
  });
});

describe("the request limit", () => {
  const status = (more: Partial<LimitView>): LimitView => ({ limit: 30, share: 20, used: 0, free: 20, nextFreeInMs: null, pausedForMs: null, pausedUntil: null, waiting: 0, available: true, ...more });

  it("counts down from the moment it was told, never below zero", () => {
    limit.take(status({ used: 3, nextFreeInMs: 8000, pausedForMs: 60_000 }));
    expect(limit.nextInMs(Date.now() + 3000)).toBe(5000);
    expect(limit.pausedMs(Date.now() + 61_000)).toBe(0);
    expect(limit.nextInMs(Date.now() - 5000)).toBe(8000);
  });

  it("looks again while something is taken, and rests when idle", async () => {
    commands.limitStatus.mockResolvedValueOnce(ok(status({ used: 1 }))).mockResolvedValueOnce(ok(status({ used: 1 }))).mockResolvedValue(ok(status({})));
    await limit.open("a");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(commands.limitStatus).toHaveBeenCalledTimes(3);
    expect(limit.status?.used).toBe(0);
  });
});

describe("the keychain", () => {
  it("asks for each wait once, and tells a late end", async () => {
    commands.keychainChoose.mockResolvedValue(ok(null));
    keychain.waits("w", "put");
    keychain.waits("w", "put");
    expect(keychain.pending).toHaveLength(1);
    await keychain.choose("w", "keep_waiting");
    expect(keychain.pending[0]?.patient).toBe(true);
    await keychain.choose("w", "go_on_without");
    expect(keychain.pending).toHaveLength(0);
    const before = toasts.shown.length;
    keychain.settled("w", "put", "done");
    expect(toasts.shown).toHaveLength(before);
    keychain.settled("w", "put", "late_done");
    expect(toasts.shown).toHaveLength(before + 1);
  });

  it("interrupts nobody with a mere look", () => {
    keychain.waits("p", "probe");
    expect(keychain.pending.find(({ id }) => id === "p")?.patient).toBe(true);
    keychain.settled("p", "probe", "done");
    expect(keychain.pending).toHaveLength(0);
  });

  it("is usable only when nothing speaks against it", () => {
    const usable = (["unknown", "ready", "no_service", "locked", "refused", "waiting", "failed"] as const).filter((state) => {
      keychain.state = { kind: "secret_service", status: state } satisfies KeychainState;
      return keychain.usable;
    });
    expect(usable).toEqual(["unknown", "ready"]);
  });
});
