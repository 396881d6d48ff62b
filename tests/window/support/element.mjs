// Waiting, and elements that survive being drawn anew.

import { error } from "selenium-webdriver";

export const PATIENCE = 20_000;
const AGAIN_MS = 100;

/** Waits until `look` gives something; its last failure is the reason when it never does. */
export async function eventually(what, look, patience = PATIENCE) {
  const end = Date.now() + patience;
  let reason = "";
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
    } catch (thrown) {
      reason = `: ${thrown.message}`;
    }
    if (Date.now() > end) throw new Error(`${what} did not come within ${patience} ms${reason}`);
    await new Promise((again) => setTimeout(again, AGAIN_MS));
  }
}

/**
 * The element that `find` gives, once it is asked something. The page may draw it anew at any moment between two of the
 * driver's calls: then the call, which has done nothing, is made on what `find` gives next. Every other failure is the
 * caller's.
 */
export function living(find) {
  let element = null;
  const call = (name) => async (...args) => {
    const end = Date.now() + PATIENCE;
    for (;;) {
      try {
        element ??= await find();
        return await element[name](...args);
      } catch (thrown) {
        if (!(thrown instanceof error.StaleElementReferenceError) || Date.now() > end) throw thrown;
        element = null;
      }
    }
  };
  const names = ["click", "clear", "sendKeys", "getText", "getAttribute", "isEnabled", "isSelected", "isDisplayed"];
  const inner = call("findElement");
  return {
    ...Object.fromEntries(names.map((name) => [name, call(name)])),
    findElement: (by) => living(() => inner(by)),
  };
}

/** The same, found by now. */
export async function found(find) {
  const element = living(find);
  await element.isDisplayed();
  return element;
}
