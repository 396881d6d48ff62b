import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AppError, ConnectView } from "../src/lib/ipc";
import { connect } from "../src/lib/connect.svelte";

const { commands } = vi.hoisted(() => ({ commands: { connectView: vi.fn(), connectRefresh: vi.fn() } }));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const view = (account: string, more: Partial<ConnectView> = {}) => ({ account, state: { kind: "offered" }, asOf: "2026-11-24T12:00:00Z", error: null, status: null, ...more }) as ConnectView;

/** An answer that comes when it is told to. */
function held() {
  let come = (_: ConnectView) => {};
  commands.connectRefresh.mockImplementationOnce(() => new Promise((answer) => (come = (data) => answer(ok(data)))));
  return (data: ConnectView) => come(data);
}

beforeEach(() => connect.open("a"));
afterEach(() => {
  connect.open(null);
  vi.clearAllMocks();
});

describe("what is known of an area", () => {
  it("is asked for once; who comes meanwhile waits for that answer", async () => {
    const come = held();
    const first = connect.refresh();
    let told = false;
    const second = connect.refresh().then(() => (told = true));
    await Promise.resolve();
    expect([commands.connectRefresh.mock.calls, connect.refreshing, told]).toEqual([[["a", true]], true, false]);
    come(view("a"));
    await Promise.all([first, second]);
    expect([connect.view?.account, connect.refreshing, connect.known]).toEqual(["a", false, true]);
  });

  it("of an account that was left is dropped, and holds up no other one", async () => {
    const late = held();
    const left = connect.refresh();
    connect.open("b");
    commands.connectRefresh.mockResolvedValueOnce(ok(view("b")));
    await connect.refresh();
    late(view("a"));
    await left;
    expect([connect.view?.account, connect.refreshing]).toEqual(["b", false]);
  });

  it("keeps why it is not newer until a newer answer comes; a look asks nobody", async () => {
    const error: AppError = { code: "offline", message: "", field: null, retryAt: null, details: null };
    commands.connectRefresh.mockResolvedValueOnce({ status: "error", error });
    await connect.refresh();
    commands.connectView.mockResolvedValue(ok(view("a", { asOf: null, state: { kind: "unknown" } })));
    await connect.look();
    expect([connect.error?.code, connect.known]).toEqual(["offline", false]);
    commands.connectView.mockResolvedValue(ok(view("a")));
    await connect.look();
    expect([connect.error, connect.known]).toEqual([null, true]);
  });
});
