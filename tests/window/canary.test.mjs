// Where a value goes that Rust holds: into the one answer to "reveal", and into the page only while it is on show.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Ground, clipboard, computer, eventually, filesWith, keyring, start } from "./support/app.mjs";

const ground = new Ground();
after(() => ground.end());

/** Records, from now on, what the page and Rust tell each other: questions, answers and notices. */
async function listenIn(app) {
  await app.page.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    const said = (window.said = []);
    const ask = window.fetch;
    window.fetch = async (url, options) => {
      const entry = { what: decodeURIComponent(new URL(url).pathname.slice(1)), asked: String(options?.body), answered: null };
      said.push(entry);
      const answer = await ask(url, options);
      entry.answered = await answer.clone().text();
      return answer;
    };
    const ipc = window.__TAURI_INTERNALS__;
    const heard = (event) => said.push({ what: "notice", asked: "", answered: JSON.stringify(event) });
    ipc.invoke("plugin:event|listen", { event: "notice", target: { kind: "Any" }, handler: ipc.transformCallback(heard) }).then(() => done(), done);`);
}

/** What was said since `listenIn`, once all is answered. */
function said(app) {
  return eventually("all answers", async () => {
    const all = await app.page.executeScript("return window.said");
    const open = all.filter((entry) => entry.answered === null);
    if (open.length > 0) throw new Error(open.map((entry) => entry.what).join(", "));
    return all;
  });
}

/** A piece of the value is enough. */
const piece = (value) => value.slice(40, 80);

/** Whether the page holds the value: text, markup, fields and stores; it shows values in groups. */
async function holds(app, value) {
  const all = await app.page.executeScript(`
    const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
    const page = document.documentElement;
    const stores = [localStorage, sessionStorage].map((store) => JSON.stringify({ ...store }));
    return [page.textContent, page.outerHTML, ...fields, ...stores, document.title, location.href].join("\\n").replace(/\\s/g, "");`);
  return all.includes(piece(value));
}

/** From the clipboard, other than what was there. */
const copied = (before) => eventually("the value on the clipboard", () => clipboard() !== before && clipboard());

/** Looks at the value on show: in the page while it is revealed, and not a moment longer. */
async function lookAt(app, value) {
  assert.ok(!(await holds(app, value)), "masked");
  await app.click("once-reveal");
  await app.state("once-value", "data-shown", "true");
  assert.ok(await holds(app, value), "revealed");
  await app.click("once-reveal");
  await app.state("once-value", "data-shown", "false");
  assert.ok(!(await holds(app, value)), "masked again");
  await app.click("once-reveal");
  await app.state("once-value", "data-shown", "true");
  await app.click("once-close");
  await app.gone("once-dialog");
  assert.ok(!(await holds(app, value)), "closed");
}

test("a value crosses to the page only when it is revealed", { timeout: 180_000 }, async () => {
  const world = await computer(ground);
  let app = await start(world);
  await listenIn(app);
  await app.click("demo-start");
  await app.row("Gatehouse");
  await app.takeMoreOfTheLimit();

  const before = clipboard();
  await app.click("tokens-create");
  await app.type("create-name", "Canary");
  await app.click("create-submit");
  await app.state("once-kept", "data-kept", "keychain");
  await app.click("once-copy");
  const first = await copied(before);
  await lookAt(app, first);

  // All else that is done with it.
  await app.choose("Canary", "token-menu-copy");
  await app.choose("Canary", "token-menu-verify");
  await app.choose("Canary", "token-menu-replace");
  await app.click("replace-create");
  await app.see("once-dialog");
  await app.click("once-copy");
  const second = await copied(first);
  await lookAt(app, second);
  await app.click("replace-later");
  await app.click("nav-settings");
  await app.click("settings-tab-kept");
  await app.see("kept-places");

  const talk = await said(app);
  for (const value of [first, second]) {
    const held = talk.filter((entry) => (entry.asked + entry.answered).includes(piece(value)));
    assert.deepEqual([...new Set(held.map((entry) => entry.what))], ["token_reveal"]);
    assert.ok(held.every((entry) => !entry.asked.includes(piece(value))), "the page never gives it back");
  }
  for (const what of ["token_create", "replace_start", "token_verify", "token_copy_kept", "kept_places", "notice"]) {
    assert.ok(talk.some((entry) => entry.what === what), `${what} was listened in on`);
  }

  // After a restart nothing but the clipboard gets it, however much the page asks.
  await app.quit();
  app = await start(world);
  await listenIn(app);
  await app.click("nav-tokens");
  await app.row("Canary");
  await app.page.executeAsyncScript("const done = arguments[arguments.length - 1]; window.__TAURI_INTERNALS__.invoke('app_start').then(() => done(), done);");
  await app.click("operation-continue");
  await app.click("replace-entered");
  await app.state("replace-panel", "data-step", "3");
  await app.click("replace-later");
  await app.choose("Canary", "token-menu-copy");
  await eventually("the value on the clipboard again", () => clipboard() === first);
  await app.click("tokens-refresh");
  const later = JSON.stringify(await said(app));
  assert.match(later, /app_start/);
  for (const value of [first, second]) {
    assert.ok(!later.includes(piece(value)));
    assert.ok(!(await holds(app, value)));
    assert.ok(keyring(world).includes(value));
    assert.deepEqual(filesWith(world.home, value), []);
  }
  await app.quit();

  // The log was written at its most talkative.
  const logs = readdirSync(join(world.data, "logs")).map((name) => readFileSync(join(world.data, "logs", name), "utf8"));
  assert.match(logs.join(""), / TRACE /);
  for (const value of [first, second]) assert.ok(!logs.join("").includes(piece(value)));
});
