// Everyone's tokens through the real window: asked for in a run that is paused and goes on after a restart, filtered, deleted.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { By } from "selenium-webdriver";
import { Ground, byId, computer, eventually, sandbox, start } from "./support/app.mjs";
import { DRESSES, clean, dress, escape } from "./support/axe.mjs";

const ground = new Ground();
after(() => ground.end());

async function signedIn(who, ...args) {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", ...args]);
  const app = await start(world);
  await app.signIn({ ...ready, tokens: { account_holder: ready.tokens[who] } });
  return { world, ready, app };
}

async function everyones(app) {
  await app.click("nav-tokens");
  await app.click("tab-everyone");
  await app.see("everyone-page");
}

/** The tokens that another user has, as the server tells another program. */
async function server(ready, name) {
  const headers = { Accept: "application/json", "X-PlanRadar-API-Key": ready.tokens.account_holder };
  const ask = async (path) => (await (await fetch(`${ready.url}/api/v1/${ready.customer_id}/${path}`, { headers })).json()).data;
  const user = (await ask("users?pagesize=500")).find(({ attributes }) => `${attributes.firstname} ${attributes.lastname}`.includes(name));
  return (await ask(`users/${user.id}/personal_access_tokens`)).map(({ attributes }) => attributes.name);
}

/** What each row says. */
async function rows(app) {
  return app.page.executeScript("return [...document.querySelectorAll('[data-testid=everyone-row]')].map((row) => row.textContent)");
}

const rowOf = (app, name) => app.find("everyone-row", name);
const choose = (app, name, item) => app.choose(name, item, "everyone");

async function figures(app) {
  const [asked, all, others] = await app.attributes("everyone-asked", "data-asked", "data-all", "data-others");
  return { asked: Number(asked), all: Number(all), others: Number(others) };
}

/** Who can use the API is asked, to the end. */
async function askAll(app) {
  await app.click("everyone-ask");
  await eventually("all asked", async () => {
    const { asked, all } = await figures(app);
    return all > 0 && asked === all;
  });
  await app.gone("users-job");
}

async function select(app, id, value) {
  await (await app.see(id)).findElement(By.css(`option[value="${value}"]`)).click();
}

test("everyone's tokens: asked for, filtered, deleted with undo, and the owner's page", { timeout: 180_000 }, async () => {
  const { ready, app } = await signedIn("administrator", "--limit", "600");
  await app.takeMoreOfTheLimit("500");
  await everyones(app);
  await app.state("everyone-page", "data-state", "offered");
  await askAll(app);
  const all = await eventually("the tokens of all", async () => ((await rows(app)).length > 8 ? rows(app) : null));
  for (const name of ["Excel-Auswertung", "BIM-Viewer", "Backup-Skript"]) assert.equal(all.filter((row) => row.includes(name)).length, 1, name);

  await select(app, "everyone-filter-owner", "inactive");
  const inactive = await rows(app);
  assert.ok(inactive.length > 0 && inactive.every((row) => row.includes("inactive")), inactive.join("\n"));
  await select(app, "everyone-filter-owner", "any");
  await select(app, "everyone-filter-use", "unused");
  await select(app, "everyone-filter-age", "old");
  const old = await rows(app);
  assert.ok(old.some((row) => row.includes("SAP-Kopplung (alt)")) && !old.some((row) => row.includes("BIM-Viewer")), old.join("\n"));
  await app.type("everyone-search", "nobody has this");
  await app.see("everyone-no-match");
  await app.type("everyone-search", "Brückwald");
  await select(app, "everyone-filter-use", "any");
  await select(app, "everyone-filter-age", "any");
  await eventually("two tokens of the one found", async () => (await rows(app)).length === 2);

  // Undone: nothing is sent. Not undone: sent after ten seconds.
  const before = await server(ready, "Brückwald");
  const name = "BIM-Viewer";
  assert.ok(before.includes(name), before.join());
  await choose(app, name, "everyone-menu-delete");
  await app.see("user-delete-dialog");
  await app.click("dialog-confirm");
  await app.click("held-undo");
  await app.gone("held-undo");
  assert.deepEqual(await server(ready, "Brückwald"), before);
  await choose(app, name, "everyone-menu-delete");
  await app.click("dialog-confirm");
  await app.see("held-undo");
  assert.deepEqual(await server(ready, "Brückwald"), before, "held back");
  await eventually("one token on the server", async () => (await server(ready, "Brückwald")).length === 1);
  await eventually("one row less", async () => (await rows(app)).length === 1);

  // The account holder's are protected, and that is said.
  await app.type("everyone-search", "Torfstetter");
  await eventually("the account holder's", async () => (await rows(app)).every((row) => row.includes("Torfstetter")));
  await (await rowOf(app, "Power BI")).findElement(byId("everyone-row-menu")).click();
  const item = await app.see("everyone-menu-delete");
  assert.match(await item.getAttribute("textContent"), /Only Hedda Torfstetter/);
  assert.notEqual(await item.getAttribute("data-disabled"), null);
  await escape(app, "everyone-menu-delete");

  await app.type("everyone-search", "Brückwald");
  await choose(app, "Brückwald", "everyone-menu-owner");
  await eventually("the owner's page", async () => (await app.text("user-panel")).includes("Brückwald"));
  await app.quit();
});

test("a run that waits for the limit is paused at once, and goes on after a restart", { timeout: 300_000 }, async () => {
  // Of which 15 are ours: room for the sign-in and some of the users, not for all at once.
  const { world, app: first } = await signedIn("administrator", "--limit", "23");
  let app = first;
  await everyones(app);
  await app.state("everyone-page", "data-state", "offered");
  const { all } = await figures(app);
  await app.click("everyone-ask");
  await app.see("users-job");
  await eventually("some of them asked", async () => (await figures(app)).asked >= 2, 90_000);
  await app.click("users-job-pause");
  await app.state("users-job", "data-state", "paused");
  const { asked } = await figures(app);
  assert.ok(asked < all, `${asked} of ${all}`);
  const shown = (await rows(app)).length;
  await app.quit();

  app = await start(world);
  await app.see("everyone-page");
  await app.state("users-job", "data-state", "paused");
  assert.match(await app.text("users-job"), /paused/);
  assert.equal((await figures(app)).asked, asked, "nothing goes on unasked");
  assert.equal((await rows(app)).length, shown, "what was found out is there");
  assert.equal(await app.has("everyone-ask"), false, "one run at a time");
  await app.click("users-job-resume");
  await eventually("all asked", async () => (await figures(app)).asked === all, 180_000);
  await app.gone("users-job");
  assert.ok((await rows(app)).some((row) => row.includes("Brückwald")));
  await app.quit();
});

test("without the permission 'Users', and where it is not offered, the page explains itself", { timeout: 180_000 }, async () => {
  const refused = await signedIn("api_user", "--limit", "600");
  await everyones(refused.app);
  await refused.app.see("everyone-refused");
  assert.match(await refused.app.text("everyone-refused"), /permission 'Users'[^]*Torfstetter/);
  assert.equal(await refused.app.has("everyone-ask"), false);
  await refused.app.quit();

  const none = await signedIn("administrator", "--documented-only", "--limit", "600");
  await everyones(none.app);
  await none.app.see("everyone-not-offered");
  assert.match(await none.app.text("everyone-not-offered"), /User Management > Users/);
  await none.app.click("everyone-check-again");
  await none.app.see("everyone-not-offered");
  await none.app.quit();
});

test("no state of everyone's tokens has a violation", { timeout: 240_000 }, async () => {
  const { app } = await signedIn("administrator", "--limit", "600");
  await app.takeMoreOfTheLimit("500");
  await everyones(app);
  // Whether it is offered was found out at one of them.
  await app.state("everyone-page", "data-state", "offered");
  await app.see("everyone-ask");
  await clean(app, "hardly anybody asked");
  await askAll(app);
  for (const [theme, language] of DRESSES) {
    const state = `${theme}, ${language}`;
    await dress(app, theme, language);
    await everyones(app);
    await app.see("everyone-table");
    await clean(app, `everyone's, ${state}`);
    await (await rowOf(app, "BIM-Viewer")).findElement(byId("everyone-row-menu")).click();
    await app.see("everyone-menu-delete");
    await clean(app, `a row's menu, ${state}`);
    await app.click("everyone-menu-delete");
    await app.see("user-delete-dialog");
    await clean(app, `deleting, ${state}`);
    await escape(app, "user-delete-dialog");
    await app.type("everyone-search", "nobody has this");
    await app.see("everyone-no-match");
    await clean(app, `no match, ${state}`);
  }
  await app.page.manage().window().setRect({ width: 900, height: 600 });
  await app.click("tab-mine");
  await app.click("tab-everyone");
  await app.see("everyone-table");
  await clean(app, "narrow");
  await app.quit();
});
