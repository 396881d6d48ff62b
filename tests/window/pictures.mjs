// Draws the README's pictures from the real window: `npm run pictures`.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ground, computer, sandbox, start, use, clipboard, eventually } from "./support/app.mjs";
import { readFileSync } from "node:fs";

const FOLDER = resolve(import.meta.dirname, "../../docs/images");
const ground = new Ground();

const settled = () => new Promise((done) => setTimeout(done, 600));

async function draw(app, name, { width = 1280, height = 800 } = {}) {
  await app.page.manage().window().setRect({ width, height });
  await settled();
  writeFileSync(join(FOLDER, `${name}.png`), await app.page.takeScreenshot(), "base64");
}

async function theme(app, value, back) {
  await app.click("nav-settings");
  await app.click("settings-tab-computer");
  await app.click(`settings-theme-${value}`);
  if (back) await app.click(back);
}

try {
  const world = await computer(ground);
  const app = await start(world);
  await app.see("first-page");
  await draw(app, "first-page-light");
  await app.click("demo-start");
  await app.row("Gatehouse");
  const url = `http://127.0.0.1:${readFileSync(join(world.data, "demo", "port"), "utf8").trim()}`;

  for (const name of ["Power BI Tagesbericht", "SAP Abgleich"]) {
    await app.click("tokens-create");
    await app.type("create-name", name);
    await app.click("create-submit");
    await app.see("once-dialog");
    await app.click("once-copy");
    const value = await eventually("the value", () => clipboard());
    if (name === "SAP Abgleich") {
      await app.click("once-reveal");
      await draw(app, "once-light");
    } else {
      await use(url, "9000001", value);
    }
    await app.click("once-close");
    await app.gone("once-dialog");
  }
  await app.click("tokens-refresh");
  await app.state("tokens-page", "data-refreshing", "false").catch(() => {});
  await draw(app, "tokens-light");
  await app.choose("Excel-Auswertung", "token-menu-delete");
  await draw(app, "delete-light");
  await app.click("dialog-cancel");
  await theme(app, "dark", "nav-tokens");
  await draw(app, "tokens-dark");
  await app.choose("Power BI Tagesbericht", "token-menu-replace");
  await app.click("replace-create");
  await app.see("once-dialog");
  await app.click("once-close");
  await app.gone("once-dialog");
  await app.click("replace-entered");
  await draw(app, "replace-dark");
  await app.click("replace-later");
  await app.click("nav-settings");
  await app.click("settings-tab-kept");
  await draw(app, "settings-dark");
  await app.click("settings-tab-computer");
  await app.click("settings-language-de");
  await app.click("settings-theme-light");
  await app.click("nav-tokens");
  await draw(app, "tokens-de-light");
  await draw(app, "tokens-de-narrow", { width: 900, height: 600 });
  await app.quit();

  const other = await computer(ground);
  const { ready } = await sandbox(ground, ["--documented-only", "--seed", "demo"]);
  const documented = await start(other);
  await documented.click("account-advanced");
  await documented.type("account-server", ready.url);
  await documented.type("account-customer-id", ready.customer_id);
  await documented.type("account-token", ready.tokens.account_holder);
  await documented.click("account-submit");
  await documented.see("tokens-not-offered");
  await draw(documented, "not-offered-light");
} finally {
  await ground.end();
}
