// Users through the real window: who may use the API, other people's tokens, and cutting somebody off.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { By } from "selenium-webdriver";
import { Ground, byId, computer, eventually, sandbox, start } from "./support/app.mjs";

const ground = new Ground();
after(() => ground.end());


/** What the server says, to another program. */
function server(ready, token = ready.tokens.account_holder) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-PlanRadar-API-Key": token };
  const base = `${ready.url}/api/v1/${ready.customer_id}`;
  const ask = async (path, options) => {
    const answer = await fetch(`${base}/${path}`, { headers, ...options });
    return answer.status === 204 ? null : answer.json();
  };
  const users = async () => (await ask("users?pagesize=500")).data;
  return {
    ask,
    user: async (name) => (await users()).find(({ attributes }) => `${attributes.firstname} ${attributes.lastname}`.includes(name)),
    may: ({ attributes }) => attributes.permissions.api_documentation_access ?? attributes.permissions["api-documentation-access"],
    tokens: async (id) => (await ask(`users/${id}/personal_access_tokens`)).data,
  };
}

const user = (app, name) => app.find("users-row", name);
const choose = (app, name, item) => app.choose(name, item, "users");

/** Signed in with one of the ready tokens, with room in the limit. */
async function signedIn(who, ...args) {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600", ...args]);
  const app = await start(world);
  await app.signIn({ ...ready, tokens: { account_holder: ready.tokens[who] } });
  await app.takeMoreOfTheLimit("500");
  await app.click("nav-users");
  return { ready, app };
}

/** Opens a user's page and waits for the tokens. */
async function open(app, name) {
  await choose(app, name, "user-menu-open");
  await app.see("user-panel");
  return app.see("user-tokens");
}

const tokensShown = (app) => app.page.findElements(byId("user-token"));

test("API Access for three users, seen on the server; a subcontractor is refused", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("administrator");
  const { user: there, may } = server(ready);
  const names = ["Schalbrett", "Fugenhauer", "Holzapfelt"];
  for (const name of names) await (await user(app, name)).findElement(byId("users-pick")).click();
  assert.equal(await (await user(app, "Mörtelsen")).findElement(byId("users-pick")).isEnabled(), false, "fixed permissions");
  assert.equal(await (await user(app, "Torfstetter")).findElement(byId("users-pick")).isEnabled(), false, "the account holder");
  assert.equal(await (await user(app, "Mörtelsen")).findElement(By.css("[data-locked]")).getAttribute("data-locked"), "fixed_permissions");
  await app.click("users-give");
  await app.see("users-api-dialog");
  await app.click("dialog-confirm");
  await eventually("three on the server", async () => (await Promise.all(names.map(there))).every(may));
  for (const name of names) {
    await eventually(`${name} in the list`, async () => (await (await user(app, name)).findElement(By.css("[data-api]")).getAttribute("data-api")) === "true");
  }
  await choose(app, "Schalbrett", "user-menu-take");
  await app.click("dialog-confirm");
  await eventually("taken on the server", async () => !may(await there("Schalbrett")));
  await app.quit();
});

test("a token of another user is deleted, another deletion is undone, and the account holder's are protected", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("administrator");
  const { user: there, tokens } = server(ready);
  const { id } = await there("Brückwald");
  await open(app, "Brückwald");
  await eventually("two tokens", async () => (await tokensShown(app)).length === 2);
  const before = await tokens(id);

  // Undone in time: nothing is sent.
  await app.click("user-token-delete");
  await app.see("user-delete-dialog");
  await app.click("dialog-confirm");
  await app.click("held-undo");
  await app.gone("held-undo");
  assert.deepEqual(await tokens(id), before);

  // Not undone: sent after ten seconds.
  await app.click("user-token-delete");
  await app.click("dialog-confirm");
  await app.see("held-undo");
  assert.deepEqual(await tokens(id), before, "held back");
  await eventually("one token on the server", async () => (await tokens(id)).length === 1);
  await eventually("one token on the page", async () => (await tokensShown(app)).length === 1);
  await app.click("user-close");

  await open(app, "Torfstetter");
  await app.see("user-tokens-state");
  assert.match(await app.text("user-tokens-state"), /Torfstetter/);
  assert.equal((await app.page.findElements(byId("user-token-delete"))).length, 0);
  await app.quit();
});

test("somebody with five tokens is cut off, and it is proven", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("administrator");
  const theirs = server(ready, ready.tokens.api_user);
  for (let n = 0; n < 5; n++) {
    await theirs.ask("personal_access_tokens", { method: "POST", body: JSON.stringify({ data: { attributes: { name: `Script ${n}` } } }) });
  }
  const me = (await theirs.ask("users/me")).data;
  const { user: there, may, tokens } = server(ready);
  assert.ok((await tokens(me.id)).length >= 5);
  const name = me.attributes.lastname;
  await app.click("users-refresh");
  await choose(app, name, "user-menu-cut-off");
  await app.see("user-cut-off-dialog");
  await app.click("user-cut-off-inactive");
  await app.click("dialog-confirm");
  await app.see("user-cut-off-report", 60_000);
  assert.deepEqual(await app.each("user-cut-off-step", "data-done"), ["true", "true", "true", "true"]);
  assert.deepEqual(await tokens(me.id), []);
  const now = await there(name);
  assert.equal(now.attributes.active, false);
  assert.ok(!may(now));
  await app.quit();
});

test("without the permission 'Users' the area explains itself", { timeout: 120_000 }, async () => {
  const { app } = await signedIn("api_user");
  await choose(app, "Schalbrett", "user-menu-give");
  await app.click("dialog-confirm");
  await eventually("the reason", async () => /permission .Users./.test(await app.text("users-page")));
  await app.quit();
});
