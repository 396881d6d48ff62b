// WCAG 2.2 AA by axe, in the real window: each state, light and dark, English and German; and a walk by keyboard.

import { after, test } from "node:test";
import { Key } from "selenium-webdriver";
import { Ground, clipboard, computer, eventually, sandbox, start } from "./support/app.mjs";
import { DRESSES, clean, dress, escape } from "./support/axe.mjs";

const ground = new Ground();
after(() => ground.end());

test("no state of a working account has a violation", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const app = await start(world);
  await app.see("first-page");
  await app.click("account-advanced");
  await clean(app, "first page");
  await app.click("account-submit");
  await clean(app, "first page, nothing entered");
  await app.click("demo-start");
  await app.row("Gatehouse");
  await app.takeMoreOfTheLimit();
  for (const [theme, language] of DRESSES) {
    const state = `${theme}, ${language}`;
    await dress(app, theme, language);
    for (const tab of ["computer", "account", "kept"]) {
      await app.click(`settings-tab-${tab}`);
      await clean(app, `settings ${tab}, ${state}`);
    }
    await app.click("remove-everything");
    await app.see("remove-everything-dialog");
    await clean(app, `remove everything, ${state}`);
    await escape(app, "remove-everything-dialog");

    await app.click("nav-tokens");
    await app.row("Gatehouse");
    await clean(app, `tokens, ${state}`);
    await app.click("account-switcher");
    await app.see("account-menu-add");
    await clean(app, `accounts, ${state}`);
    await app.click("account-menu-add");
    await app.see("account-dialog");
    await clean(app, `another account, ${state}`);
    await escape(app, "account-dialog");

    await app.click("tokens-create");
    await app.type("create-name", "Gatehouse");
    await clean(app, `create a double, ${state}`);
    await app.type("create-name", `Axe ${theme}`);
    await app.click("create-keep-no");
    await app.click("create-submit");
    await app.see("once-dialog");
    await app.click("once-reveal");
    await app.state("once-value", "data-shown", "true");
    await clean(app, `shown once, ${state}`);
    await app.click("once-close");
    await app.see("once-ask");
    await clean(app, `closed unkept, ${state}`);
    await app.click("once-ask-close");
    await app.gone("once-dialog");

    await (await app.row(`Axe ${theme}`)).findElement({ css: '[data-testid="tokens-row-menu"]' }).click();
    await app.see("token-menu-delete");
    await clean(app, `row menu, ${state}`);
    await app.click("token-menu-delete");
    await app.see("delete-dialog");
    await clean(app, `delete, ${state}`);
    await app.click("dialog-cancel");
    await app.choose(`Axe ${theme}`, "token-menu-replace");
    await app.see("replace-panel");
    await clean(app, `replace, ${state}`);
    await app.type("replace-name", `Next ${theme}`);
    await app.click("replace-create");
    await app.click("once-close");
    await app.gone("once-dialog");
    await app.click("replace-entered");
    await app.state("replace-panel", "data-step", "3");
    await clean(app, `replace, step 3, ${state}`);
    await app.click("replace-later");
    await app.see("operation");
    await clean(app, `being replaced, ${state}`);
  }
  // Narrow: the sidebar is a rail.
  await app.page.manage().window().setRect({ width: 900, height: 600 });
  await clean(app, "narrow");
  await app.quit();
});

test("no state of trouble has a violation", { timeout: 240_000 }, async () => {
  const world = await computer(ground, { keyring: false });
  const { ready } = await sandbox(ground, ["--documented-only", "--seed", "demo"]);
  const app = await start(world);
  await app.submitAccount({ ...ready, tokens: { account_holder: "0".repeat(180) } });
  await app.error("unauthorized");
  await clean(app, "refused");
  await app.type("account-token", ready.tokens.account_holder);
  await app.click("account-submit");
  await app.see("tokens-not-offered");
  for (const [theme, language] of DRESSES) {
    await dress(app, theme, language);
    await app.click("nav-tokens");
    await app.see("keychain-banner");
    await app.click("paste-submit");
    await clean(app, `not offered, no keyring, ${theme}, ${language}`);
  }
  await app.quit();
});

test("a token by keyboard alone, and the focus is always seen", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const app = await start(world);
  const press = async (...keys) => (await app.page.switchTo().activeElement()).sendKeys(...keys);
  // What has the focus, once it is where it should be; whether it can be seen there.
  const focus = (id) => eventually(`a visible focus on ${id}`, async () => {
    const { at, seen } = await app.page.executeScript(`
      const at = document.activeElement, style = getComputedStyle(at);
      return { at: at.dataset.testid, seen: at.matches(":focus-visible") && style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2 };`);
    if (at !== id || !seen) throw new Error(`it is on ${at}, ${seen ? "seen" : "not seen"}`);
    return true;
  });
  const tabTo = async (id) => {
    await eventually(`${id} by Tab`, async () => {
      await press(Key.TAB);
      return (await app.page.executeScript("return document.activeElement.dataset.testid")) === id;
    });
    await focus(id);
  };

  await app.see("first-page");
  await tabTo("demo-start");
  await press(Key.ENTER);
  await app.row("Gatehouse");
  const before = clipboard();
  await tabTo("tokens-create");
  await press(Key.ENTER);
  await focus("create-name");
  await press("By keyboard", Key.ENTER);
  await app.see("once-dialog");
  await focus("once-copy");
  await press(Key.ENTER);
  await eventually("the value", () => clipboard() !== before && clipboard().startsWith("demo-"));
  await tabTo("once-close");
  await press(Key.ENTER);
  await app.gone("once-dialog");
  await app.row("By keyboard");
  await focus("tokens-create");

  // The key for it does the same, and Escape goes back.
  await press("n");
  await focus("create-name");
  await press(Key.ESCAPE);
  await app.gone("create-dialog");
  await focus("tokens-create");
  await app.quit();
});
