// A webhook's life in the demo account: what is sent reaches a receiver that nobody here wrote.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { By } from "selenium-webdriver";
import { Ground, clipboard, computer, eventually, filesWith, keyring, sandbox, start } from "./support/app.mjs";
import { receiver } from "./support/receiver.mjs";
import { HIDDEN, PASSWORD, choose, fillIn, header, save, tick, ticket, typeHeader, typePassword, webhook } from "./support/webhooks.mjs";

const ground = new Ground();
after(() => ground.end());

const OTHER_PROJECT = "bhxkqa";
const NEWER = "n3w3r-v4lu3-canary-9876543210";
const CANARIES = [HIDDEN, NEWER, PASSWORD];

/** A browser that only writes down what it was to open; gives the file's name. */
function browser(world) {
  const opened = join(world.home, "opened");
  const bin = join(world.home, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\nprintf '%s\\n' "$1" > '${opened}'\n`, { mode: 0o755 });
  world.env.PATH = `${bin}:${world.env.PATH}`;
  return opened;
}

/** Whether the page holds it: text, markup, fields and stores. */
async function holds(app, value) {
  const all = await app.page.executeScript(`
    const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
    const stores = [localStorage, sessionStorage].map((store) => JSON.stringify({ ...store }));
    return [document.documentElement.outerHTML, ...fields, ...stores, document.title, location.href].join("\\n");`);
  return all.includes(value);
}

/** Records the answers and notices that come from Rust, from now on. */
async function listenIn(app) {
  await app.page.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    window.heard = [];
    const ask = window.fetch;
    window.fetch = async (url, options) => {
      const answer = await ask(url, options);
      window.heard.push(await answer.clone().text());
      return answer;
    };
    const ipc = window.__TAURI_INTERNALS__;
    ipc.invoke("plugin:event|listen", { event: "notice", target: { kind: "Any" }, handler: ipc.transformCallback((e) => window.heard.push(JSON.stringify(e))) }).then(() => done(), done);`);
}

async function assertNowhere(app, what) {
  const heard = await app.page.executeScript("return window.heard");
  assert.ok(heard.length > 0, "answers were listened in on");
  for (const value of CANARIES) {
    assert.ok(!(await holds(app, value)), `${what}: the page holds ${value}`);
    assert.ok(!heard.some((text) => text.includes(value)), `${what}: an answer or notice held ${value}`);
  }
}

/** The value that the demo account signs in with does not leave the program: a token of our own makes the tickets. */
async function token(app) {
  await app.click("tokens-create");
  await app.type("create-name", "Tickets");
  await app.click("create-submit");
  const before = clipboard();
  await app.click("once-copy");
  const value = await eventually("the token on the clipboard", () => clipboard() !== before && clipboard());
  await app.click("once-close");
  await app.gone("once-dialog");
  return value;
}

async function remove(app, name) {
  await choose(app, name, "webhook-menu-delete");
  assert.match(await app.text("webhook-delete-dialog"), new RegExp(name));
  await app.click("dialog-confirm");
  await app.gone("webhook-delete-dialog");
  await eventually(`the end of ${name}`, async () => !(await app.each("webhooks-row")).some((text) => text.includes(name)));
}

const CHECK = { user: "planradar", password: PASSWORD, header: "X-Api-Key", value: HIDDEN };
const DELIVERED = "204 POST application/json";

test("a webhook of the demo account keeps what PlanRadar hides", { timeout: 180_000 }, async () => {
  const world = await computer(ground);
  const nginx = await receiver(ground, CHECK);
  const opened = browser(world);
  const app = await start(world);
  await app.click("demo-start");
  await app.row("Gatehouse");
  const key = await token(app);
  const demo = `http://127.0.0.1:${readFileSync(join(world.data, "demo", "port"), "utf8").trim()}`;

  await app.click("nav-webhooks");
  await webhook(app, "Fotos ins Bautagebuch");
  await listenIn(app);
  await app.click("webhooks-create");
  await fillIn(app, nginx.url);
  // A mask is refused, at its field, and nothing typed is lost.
  await typeHeader(app, 1, "hidden-input", "••••••••");
  await app.click("webhook-save");
  await app.see("webhook-problems");
  assert.equal(await (await app.see("webhook-description")).getAttribute("value"), "Tickets to nginx");
  await typeHeader(app, 1, "hidden-input", HIDDEN);
  assert.deepEqual(await save(app), { ":password": "replace", "X-Api-Key": "replace" });
  await webhook(app, "Tickets to nginx");
  await assertNowhere(app, "after saving");
  await ticket(demo, "9000001", key, OTHER_PROJECT);
  await ticket(demo, "9000001", key);
  assert.deepEqual(await nginx.seen(1), [DELIVERED]);

  // Only the description: the next delivery still carries the hidden value.
  await choose(app, "Tickets to nginx", "webhook-menu-edit");
  await app.see("hidden-chip");
  await app.type("webhook-description", "Tickets to our nginx");
  assert.deepEqual(await save(app), { ":password": "keep", "X-Api-Key": "keep" });
  await ticket(demo, "9000001", key);
  assert.deepEqual(await nginx.seen(1), [DELIVERED]);
  assert.ok(!keyring(world).some((value) => CANARIES.includes(value)), "kept nowhere, because nobody asked for it");

  // The demonstration page opens in the browser, with a code that is good once.
  await choose(app, "Tickets to our nginx", "webhook-menu-deliveries");
  await app.click("demo-page");
  const page = await eventually("the browser", () => existsSync(opened) && readFileSync(opened, "utf8").trim());
  const visit = () => fetch(page, { headers: { accept: "text/html" }, redirect: "manual" });
  assert.ok((await visit()).headers.has("set-cookie"), page);
  assert.equal((await visit()).status, 403, "once");
  await app.quit();
  for (const value of CANARIES) assert.deepEqual(filesWith(world.home, value), []);
});

test("a webhook is moved, duplicated, paused and deleted with values that are kept here", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const [first, second] = [await receiver(ground, CHECK), await receiver(ground, { ...CHECK, value: NEWER })];
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const makeTicket = () => ticket(ready.url, ready.customer_id, ready.tokens.account_holder);
  let app = await start(world);
  await app.signIn(ready);
  await app.takeMoreOfTheLimit("500");
  await app.click("nav-webhooks");
  await webhook(app, "Fotos ins Bautagebuch");
  await listenIn(app);
  await app.click("webhooks-create");
  await fillIn(app, first.url);
  await tick(app, "webhook-keep-values");
  assert.deepEqual(await save(app), { ":password": "replace", "X-Api-Key": "replace" });
  await makeTicket();
  assert.deepEqual(await first.seen(1), [DELIVERED]);
  assert.ok(keyring(world).includes(HIDDEN) && keyring(world).includes(PASSWORD), "kept, because that was asked");

  // Where it is not proven that leaving a value out keeps it, the kept one is sent again.
  await choose(app, "Tickets to nginx", "webhook-menu-edit");
  await app.see("hidden-chip");
  await app.type("webhook-description", "Tickets to our nginx");
  assert.deepEqual(await save(app), { ":password": "from_keychain", "X-Api-Key": "from_keychain" });
  await makeTicket();
  assert.deepEqual(await first.seen(1), [DELIVERED]);

  // Another port is another destination: values are asked for again.
  await choose(app, "Tickets to our nginx", "webhook-menu-edit");
  await app.see("hidden-chip");
  await app.type("webhook-target", second.url);
  await app.gone("hidden-chip");
  await app.click("webhook-save");
  await app.see("webhook-problems");
  await typePassword(app, PASSWORD);
  await typeHeader(app, 1, "hidden-input", NEWER);
  assert.deepEqual(await save(app), { ":password": "replace", "X-Api-Key": "replace" });
  await makeTicket();
  assert.deepEqual(await second.seen(1), [DELIVERED]);
  assert.equal(first.waiting(), 0, "nothing goes to the old destination");
  await assertNowhere(app, "after the move");

  // A kept value can be copied, by Rust.
  await choose(app, "Tickets to our nginx", "webhook-menu-edit");
  await app.see("hidden-chip");
  await (await header(app, 1, "hidden-copy")).click();
  await eventually("the value on the clipboard", () => clipboard() === NEWER);
  await app.click("webhook-back");

  // A duplicate takes what is kept along.
  await choose(app, "Tickets to our nginx", "webhook-menu-duplicate");
  await app.see("hidden-chip");
  await app.type("webhook-description", "A copy");
  await tick(app, "webhook-active");
  assert.deepEqual(await save(app), { ":password": "from_keychain", "X-Api-Key": "from_keychain" });
  await makeTicket();
  assert.deepEqual(await second.seen(2), [DELIVERED, DELIVERED]);

  // Paused: no more deliveries.
  await choose(app, "Tickets to our nginx", "webhook-menu-pause");
  await eventually("the pause", async () => (await (await webhook(app, "Tickets to our nginx")).getAttribute("textContent")).includes("Paused"));
  await makeTicket();
  assert.deepEqual(await second.seen(1), [DELIVERED], "the copy's only");

  // What was delivered is told, without the values.
  await choose(app, "Tickets to our nginx", "webhook-menu-deliveries");
  await app.see("deliveries-table");
  assert.equal((await app.each("deliveries-row")).length, 4);
  await (await app.see("deliveries-row")).findElement(By.css("td")).click();
  const detail = await app.text("delivery-detail");
  assert.match(detail, /ticket_created/);
  assert.match(detail, /X-Site/);
  await assertNowhere(app, "in the deliveries");
  await app.quit();
  for (const value of CANARIES) assert.deepEqual(filesWith(world.home, value).filter((path) => !path.includes("/keyrings/")), []);

  // After a restart it is still paused; deleted, with what was kept of it.
  app = await start(world);
  await app.click("nav-webhooks");
  await listenIn(app);
  assert.match(await (await webhook(app, "Tickets to our nginx")).getAttribute("textContent"), /Paused/);
  await app.click("webhooks-refresh");
  for (const name of ["Tickets to our nginx", "A copy"]) await remove(app, name);
  await makeTicket();
  await eventually("a keyring without them", () => !keyring(world).some((value) => CANARIES.includes(value)));
  await assertNowhere(app, "after deleting");
  assert.equal(second.waiting(), 0);
});
