// Draws the README's pictures from the real window: `npm run pictures`.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Origin } from "selenium-webdriver/lib/input.js";
import { Ground, clipboard, computer, eventually, sandbox, start, use } from "./support/app.mjs";

const FOLDER = resolve(import.meta.dirname, "../../docs/images");
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 900, height: 600 };
const ground = new Ground();

/** Draws the window as it is, in each of the themes. */
async function draw(app, name, themes = ["light", "dark"], size = WIDE) {
  await app.page.manage().window().setRect(size);
  await eventually("the window's size", async () => (await app.page.executeScript("return innerWidth")) === size.width);
  // Two steps: the driver leaves out a move to where it was before the last click.
  const aside = { origin: Origin.VIEWPORT, x: Math.floor(size.width / 2) };
  await app.page.actions().move({ ...aside, y: 2 }).move({ ...aside, y: 3 }).perform();
  await eventually("nothing hovered", () => app.page.executeScript("return !document.querySelector('button:hover, a:hover, tr:hover, [role=tooltip]')"));
  for (const theme of themes) {
    await app.page.executeAsyncScript(
      `const [theme, done] = arguments;
       document.documentElement.dataset.theme = theme;
       const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
       const ends = (animation) => Number.isFinite(animation.effect.getComputedTiming().endTime);
       document.fonts.ready.then(frame)
         .then(() => Promise.allSettled(document.getAnimations().filter(ends).map((animation) => animation.finished)))
         .then(frame).then(() => done(), done);`,
      theme,
    );
    writeFileSync(join(FOLDER, `${name}-${theme}.png`), await app.page.takeScreenshot(), "base64");
  }
}

async function create(app, name) {
  const before = clipboard();
  await app.click("tokens-create");
  await app.type("create-name", name);
  await app.click("create-submit");
  await app.see("once-dialog");
  await app.click("once-copy");
  return eventually("the value", () => clipboard() !== before && clipboard());
}

async function closeOnce(app) {
  await app.click("once-close");
  await app.gone("once-dialog");
}

async function demo() {
  const world = await computer(ground);
  const app = await start(world);
  await app.see("first-page");
  await draw(app, "first-page");
  await app.click("demo-start");
  await app.row("Gatehouse");
  const url = `http://127.0.0.1:${readFileSync(join(world.data, "demo", "port"), "utf8").trim()}`;

  const value = await create(app, "Tagesbericht");
  await use(url, "9000001", value);
  await closeOnce(app);
  await create(app, "SAP Abgleich");
  await app.click("once-reveal");
  await app.state("once-value", "data-shown", "true");
  await draw(app, "once");
  await closeOnce(app);

  await app.click("tokens-refresh");
  await eventually("its use in the list", async () => /just now|second/.test(await app.rowText(await app.row("Tagesbericht"))));
  await draw(app, "tokens");
  await draw(app, "tokens-narrow", ["dark"], NARROW);
  await app.page.manage().window().setRect(WIDE);
  await app.choose("Excel-Auswertung", "token-menu-delete");
  await app.see("delete-dialog");
  await draw(app, "delete", ["light"]);
  await app.click("dialog-cancel");
  await app.gone("delete-dialog");

  await app.choose("Tagesbericht", "token-menu-replace");
  await app.type("replace-name", "Tagesbericht neu");
  await app.click("replace-create");
  await app.see("once-dialog");
  await closeOnce(app);
  await app.click("replace-entered");
  await app.state("replace-panel", "data-step", "3");
  await draw(app, "replace");
  await app.click("replace-later");

  await app.click("nav-settings");
  await app.click("settings-tab-computer");
  await draw(app, "settings");
  await app.click("settings-language-de");
  await app.click("nav-tokens");
  await app.row("Tagesbericht neu");
  await draw(app, "tokens-de", ["light"]);
  await app.quit();
}

async function notOffered() {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--documented-only", "--seed", "demo"]);
  const app = await start(world);
  await app.click("account-advanced");
  await app.type("account-label", "Nordbau");
  await app.type("account-server", ready.url);
  await app.type("account-customer-id", ready.customer_id);
  await app.type("account-token", ready.tokens.account_holder);
  await app.click("account-submit");
  await app.see("tokens-not-offered");
  await draw(app, "not-offered");
  await app.quit();
}

try {
  await demo();
  await notOffered();
} finally {
  await ground.end();
}
