// Webhooks from a file, by its text: copied, changed, compared, applied; a hidden value that is asked for; a conflict; nothing to do.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { By } from "selenium-webdriver";
import { Ground, clipboard, computer, eventually, filesWith, keyring, sandbox, start } from "./support/app.mjs";
import { DRESSES, clean, dress } from "./support/axe.mjs";
import { found } from "./support/element.mjs";
import { choose, tick, webhook } from "./support/webhooks.mjs";

const ground = new Ground();
after(() => ground.end());

const KEPT = "k3pt-f0r-th3-f1le-canary-135791";
const ONCE = "g1v3n-0nly-0nce-canary-2468024";
const PHOTOS = "Fotos ins Bautagebuch";

/** Another program that reads and writes webhooks. */
function server({ url, customer_id: customer, tokens }) {
  const base = `${url}/api/v1/${customer}/webhooks`;
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-PlanRadar-API-Key": tokens.account_holder };
  const list = async () => (await (await fetch(base, { headers })).json()).data;
  const named = async (description) => (await list()).find(({ attributes }) => attributes.description === description);
  const change = async (description, changes) => {
    const { id, attributes } = await named(description);
    for (const one of attributes.headers) if (one.hidden) delete one.value;
    const answer = await fetch(`${base}/${id}`, { method: "PUT", headers, body: JSON.stringify({ data: { attributes: { ...attributes, ...changes } } }) });
    assert.equal(answer.status, 200);
  };
  return { list, named, change };
}

/** A picture, where somebody wants to look. */
async function picture(app, name) {
  const folder = process.env.GATEHOUSE_PICTURES;
  if (folder) writeFileSync(join(folder, `import-${name}.png`), await app.page.takeScreenshot(), "base64");
}

async function copied(app, description) {
  const before = clipboard();
  await choose(app, description, "webhook-menu-yaml");
  return eventually("the YAML on the clipboard", () => {
    const text = clipboard();
    return text !== before && text.includes("webhooks:") && text;
  });
}

/** Opens the page of a file and shows what its text would do. */
async function compare(app, text) {
  if (await app.has("import-another")) await app.click("import-another");
  else if (!(await app.has("import-page"))) {
    await app.click("webhooks-more");
    await app.click("webhooks-import");
  }
  await app.see("import-paste");
  // As pasting does: typing thousands of letters one by one is nobody's way.
  await app.page.executeScript(`const field = document.querySelector("[data-testid=import-paste]"); field.value = arguments[0]; field.dispatchEvent(new Event("input", { bubbles: true }))`, text);
  await app.click("import-paste-show");
  await settled(app);
}

async function settled(app) {
  await eventually("the comparison", async () => (await app.has("import-again")) && (await (await app.see("import-page")).getAttribute("data-busy")) === "");
}

/** The input for what a field of the file takes. */
const valueOf = (app, field) =>
  found(() =>
    eventually(`the input for ${field}`, () =>
      app.page.executeScript(
        "return [...document.querySelectorAll('[data-testid=import-value]')].find(({ dataset }) => dataset.field.includes(arguments[0])) ?? null",
        field,
      ),
    ),
  );

async function apply(app) {
  await app.click("import-apply");
  await app.see("import-report");
}

async function report(app) {
  return (await app.attributes("import-report", "data-done", "data-left")).map(Number);
}

/** Fates by name, of the row of this webhook. */
async function fates(app, description) {
  const script = `return [...document.querySelectorAll('[data-testid="import-row"]')]
    .filter(({ dataset }) => dataset.name === arguments[0])
    .flatMap((row) => [...row.querySelectorAll("[data-fate]")].map(({ dataset }) => [dataset.name, dataset.fate]))`;
  const found = Object.fromEntries(await app.page.executeScript(script, description));
  return found;
}

const entry = (description, more = "") => `  - description: ${description}\n    target_url: https://${description.toLowerCase().replaceAll(" ", "-")}.example.com/in\n    events: [ticket_created]\n${more}`;
const file = (...entries) => `version: 1\nwebhooks:\n${entries.join("")}`;

test("a webhook is copied, changed as text, compared and applied", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const other = server(ready);
  const app = await start(world);
  await app.signIn(ready);
  await app.takeMoreOfTheLimit("500");
  await app.click("nav-webhooks");
  await webhook(app, PHOTOS);

  const text = await copied(app, "Mängel an SAP");
  assert.match(text, /hidden: /, "it refers to what is hidden");
  await compare(app, text);
  await app.see("import-agree");
  assert.equal(await app.has("import-apply"), false, "nothing to do");

  // Not YAML, at its line; nothing can be applied.
  await compare(app, "version: 1\nwebhooks:\n  - {description: A\n");
  await app.see("import-problems");
  await picture(app, "problems");
  await compare(app, file(entry("Neu", "    colour: red\n")));
  const line = await (await app.see("import-problems")).findElement(By.css("[data-code=unknown_key]"));
  assert.equal(await line.getAttribute("data-line"), "6");

  // One that has no hidden values, so that nothing must be entered again.
  await app.click("import-back");
  const plain = (await other.list()).find(({ attributes: a }) => a.authentication.type === "none" && a.headers.every(({ hidden }) => !hidden)).attributes;
  const own = await copied(app, plain.description);
  const renamed = own.replace(/description: .*/, "description: Aus der Datei").replace(/active: \w+/, `active: ${!plain.active}`);
  await compare(app, renamed);
  assert.match(await app.text("import-changed"), new RegExp(`Aus der Datei.*${plain.description}`, "s"));
  await picture(app, "changed");
  await apply(app);
  assert.deepEqual(await report(app), [1, 0]);
  await picture(app, "report");
  const now = (await other.named("Aus der Datei")).attributes;
  assert.equal(now.active, !plain.active);
  assert.deepEqual(now["target-url"], plain["target-url"]);
  await app.click("import-again");
  await app.see("import-agree");
  await app.click("import-back");
  await webhook(app, "Aus der Datei");
  await app.quit();
});

test("hidden values are asked for, kept or forgotten as the file says", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const other = server(ready);
  const app = await start(world);
  await app.signIn(ready);
  await app.takeMoreOfTheLimit("500");
  await app.click("nav-webhooks");
  await webhook(app, PHOTOS);
  const text = `environments: {test: {host: test}, live: {host: live}}\n${file(
    entry("ERP", "    headers: [{name: X-Key, hidden: 'keychain:ERP', version: 2}, {name: X-Site, value: '${host}'}]\n    authentication: {basic: {username: planradar, password: {hidden: stdin}}}\n"),
  )}`;
  await compare(app, text);
  await app.see("import-problems");
  await (await app.see("import-environment")).findElement(By.css("option[value=live]")).click();
  await eventually("the environment's comparison", async () => !(await app.has("import-problems")));
  assert.deepEqual(await app.each("import-value", "type"), ["password", "password"]);
  assert.equal(await (await app.see("import-apply")).isEnabled(), false);
  for (const [field, value] of [["keychain:ERP", KEPT], ["stdin", ONCE]]) await (await valueOf(app, field)).sendKeys(value);
  await picture(app, "values");
  await app.click("import-values-use");
  await app.gone("import-values");
  await settled(app);
  assert.deepEqual(await fates(app, "ERP"), { "X-Key": "first", ":password": "first" });
  for (const value of [KEPT, ONCE]) assert.ok(!(await app.source()).includes(value), "not in the page");
  await apply(app);
  const made = (await other.named("ERP")).attributes;
  assert.deepEqual(made.headers.map(({ name, hidden, value }) => [name, hidden, value]), [["X-Key", true, null], ["X-Site", false, "live"]]);
  assert.equal(made.authentication.username, "planradar");
  assert.deepEqual([keyring(world).includes(KEPT), keyring(world).includes(ONCE)], [true, false]);
  await app.click("import-again");
  await app.see("import-agree");

  // Changed elsewhere between the preview and applying: what was shown is not done, and the new comparison is.
  const changed = text.replace("[ticket_created]", "[ticket_updated]");
  await compare(app, changed);
  await (await app.see("import-environment")).findElement(By.css("option[value=live]")).click();
  await settled(app);
  await eventually("the value that must be sent along", async () => (await app.has("import-value")) || (await (await app.see("import-apply")).isEnabled()));
  if (await app.has("import-value")) {
    await (await app.see("import-value")).sendKeys(ONCE);
    await app.click("import-values-use");
    await eventually("all that is needed", async () => (await app.see("import-apply")).isEnabled());
  }
  const shown = await (await app.see("import-page")).getAttribute("data-digest");
  await other.change("ERP", { active: false });
  await app.click("import-apply");
  await app.error("stale");
  await eventually("another comparison", async () => (await (await app.see("import-page")).getAttribute("data-digest")) !== shown);
  assert.deepEqual((await other.named("ERP")).attributes.events, ["ticket_created"], "nothing was done");
  await picture(app, "stale");

  // What the file does not name goes only when that is ticked, and asked about.
  await compare(app, file(entry("Nur dieser")));
  assert.equal(await app.has("import-deleted"), false);
  await tick(app, "import-prune");
  await app.see("import-deleted");
  await picture(app, "deleted");
  const count = (await other.list()).length;
  await app.click("import-apply");
  await app.see("import-delete-dialog");
  assert.equal(await (await app.see("dialog-confirm")).isEnabled(), false);
  await app.type("import-delete-typed", `delete ${count}`);
  await picture(app, "delete-dialog");
  await app.click("dialog-confirm");
  await app.see("import-report");
  assert.deepEqual(await report(app), [count + 1, 0]);
  assert.deepEqual((await other.list()).map(({ attributes }) => attributes.description), ["Nur dieser"]);
  await app.quit();
  for (const value of [KEPT, ONCE]) assert.deepEqual(filesWith(world.home, value).filter((path) => !path.includes("/keyrings/")), []);
});

test("no state of an import has a violation", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  // Two languages of comparisons are more requests than the demo account has in a minute.
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const app = await start(world);
  await app.signIn(ready);
  await app.takeMoreOfTheLimit("500");
  let text = null;
  for (const [theme, language] of DRESSES) {
    const state = `${theme}, ${language}`;
    await dress(app, theme, language);
    await app.click("nav-webhooks");
    await webhook(app, PHOTOS);
    text ??= await copied(app, PHOTOS);
    await app.click("webhooks-more");
    await app.click("webhooks-import");
    await app.see("import-choose");
    await clean(app, `start, ${state}`);
    await picture(app, `start-${language}`);
    const whole = text.replace(/description: .*/, "description: Fotos und Videos ins Bautagebuch") + entry("Meldungen", "    headers: [{name: X-Key, hidden: 'keychain:LEITSTAND'}]\n");
    await compare(app, whole);
    await app.see("import-values");
    await app.page.executeScript("document.querySelectorAll('[data-testid=import-row]').forEach((row) => (row.open = true))");
    await clean(app, `preview, ${state}`);
    await picture(app, `preview-${language}`);
    await app.page.manage().window().setRect({ width: 900, height: 600 });
    await clean(app, `narrow preview, ${state}`);
    await picture(app, `narrow-${language}`);
    await app.page.manage().window().setRect({ width: 1280, height: 800 });
    await compare(app, "version: 2\nwebhooks: []\n");
    await app.see("import-problems");
    await clean(app, `problems, ${state}`);
    await app.click("import-back");
  }
  await app.quit();
});
