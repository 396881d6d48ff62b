// Draws the README's pictures from the real window: `npm run pictures`.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { By, Key } from "selenium-webdriver";
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
         // One that is begun anew meanwhile never ends.
         .then(() => Promise.race([
           Promise.allSettled(document.getAnimations().filter(ends).map((animation) => animation.finished)),
           new Promise((patience) => setTimeout(patience, 2000)),
         ]))
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

async function webhooks() {
  const world = await computer(ground);
  const app = await start(world);
  await app.click("demo-start");
  await app.see("tokens-table");
  await app.takeMoreOfTheLimit();
  const url = `http://127.0.0.1:${readFileSync(join(world.data, "demo", "port"), "utf8").trim()}`;
  const token = await create(app, "Leitstand");
  await closeOnce(app);
  await app.click("nav-webhooks");
  await webhook(app, "Fotos ins Bautagebuch");
  await eventually("no words over the list", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await draw(app, "webhooks");

  await (await webhook(app, "Fotos ins Bautagebuch")).click();
  await app.see("webhook-event-photo_attached");
  // From the last events on: authentication, and headers with hidden values.
  await app.page.executeScript(
    `const group = document.querySelector("[data-testid=webhook-event-plan_uploaded]").closest("fieldset, [role=group]");
     const body = group.closest(".body");
     body.scrollTop += group.getBoundingClientRect().top - body.getBoundingClientRect().top - 16;`,
  );
  await draw(app, "webhook-editor");
  await app.type("webhook-description", "Fotos und Videos ins Bautagebuch");
  await app.click("webhook-event-video_attached");
  await app.click("webhook-save");
  await app.see("webhook-summary");
  await draw(app, "webhook-summary");
  await app.click("dialog-cancel");
  await app.gone("webhook-summary");
  await changeElsewhere(url, token, "Fotos ins Bautagebuch", { description: "Fotos ins neue Bautagebuch", active: false });
  await app.click("webhook-save");
  await app.see("webhook-conflict");
  await draw(app, "webhook-conflict");
  await app.click("conflict-theirs");
  await app.gone("webhook-conflict");
  await app.click("webhook-back");

  await webhook(app, "Mängel an SAP");
  await app.page.executeScript(
    `[...document.querySelectorAll('[data-testid="webhooks-row"]')].find((row) => row.textContent.includes("Mängel an SAP"))
       .querySelector('[data-testid="webhooks-row-menu"]').click()`,
  );
  await app.click("webhook-menu-deliveries");
  await app.see("deliveries-table");
  await (await app.see("deliveries-row")).findElement(By.css(".event")).click();
  await app.see("delivery-detail");
  await draw(app, "webhook-deliveries");
  await app.quit();
}

/** A file of webhooks: one is new, one changes, and a value is asked for. */
async function webhooksImport() {
  const world = await computer(ground);
  const app = await start(world);
  await app.click("demo-start");
  await app.see("tokens-table");
  await app.takeMoreOfTheLimit();
  await app.click("nav-webhooks");
  await webhook(app, "Fotos ins Bautagebuch");
  await app.click("webhooks-more");
  await app.click("webhooks-import");
  const entry = (text) => `  - ${text.trim().split("\n").map((line) => line.trim()).join("\n    ")}\n`;
  const text = `version: 1
environments: {test: {host: test.nordbau.example}, live: {host: nordbau.example}}
webhooks:
${entry(`description: Testrechner im Baubüro
    was: Testrechner der Bauleitung
    target_url: http://127.0.0.1:9/planradar
    events: [ticket_created, photo_attached]`)}${entry(`description: Meldungen an den Leitstand
    target_url: https://leitstand.\${host}/in
    events: [ticket_created]
    headers: [{name: X-Api-Key, hidden: "keychain:LEITSTAND"}]`)}`;
  await app.page.executeScript(`const field = document.querySelector("[data-testid=import-paste]"); field.value = arguments[0]; field.dispatchEvent(new Event("input", { bubbles: true }))`, text);
  await app.click("import-paste-show");
  await (await app.see("import-environment")).findElement(By.css("option[value=live]")).click();
  await app.see("import-values");
  await eventually("no words over the page", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await draw(app, "webhooks-import");
  await app.quit();
}

async function users() {
  const world = await computer(ground);
  const app = await start(world);
  await app.click("demo-start");
  await app.see("tokens-table");
  await app.takeMoreOfTheLimit();
  await app.click("nav-users");
  await user(app, "Integration ERP");
  await eventually("no words over the list", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  for (const name of ["Levke Fugenhauer", "Mirja Holzapfelt", "Ragna Schalbrett"]) await (await user(app, name)).findElement(By.css('[data-testid="users-pick"]')).click();
  await draw(app, "users");
  await app.click("users-clear");
  await app.click("new-user");
  await app.type("new-user-mail", "leitstand@example.com");
  await draw(app, "user-new", ["light"]);
  await app.click("new-user-discard");
  await (await user(app, "Integration ERP")).findElement(By.css(".title")).click();
  await app.state("user-panel", "data-loaded", "true");
  await app.see("user-token");
  await draw(app, "user");
  await app.click("user-token-delete");
  await app.click("dialog-confirm");
  await app.see("held");
  await draw(app, "user-undo", ["light"]);
  await app.click("held-undo");
  await app.gone("held");
  await app.click("user-close");
  await eventually("no words over the list", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await (await user(app, "Integration ERP")).findElement(By.css('[data-testid="users-row-menu"]')).click();
  await app.click("user-menu-cut-off");
  await app.see("user-cut-off-dialog");
  await draw(app, "cut-off", ["light"]);
  await app.click("user-cut-off-inactive");
  await app.click("dialog-confirm");
  await app.see("user-cut-off-report");
  await eventually("no words over the report", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await draw(app, "cut-off-report");
  await app.quit();
}

async function everyones() {
  const world = await computer(ground);
  const app = await start(world);
  await app.click("demo-start");
  await app.see("tokens-table");
  await app.takeMoreOfTheLimit();
  await app.click("tab-everyone");
  await app.click("everyone-ask");
  await eventually("all asked", async () => {
    const [asked, all] = await app.attributes("everyone-asked", "data-asked", "data-all");
    return asked === all;
  });
  await eventually("no words over the list", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await draw(app, "everyone");
  await app.quit();
}

/** The row of the user with this name. */
const user = (app, name) => app.find("users-row", name);

/** Changes a webhook of the demo account as another program would. */
async function changeElsewhere(url, token, description, change) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-PlanRadar-API-Key": token };
  const list = `${url}/api/v1/9000001/webhooks`;
  const { data } = await (await fetch(list, { headers })).json();
  const { id, attributes } = data.find((one) => one.attributes.description === description);
  for (const one of attributes.headers) if (one.hidden) delete one.value;
  const answer = await fetch(`${list}/${id}`, { method: "PUT", headers, body: JSON.stringify({ data: { attributes: { ...attributes, ...change } } }) });
  if (!answer.ok) throw new Error(`changing it elsewhere: ${answer.status} ${await answer.text()}`);
}

/** Sets up a webhook where the server offers none, up to its hand-over. */
async function handOver(app) {
  await app.click("nav-webhooks");
  await app.see("webhooks-not-offered");
  await app.click("webhooks-create");
  await app.type("webhook-description", "Mängel an SAP");
  await app.type("webhook-target", "https://sap.nordbau.example/planradar/tickets");
  for (const event of ["ticket_created", "ticket_updated"]) await (await app.see("events-add")).sendKeys(event, Key.ENTER);
  await app.click("header-add");
  await app.type("header-name", "X-Api-Key");
  await app.click("header-hidden");
  await app.type("hidden-input", "invented-for-a-picture");
  await app.click("webhook-save");
  await app.see("webhook-hand-over");
  await app.click("hand-copy");
  await eventually("no words over the page", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await draw(app, "webhook-hand-over");
  await app.click("hand-done");
}

/** What a row of webhooks is clicked at: its description. */
async function webhook(app, name) {
  return (await app.find("webhooks-row", name)).findElement(By.css(".title"));
}

async function areas() {
  const world = await computer(ground);
  const app = await start(world);
  await app.click("demo-start");
  await app.see("tokens-table");
  await app.takeMoreOfTheLimit();
  await app.click("nav-webhooks");
  await webhook(app, "Testrechner der Bauleitung");
  await app.click("nav-users");
  await user(app, "Integration ERP");
  await app.click("nav-connect");
  await app.state("connect-status", "data-status", "not_requested");
  await app.type("connect-search", "SAP");
  await app.click("connect-add");
  await app.type("connect-purpose", "Mängel werden Aufträge, erledigte Aufträge schließen den Mangel.");
  await app.click("connect-preflight");
  await app.see("connect-checks");
  await eventually("no words over the page", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await draw(app, "connect", ["light"]);
  await app.click("connect-submit");
  await app.click("dialog-confirm");
  await app.state("connect-status", "data-status", "requested");
  await app.click("nav-overview");
  await app.state("overview-page", "data-known", "true");
  await app.see("overview-requests");
  await eventually("no words over the page", () => app.page.executeScript("return document.querySelector('[data-testid=toasts] li') === null"));
  await draw(app, "overview");
  await app.click("nav-audit");
  await app.state("audit-page", "data-integrity", "whole");
  await draw(app, "audit", ["light"]);
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
  await handOver(app);
  await app.quit();
}

// All of them, or those that are named: `npm run pictures -- areas users`.
const parts = { demo, webhooks, webhooksImport, users, everyones, areas, notOffered };
const named = process.argv.slice(2);
try {
  for (const [name, part] of Object.entries(parts)) if (named.length === 0 || named.includes(name)) await part();
} finally {
  await ground.end();
}
