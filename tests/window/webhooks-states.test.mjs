// Webhooks where something is in the way: changed elsewhere, left unsaved, many at once, refused, not offered.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, test } from "node:test";
import { By, Key } from "selenium-webdriver";
import { Ground, clipboard, computer, eventually, sandbox, start } from "./support/app.mjs";
import { HIDDEN, PASSWORD, byId, choose, fillIn, header, save, tick, typePassword, webhook } from "./support/webhooks.mjs";

const ground = new Ground();
after(() => ground.end());

/** Changes a webhook as another program would: everything is written back, hidden values are left out. */
async function changeElsewhere(ready, description, change) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-PlanRadar-API-Key": ready.tokens.account_holder };
  const url = `${ready.url}/api/v1/${ready.customer_id}/webhooks`;
  const { data } = await (await fetch(`${url}?pagesize=500`, { headers })).json();
  const { id, attributes } = data.find((one) => one.attributes.description === description);
  for (const one of attributes.headers) if (one.hidden) delete one.value;
  const answer = await fetch(`${url}/${id}`, { method: "PUT", headers, body: JSON.stringify({ data: { attributes: { ...attributes, ...change } } }) });
  assert.equal(answer.status, 200);
}

/** An account with room in its limit. */
async function signedIn(seed, ...args) {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", seed, "--limit", "600", ...args]);
  const app = await start(world);
  await app.signIn(ready);
  await app.takeMoreOfTheLimit("500");
  await app.click("nav-webhooks");
  return { world, ready, app };
}

const described = async (app) => (await app.see("webhook-description")).getAttribute("value");

test("changed elsewhere: both are shown, and the person decides", { timeout: 120_000 }, async () => {
  const { ready, app } = await signedIn("demo");
  await choose(app, "Power Automate, wartet auf Freigabe", "webhook-menu-edit");
  await app.type("webhook-description", "Mine");
  await changeElsewhere(ready, "Power Automate, wartet auf Freigabe", { description: "Theirs", active: true });
  await app.click("webhook-save");
  const shown = await app.text("webhook-conflict");
  assert.match(shown, /Mine/);
  assert.match(shown, /Theirs/);
  // Back: nothing typed is lost. Theirs: what is there now is edited.
  await app.click("conflict-back");
  await app.gone("webhook-conflict");
  assert.equal(await described(app), "Mine");
  await app.click("webhook-save");
  await app.click("conflict-theirs");
  assert.equal(await described(app), "Theirs");
  // Mine, over a further change.
  await app.type("webhook-description", "Mine after all");
  await changeElsewhere(ready, "Theirs", { description: "Theirs again" });
  await app.click("webhook-save");
  await app.click("conflict-mine");
  await app.see("webhook-summary");
  assert.match(await app.text("summary-changes"), /Theirs again/);
  await app.click("dialog-confirm");
  await app.gone("webhook-editor");
  await webhook(app, "Mine after all");
  await app.quit();
});

test("what is left unsaved is asked about, kept without secrets, and taken up again", { timeout: 120_000 }, async () => {
  const { app } = await signedIn("demo");
  await webhook(app, "Fotos ins Bautagebuch");
  await app.click("webhooks-create");
  await fillIn(app, "https://erp.example.com/hook");
  await app.click("nav-tokens");
  await app.see("webhook-leave");
  await app.click("leave-stay");
  assert.equal(await described(app), "Tickets to nginx");
  await app.click("webhook-back");
  await app.click("leave-keep");
  await app.see("webhooks-draft");
  await app.click("webhooks-draft-resume");
  assert.equal(await described(app), "Tickets to nginx");
  assert.equal((await app.page.findElements(byId("header-row"))).length, 3);
  assert.equal(await (await header(app, 1, "hidden-input")).getAttribute("value"), "", "secrets are not kept");
  assert.ok(!(await app.source()).includes(HIDDEN));
  // Without them it can't be saved, and the fields say so.
  await app.click("webhook-save");
  assert.equal((await app.page.wait(async () => (await app.page.findElements(byId("webhook-problem"))).length === 2, 20_000)), true);
  await app.click("webhook-back");
  await app.click("leave-discard");
  await app.gone("webhook-editor");
  assert.ok(!(await app.has("webhooks-draft")));
  await app.quit();
});

test("lines are pasted as headers, and credentials in the URL become Basic", { timeout: 120_000 }, async () => {
  const { app } = await signedIn("demo");
  await webhook(app, "Fotos ins Bautagebuch");
  await app.click("webhooks-create");
  await app.type("webhook-description", "Pasted");
  await app.type("webhook-target", `https://planradar:${PASSWORD}@erp.example.com/hook`);
  await app.click("webhook-to-basic");
  assert.equal(await (await app.see("webhook-target")).getAttribute("value"), "https://erp.example.com/hook");
  assert.equal(await (await app.see("webhook-username")).getAttribute("value"), "planradar");
  await tick(app, "webhook-event-ticket_created");
  await app.click("header-add");
  // It stays in the background with the selection, and would hold a pipe open.
  spawnSync("xclip", ["-selection", "clipboard"], { input: `X-Site: Halle 3\nX-Api-Key: ${HIDDEN}\r\nX-Source : planradar\n`, stdio: ["pipe", "ignore", "ignore"] });
  await (await header(app, 0, "header-name")).sendKeys(Key.chord(Key.CONTROL, "v"));
  await eventually("three headers", async () => (await app.page.findElements(byId("header-row"))).length === 3);
  const names = await Promise.all([0, 1, 2].map(async (n) => (await header(app, n, "header-name")).getAttribute("value")));
  assert.deepEqual(names, ["X-Site", "X-Api-Key", "X-Source"]);
  if (!(await (await header(app, 1, "header-hidden")).isSelected())) await (await header(app, 1, "header-hidden")).click();
  // Moved by a key, which the focus follows.
  await (await header(app, 2, "header-name")).sendKeys(Key.chord(Key.ALT, Key.ARROW_UP));
  await eventually("another order", async () => (await (await header(app, 1, "header-name")).getAttribute("value")) === "X-Source");
  assert.deepEqual(await save(app), { ":password": "replace", "X-Api-Key": "replace" });
  const row = await (await webhook(app, "Pasted")).getAttribute("textContent");
  assert.match(row, /erp\.example\.com/);
  assert.match(row, /Basic/);
  await app.quit();
});

test("150 webhooks: found, chosen and deleted several at once", { timeout: 120_000 }, async () => {
  const { app } = await signedIn("large");
  await webhook(app, "Webhook 001");
  assert.match(await app.text("webhooks-page"), /150 webhooks/);
  assert.ok((await app.page.findElements(byId("webhooks-row"))).length < 100, "only what is in sight is drawn");
  await app.type("webhooks-search", "hook-01");
  await eventually("ten found", async () => (await app.page.findElements(byId("webhooks-row"))).length === 10);
  const three = ["011", "013", "017"];
  const pick = async () => {
    for (const n of three) await (await webhook(app, `Webhook ${n}`)).findElement(byId("webhooks-pick")).click();
  };
  await pick();
  await app.click("webhooks-pause");
  await eventually("all paused", async () => {
    const texts = await Promise.all(three.map(async (n) => (await webhook(app, `Webhook ${n}`)).getAttribute("textContent")));
    return texts.every((text) => text.includes("Paused"));
  });
  await pick();
  await app.click("webhooks-delete");
  const dialog = await app.text("webhook-delete-dialog");
  for (const n of three) assert.match(dialog, new RegExp(`Webhook ${n}`));
  assert.equal(await (await app.see("dialog-confirm")).isEnabled(), false);
  await app.type("webhook-delete-typed", "delete 3");
  await app.click("dialog-confirm");
  await app.gone("webhook-delete-dialog");
  await eventually("seven left", async () => (await app.page.findElements(byId("webhooks-row"))).length === 7);
  await app.type("webhooks-search", "nothing is called so");
  await app.see("webhooks-no-match");
  await app.quit();
});

test("refused: the reason, and who can change it", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo"]);
  const app = await start(world);
  await app.signIn({ ...ready, tokens: { account_holder: ready.tokens.administrator } });
  await app.click("nav-webhooks");
  assert.match(await app.text("webhooks-refused"), /account holder/);
  await app.quit();
});

test("not offered: prepared, handed over field by field, remembered", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--documented-only"]);
  let app = await start(world);
  await app.signIn(ready);
  await app.click("nav-webhooks");
  await app.see("webhooks-not-offered");
  await app.click("webhooks-create");
  await app.type("webhook-description", "By hand");
  await app.type("webhook-target", "https://erp.example.com/hook");
  await app.type("events-add", "ticket_created");
  await (await app.see("events-add")).sendKeys(Key.ENTER);
  await tick(app, "webhook-authentication-basic");
  await app.type("webhook-username", "planradar");
  await typePassword(app, PASSWORD);
  await app.click("webhook-save");
  await app.see("webhook-hand-over");
  assert.ok(!(await app.source()).includes(PASSWORD), "hidden here too");
  const line = (key) => app.page.findElement(By.css(`[data-testid="hand-line"][data-line="${key}"] [data-testid="hand-copy"]`));
  await (await line("target_url")).click();
  await eventually("the URL", () => clipboard() === "https://erp.example.com/hook");
  await (await line("password")).click();
  await eventually("the password", () => clipboard() === PASSWORD);
  await app.click("hand-done");
  await webhook(app, "By hand");
  await app.quit();
  app = await start(world);
  await app.click("nav-webhooks");
  assert.match(await (await webhook(app, "By hand")).getAttribute("textContent"), /by hand/i);
  await app.quit();
});
