// Looks at a state of the window with axe, and puts on its clothes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Key } from "selenium-webdriver";
import { eventually } from "./app.mjs";

const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** No violation in this state; and the rules that matter most were not left out. */
export async function clean(app, state) {
  if (!(await app.page.executeScript("return 'axe' in window"))) await app.page.executeScript(AXE);
  // Colours in the middle of a transition are nobody's.
  await app.page.executeAsyncScript(
    "const done = arguments[0]; Promise.allSettled(document.getAnimations().map((a) => a.finished)).then(() => done());",
  );
  const { violations, ran } = await app.page.executeAsyncScript(
    `const done = arguments[arguments.length - 1];
     axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(TAGS)} } }).then(
       ({ violations, passes, incomplete, inapplicable }) => done({
         violations: violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", ")),
         ran: [...violations, ...passes, ...incomplete, ...inapplicable].map((rule) => rule.id),
       }),
       (error) => done({ violations: ["axe failed: " + error.message], ran: [] }));`,
  );
  assert.deepEqual(violations, [], state);
  for (const rule of ["color-contrast", "target-size", "label"]) assert.ok(ran.includes(rule), `${rule} was looked at: ${state}`);
}

/** Theme and language by the settings page, and back to the list. */
export async function dress(app, theme, language) {
  await app.click("nav-settings");
  await app.click("settings-tab-computer");
  await app.click(`settings-theme-${theme}`);
  await app.click(`settings-language-${language}`);
  await eventually("the language", () => app.page.executeScript("return document.documentElement.lang === arguments[0]", language));
}

export const DRESSES = [
  ["light", "en"],
  ["dark", "de"],
];

export async function escape(app, id) {
  await (await app.page.switchTo().activeElement()).sendKeys(Key.ESCAPE);
  await app.gone(id);
}
