// A new integration user through the real window: created with a project, refused at its field, invited, not allowed.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { By, Key } from "selenium-webdriver";
import { Ground, computer, eventually, sandbox, start } from "./support/app.mjs";
import { DRESSES, clean, dress } from "./support/axe.mjs";

const ground = new Ground();
after(() => ground.end());


/** What the server says, to another program. */
async function ask(ready, path) {
  const headers = { Accept: "application/json", "X-PlanRadar-API-Key": ready.tokens.account_holder };
  return (await (await fetch(`${ready.url}/api/v1/${ready.customer_id}/${path}`, { headers })).json()).data;
}

/** The user with this mail address at the server; undefined = none. */
async function there(ready, mail) {
  return (await ask(ready, "users?pagesize=500")).map(({ attributes }) => attributes).find((one) => one.mail === mail);
}

/** Signed in with one of the ready tokens, with room in the limit, at Users. */
async function signedIn(who, { args = [], faults } = {}) {
  const world = await computer(ground);
  const file = join(world.home, "faults.json");
  if (faults) writeFileSync(file, JSON.stringify(faults));
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600", ...args, ...(faults ? ["--faults", file] : [])]);
  const app = await start(world);
  await app.signIn({ ...ready, tokens: { account_holder: ready.tokens[who] } });
  await app.takeMoreOfTheLimit("500");
  await app.click("nav-users");
  await app.see("users-table");
  return { ready, app };
}

const value = async (app, id) => (await app.see(id)).getAttribute("value");

/** The projects that can be chosen, by id. */
const projectsShown = (app) =>
  app.page.executeScript(
    `return [...document.querySelectorAll('[data-testid^="webhook-project-"]')].map(({ dataset }) => dataset.testid.slice("webhook-project-".length))`,
  );

/** The text that is shown at an input that is refused. */
const problem = (app, id) =>
  app.page.executeScript(
    `const field = document.querySelector('[data-testid="' + arguments[0] + '"]');
     const described = field?.getAttribute("aria-invalid") === "true" && field.getAttribute("aria-describedby");
     return described ? document.getElementById(described.split(" ")[0])?.textContent ?? null : null`,
    id,
  );

/** Opens the form and fills in its mail address. */
async function open(app, mail) {
  await app.click("new-user");
  await app.type("new-user-mail", mail);
}

test("an integration user is created with a project and its role, and what comes next is said", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("administrator");
  const licences = (await ask(ready, "account")).attributes;
  await open(app, "nobody");
  assert.equal(await value(app, "new-user-first"), "Integration");
  assert.ok(await (await app.see("new-user-api")).isSelected());
  assert.ok((await app.text("new-user-licence")).includes(`${licences["in-house-licences-used"]} of ${licences["in-house-licences"]}`));

  // Nothing is sent while an input is wrong, or a project has no role.
  await app.click("new-user-submit");
  assert.match(await eventually("the address's problem", () => problem(app, "new-user-mail")), /mailbox/);
  await app.type("new-user-last", "Leitstand");
  await app.type("new-user-mail", "leitstand@example.com");
  await app.click("new-user-projects");
  await app.type("projects-search", "Ährenfeld");
  const project = await eventually("the project", async () => {
    const found = await projectsShown(app);
    return found.length === 1 && found[0];
  });
  await app.click(`webhook-project-${project}`);
  await app.click("new-user-submit");
  await eventually("the role's problem", () => problem(app, "new-user-role"));
  assert.equal(await there(ready, "leitstand@example.com"), undefined);
  const role = (await ask(ready, "roles")).find(({ attributes }) => !attributes["is-admin-role"]);
  await (await app.see("new-user-role")).findElement(By.css(`option[value="${role.id}"]`)).click();
  await app.click("new-user-submit");
  await app.see("new-user-done");

  const made = await there(ready, "leitstand@example.com");
  assert.deepEqual([made.firstname, made.lastname, made.permissions.api_documentation_access, made.permissions.users], ["Integration", "Leitstand", true, false]);
  assert.deepEqual([made["project-ids"], made["role-ids"]], [[project], [role.id]]);
  assert.match(await app.text("new-user-done"), /as Integration Leitstand, not as yourself/);
  await app.click("new-user-show");
  await app.state("user-panel", "data-loaded", "true");
  assert.match(await app.text("user-panel"), /Integration Leitstand/);
  assert.equal(await app.has("new-user-draft"), false);
  await app.quit();
});

test("a refusal is shown at its field, and nothing typed is lost when the form is left", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("administrator");
  const taken = (await ask(ready, "users?pagesize=1"))[0].attributes.mail;
  await open(app, taken);
  await app.type("new-user-position", "Leitstand");
  await app.click("new-user-submit");
  assert.match(await eventually("the server's words", () => problem(app, "new-user-mail")), /Not accepted: .*taken/);
  assert.deepEqual([await value(app, "new-user-mail"), await value(app, "new-user-position")], [taken, "Leitstand"]);
  await app.click("nav-overview");
  await app.see("overview-page");

  // Quitting would lose it: asked about first.
  await app.page.actions().keyDown(Key.CONTROL).sendKeys("q").keyUp(Key.CONTROL).perform();
  assert.match(await app.text("quit-dialog"), /New user: Integration/);
  await app.click("quit-stay");
  await app.click("nav-users");
  await app.click("new-user-draft-resume");
  assert.deepEqual([await value(app, "new-user-mail"), await value(app, "new-user-position")], [taken, "Leitstand"]);
  await app.click("new-user-discard");
  await app.see("users-table");
  assert.equal(await app.has("new-user-draft"), false);
  await app.quit();
});

test("who is known in another account is invited from the same form", { timeout: 120_000 }, async () => {
  const mail = "leitstand@elsewhere.example.com";
  const { ready, app } = await signedIn("administrator");
  await open(app, mail);
  await app.type("new-user-last", "Leitstand");
  await app.click("new-user-submit");
  assert.match(await app.text("new-user-instead"), /signed in to PlanRadar as that user/);
  assert.equal(await there(ready, mail), undefined, "nobody is invited without a second click");
  assert.equal(await value(app, "new-user-last"), "Leitstand");
  await app.click("new-user-submit");
  await app.state("new-user-done", "data-invited", "true");
  assert.equal((await there(ready, mail)).lastname, "Leitstand");
  await app.click("new-user-integrate");
  await app.see("integration-page");
  await app.quit();
});

test("a creation whose answer is lost is looked for, and never sent twice", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("administrator", { faults: [{ method: "POST", route: "users.create", nth: 1, effect: { kind: "reset", done: true } }] });
  await open(app, "leitstand@example.com");
  await app.click("new-user-submit");
  assert.match(await app.text("users-operation"), /It is not known whether “Integration .+” was created/);
  assert.ok(await app.has("new-user-draft"), "what was typed is kept");
  await app.click("users-operation-check");
  await app.gone("users-operation");
  await app.gone("new-user-draft");
  assert.ok(await there(ready, "leitstand@example.com"));
  await eventually("the user in the list", async () => (await app.text("users-table")).includes("leitstand@example.com"));
  await app.quit();
});

test("without the permission 'Users' nobody can be created, and the reason is beside the button", { timeout: 120_000 }, async () => {
  const { app } = await signedIn("api_user");
  assert.match(await app.text("new-user-blocked"), /'Users'/);
  assert.equal(await (await app.see("new-user")).isEnabled(), false);
  await app.page.findElement(By.css("main h1")).sendKeys("n");
  assert.equal(await app.has("new-user-page"), false);
  await app.quit();
});

test("without roles the form works, and says why there are no projects", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("administrator", { faults: [{ route: "roles.list", nth: 1, effect: { kind: "status", status: 404 } }] });
  await open(app, "leitstand@example.com");
  await app.see("new-user-no-roles");
  await app.click("new-user-submit");
  await app.see("new-user-done");
  assert.ok(await there(ready, "leitstand@example.com"));
  await app.quit();
});

test("no state of the form has a violation", { timeout: 240_000 }, async () => {
  const { app } = await signedIn("administrator");
  for (const [theme, language] of DRESSES) {
    const state = `${theme}, ${language}`;
    await dress(app, theme, language);
    await app.click("nav-users");
    await open(app, "leitstand@elsewhere.example.com");
    await app.click("new-user-projects");
    await app.click(`webhook-project-${await eventually("a project", async () => (await projectsShown(app))[0])}`);
    await app.click("new-user-submit");
    await eventually("the role's problem", () => problem(app, "new-user-role"));
    await clean(app, `new user, ${state}`);
    await (await app.see("new-user-role")).findElement(By.css("option:not([disabled])")).click();
    await app.click("new-user-submit");
    await app.see("new-user-instead");
    await clean(app, `invite instead, ${state}`);
    await app.click("new-user-back");
    await app.see("new-user-draft");
    await clean(app, `a draft, ${state}`);
    await app.click("new-user-draft-drop");
    await open(app, `leitstand-${theme}@example.com`);
    await app.click("new-user-submit");
    await app.see("new-user-done");
    await clean(app, `what comes next, ${state}`);
  }
  await app.page.manage().window().setRect({ width: 900, height: 600 });
  await app.click("new-user-back");
  await app.click("new-user");
  await app.see("new-user-mail");
  await clean(app, "narrow");
  await app.quit();
});

test("where only documented routes are served, a user is created all the same", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--documented-only"]);
  const app = await start(world);
  await app.signIn(ready);
  await app.click("nav-users");
  await app.see("users-table");
  await open(app, "leitstand@example.com");
  assert.match(await app.text("new-user-licence"), /not known/);
  await app.click("new-user-submit");
  await app.see("new-user-done");
  assert.equal((await there(ready, "leitstand@example.com")).permissions.api_documentation_access, true);
  await app.quit();
});
