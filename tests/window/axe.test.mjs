// WCAG 2.2 AA by axe, in the real window: each state, light and dark, English and German; and a walk by keyboard.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { Key } from "selenium-webdriver";
import { Ground, clipboard, computer, eventually, start } from "./support/app.mjs";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const ground = new Ground();
after(() => ground.end());

async function clean(app, state) {
  if (!(await app.page.executeScript("return 'axe' in window"))) await app.page.executeScript(AXE);
  // Colours in the middle of a transition are nobody's.
  await app.page.executeAsyncScript(
    "const done = arguments[0]; Promise.allSettled(document.getAnimations().map((a) => a.finished)).then(() => done());",
  );
  const violations = await app.page.executeAsyncScript(
    `const done = arguments[arguments.length - 1];
     axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(TAGS)} } }).then(
       (result) => done(result.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", "))),
       (error) => done(["axe failed: " + error.message]));`,
  );
  assert.deepEqual(violations, [], state);
}

test("no state has a violation", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const app = await start(world);
  await app.see("first-page");
  await clean(app, "first page");
  await app.click("demo-start");
  await app.row("Gatehouse");
  for (const [theme, language] of [["light", "en"], ["dark", "de"]]) {
    const state = `${theme}, ${language}`;
    await app.click("nav-settings");
    await app.click("settings-tab-computer");
    await app.click(`settings-theme-${theme}`);
    await app.click(`settings-language-${language}`);
    for (const tab of ["computer", "account", "kept"]) {
      await app.click(`settings-tab-${tab}`);
      await clean(app, `settings ${tab}, ${state}`);
    }
    await app.click("nav-tokens");
    await app.row("Gatehouse");
    await clean(app, `tokens, ${state}`);
    await app.click("tokens-create");
    await app.see("create-name");
    await clean(app, `create, ${state}`);
    await app.type("create-name", `Axe ${theme}`);
    await app.click("create-submit");
    await app.see("once-dialog");
    await clean(app, `shown once, ${state}`);
    await app.click("once-close");
    await app.gone("once-dialog");
    await app.choose(`Axe ${theme}`, "token-menu-delete");
    await app.see("delete-dialog");
    await clean(app, `delete, ${state}`);
    await app.click("dialog-cancel");
    await app.choose(`Axe ${theme}`, "token-menu-replace");
    await app.see("replace-panel");
    await clean(app, `replace, ${state}`);
    await app.click("nav-settings");
  }
  await app.quit();
});

test("a token by keyboard alone", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const app = await start(world);
  await app.click("demo-start");
  await app.row("Gatehouse");
  const active = () => app.page.switchTo().activeElement();
  await (await app.page.findElement({ css: "body" })).sendKeys("n");
  await app.see("create-name");
  await eventually("the focus in the name", async () => (await (await active()).getAttribute("data-testid")) === "create-name");
  await (await active()).sendKeys("By keyboard", Key.ENTER);
  await app.see("once-dialog");
  await eventually("the focus on Copy", async () => (await (await active()).getAttribute("data-testid")) === "once-copy");
  await (await active()).sendKeys(Key.ENTER);
  await eventually("the value", () => clipboard().startsWith("demo-"));
  await (await active()).sendKeys(Key.ESCAPE);
  await app.gone("once-dialog");
  await app.row("By keyboard");
  await eventually("the focus back in the page", async () => (await (await active()).getTagName()) !== "body");
  await app.quit();
});
