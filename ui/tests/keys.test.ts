import { describe, expect, it } from "vitest";
import { hasContextMenu, isTyping, wouldReload } from "../src/lib/keys";

const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, ...more });

describe("keys", () => {
  it("that would load the page anew are known, in each spelling", () => {
    const reload = [press("F5"), press("F5", { ctrlKey: true }), press("r", { ctrlKey: true }), press("R", { ctrlKey: true, shiftKey: true }), press("r", { metaKey: true }), press("ArrowLeft", { altKey: true })];
    expect(reload.map(wouldReload)).toEqual(reload.map(() => true));
    expect([press("r"), press("ArrowLeft"), press("n", { ctrlKey: true })].map(wouldReload)).toEqual([false, false, false]);
  });

  it("belong to a text while it is typed, not to the page", () => {
    const on = (html: string) => {
      document.body.innerHTML = html;
      const target = document.body.firstElementChild as HTMLElement;
      let seen = false;
      target.addEventListener("keydown", (event) => (seen = isTyping(event)));
      target.dispatchEvent(press("n", { bubbles: true }));
      return seen;
    };
    expect(["<input>", "<textarea></textarea>", "<select></select>"].map(on)).toEqual([true, true, true]);
    expect(['<input type="checkbox">', "<button></button>", "<p></p>"].map(on)).toEqual([false, false, false]);
  });

  it("leave a context menu only where there is text to take", () => {
    document.body.innerHTML = "<input><p>words</p>";
    expect(hasContextMenu(document.querySelector("input"))).toBe(true);
    expect(hasContextMenu(document.querySelector("p"))).toBe(false);
    expect(hasContextMenu(null)).toBe(false);
  });
});
