import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import TokenTable from "../src/areas/tokens/TokenTable.svelte";
import type { TokenRow } from "../src/lib/ipc";
import { TESTIDS } from "../src/lib/testids";

vi.mock("../src/lib/bindings", () => ({ commands: {}, events: {} }));
afterEach(() => document.querySelector("[data-menus]")?.remove());

function row(id: string, more: Partial<TokenRow> = {}): TokenRow {
  return { id, name: `Token ${id}`, createdOn: "2026-01-01T00:00:00Z", lastUsedOn: null, usage: "never", kept: "keychain", own: "no", pasted: false, gone: false, verifiedAt: null, replacement: null, ...more };
}

function show(rows: TokenRow[]) {
  // Where menus live in the window.
  const menus = document.createElement("div");
  menus.dataset.menus = "";
  document.body.append(menus);
  const act = vi.fn();
  const onsort = vi.fn();
  render(TokenTable, { rows, sort: "name", selected: null, width: 1000, pasted: false, onsort, act });
  return { act, onsort };
}
const lines = () => screen.getAllByTestId(TESTIDS.tokensRow);
const stops = () => lines().filter((line) => line.tabIndex === 0).map((line) => line.dataset.row);

describe("the table by keyboard", () => {
  it("is one stop, and the arrows move inside", async () => {
    show([row("1"), row("2"), row("3")]);
    expect(stops()).toEqual(["1"]);
    lines()[0]?.focus();
    await fireEvent.keyDown(lines()[0] as HTMLElement, { key: "ArrowDown" });
    await waitFor(() => expect(stops()).toEqual(["2"]));
    expect(document.activeElement).toBe(lines()[1]);
    await fireEvent.keyDown(lines()[1] as HTMLElement, { key: "End" });
    await waitFor(() => expect(document.activeElement).toBe(lines()[2]));
    await fireEvent.keyDown(lines()[2] as HTMLElement, { key: "ArrowDown" });
    await waitFor(() => expect(document.activeElement).toBe(lines()[2]));
  });

  it("deletes with Del, but never Gatehouse's own token, certain or not", async () => {
    const { act } = show([row("1", { own: "yes" }), row("2", { own: "maybe" }), row("3")]);
    for (const line of lines()) await fireEvent.keyDown(line, { key: "Delete" });
    expect(act.mock.calls.map(([what, { id }]) => [what, id])).toEqual([["delete", "3"]]);
  });

  it("opens the row's menu with Enter", async () => {
    show([row("1", { kept: "no" })]);
    await fireEvent.keyDown(lines()[0] as HTMLElement, { key: "Enter" });
    await waitFor(() => expect(screen.getByTestId(TESTIDS.menuDelete)).toBeTruthy());
    expect(screen.getByTestId(TESTIDS.menuCopy).getAttribute("aria-disabled")).toBe("true");
  });

  it("offers the own token only together with the sign-in", async () => {
    show([row("1", { own: "yes" })]);
    await fireEvent.keyDown(lines()[0] as HTMLElement, { key: "Enter" });
    await waitFor(() => expect(screen.getByTestId(TESTIDS.menuReplaceSignIn)).toBeTruthy());
    expect(screen.queryByTestId(TESTIDS.menuReplace)).toBeNull();
    expect(screen.getByTestId(TESTIDS.menuDelete).getAttribute("aria-disabled")).toBe("true");
  });

  it("sorts by a header, and turns round", async () => {
    const { onsort } = show([row("1")]);
    const header = screen.getByRole("columnheader", { name: /name/i });
    expect(header.getAttribute("aria-sort")).toBe("ascending");
    await fireEvent.click(header.querySelector("button") as HTMLElement);
    expect(onsort).toHaveBeenCalledWith("-name");
  });
});
