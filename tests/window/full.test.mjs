// The walk of a new user: demo account, create, copy, restart, use, replace, delete.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Ground, clipboard, computer, eventually, filesWith, keyring, start, use } from "./support/app.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ground = new Ground();
after(() => ground.end());

test("a token's life in the demo account", { timeout: 180_000 }, async () => {
  const world = await computer(ground);
  let app = await start(world);
  await app.click("demo-start");
  await app.see("demo-strip");
  await app.row("Gatehouse");
  await app.takeMoreOfTheLimit();

  // Create, kept in the keyring.
  await app.click("tokens-create");
  await app.type("create-name", "Power BI");
  await app.click("create-submit");
  await app.see("once-dialog");
  await app.state("once-kept", "data-kept", "keychain");
  await app.click("once-copy");
  const value = await eventually("the value on the clipboard", () => clipboard());
  assert.match(value, /^demo-[0-9a-f]{170,}$/);
  assert.ok(!(await app.source()).includes(value), "a masked value is not in the page");
  await app.click("once-reveal");
  await eventually("the revealed value", async () => (await app.text("once-value")).replace(/\s/g, "").includes(value));
  await app.click("once-close");
  await app.gone("once-dialog");
  assert.ok(!(await app.source()).includes(value), "the page holds the value only while it is shown");

  // Only the keyring has it.
  assert.ok(keyring(world).includes(value), "the keyring holds the value");
  assert.deepEqual(filesWith(world.home, value), []);

  // Still there after a restart, and the clipboard was cleared at quit.
  await app.quit();
  assert.notEqual(clipboard(), value);
  app = await start(world);
  const row = await app.row("Power BI");
  assert.match(await app.rowText(row), /Kept here/);
  await app.choose("Power BI", "token-menu-copy");
  await eventually("the value on the clipboard again", () => clipboard() === value);

  // Used by another program.
  const url = `http://127.0.0.1:${readFileSync(join(world.data, "demo", "port"), "utf8").trim()}`;
  assert.equal(await use(url, "9000001", value), 200);
  await app.click("tokens-refresh");
  await eventually("its use in the list", async () => /just now|second/.test(await app.rowText(await app.row("Power BI"))));

  // Replaced: both work until the old one is deleted.
  await app.choose("Power BI", "token-menu-replace");
  await app.type("replace-name", "Power BI 2");
  await app.click("replace-create");
  await app.see("once-dialog");
  await app.click("once-copy");
  const next = await eventually("the new value", () => clipboard() !== value && clipboard());
  await app.click("once-close");
  await app.gone("once-dialog");
  await app.click("replace-entered");
  assert.equal(await use(url, "9000001", next), 200);
  assert.equal(await use(url, "9000001", value), 200);
  await app.click("replace-check");
  await app.state("replace-panel", "data-step", "3");
  assert.equal(await use(url, "9000001", next), 200);

  // A restart in the middle loses nothing.
  await app.quit();
  app = await start(world);
  await app.click("operation-continue");
  await app.click("replace-check");
  await app.state("replace-panel", "data-step", "4");
  await app.click("replace-finish");
  await app.click("dialog-confirm");
  await app.rowIsGone("Power BI");
  assert.equal(await use(url, "9000001", value), 401);
  assert.equal(await use(url, "9000001", next), 200);

  // Deleted: the keyring forgets it too.
  await app.choose("Power BI 2", "token-menu-delete");
  assert.match(await app.text("delete-dialog"), /Power BI 2/);
  await app.click("dialog-confirm");
  await app.rowIsGone("Power BI 2");
  assert.equal(await use(url, "9000001", next), 401);
  await eventually("a keyring without both values", () => {
    const kept = keyring(world);
    return !kept.includes(value) && !kept.includes(next);
  });
  assert.deepEqual(filesWith(world.home, next), []);
});
