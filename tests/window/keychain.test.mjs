// A keyring that is not there, or never answers: clear text in time, and the program stays usable.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { after, test } from "node:test";
import { Ground, clipboard, computer, eventually, keyring, start, startKeyring } from "./support/app.mjs";

const ground = new Ground();
after(() => ground.end());

async function create(app, name) {
  await app.click("tokens-create");
  await app.type("create-name", name);
}

test("without a Secret Service tokens last until quit, and a keyring that comes later is used", { timeout: 120_000 }, async () => {
  const world = await computer(ground, { keyring: false });
  let app = await start(world);
  await app.click("demo-start");
  await app.row("Gatehouse");
  assert.match(await app.text("keychain-banner"), /No keyring is running/);

  await create(app, "Session only");
  await app.click("create-keep-session");
  await app.click("create-submit");
  await app.state("once-kept", "data-kept", "session");
  await app.click("once-copy");
  const value = await eventually("the value", () => clipboard());
  await app.click("once-close");
  await app.gone("once-dialog");
  await app.choose("Session only", "token-menu-copy");
  await eventually("the value again", () => clipboard() === value);

  // "Try again" needs no restart.
  await startKeyring(world);
  await app.click("keychain-retry");
  await app.gone("keychain-banner");
  await create(app, "Kept");
  await app.click("create-submit");
  await app.state("once-kept", "data-kept", "keychain");
  await app.click("once-close");
  await app.gone("once-dialog");
  assert.equal(keyring(world).length, 1);

  // After a restart the session's value is gone, and that is said.
  await app.quit();
  app = await start(world);
  assert.match(await app.rowText(await app.row("Kept")), /Kept here/);
  assert.match(await app.rowText(await app.row("Session only")), /Not here/);
  await app.quit();
});

test("a keyring that never answers is told within four seconds, and can be gone without", { timeout: 120_000 }, async () => {
  const world = await computer(ground, { keyring: false });
  // A program that owns the name and then stops: every call to it waits for ever.
  const silent = spawn("gnome-keyring-daemon", ["--start", "--foreground", "--components=secrets"], { env: world.env, stdio: "ignore" });
  ground.defer(() => silent.kill("SIGKILL"));
  const owned = ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"];
  await eventually("the silent keyring", () => spawnSync("dbus-send", owned, { env: world.env, encoding: "utf8" }).stdout.includes("true"));
  process.kill(silent.pid, "SIGSTOP");

  const app = await start(world);
  await app.click("demo-start");
  await app.row("Gatehouse");
  await create(app, "Stuck");
  const asked = Date.now();
  await app.click("create-submit");
  assert.match(await app.text("keychain-wait"), /password/);
  assert.ok(Date.now() - asked < 8_000, "3 s of patience, and the time of a busy machine");
  await (await app.see("keychain-wait")).findElement({ css: '[data-testid="keychain-go-on"]' }).click();
  await app.see("once-dialog");
  await app.state("once-kept", "data-kept", "no");
  await app.click("once-keep-session");
  await app.state("once-kept", "data-kept", "session");
  await app.click("once-close");
  await app.gone("once-dialog");
  await app.row("Stuck");
  await app.quit();
});
