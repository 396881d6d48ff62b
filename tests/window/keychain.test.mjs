// A keyring that is not there, locked, refuses, or never answers: clear text in time, and the program stays usable.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Ground, clipboard, computer, eventually, keyring, refuseKeyring, sandbox, start, startKeyring } from "./support/app.mjs";
import { tick } from "./support/webhooks.mjs";

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
  const world = await computer(ground);
  // It owns the name and is stopped: every call to it waits for ever.
  process.kill(world.keyring.pid, "SIGSTOP");
  ground.defer(() => process.kill(world.keyring.pid, "SIGCONT"));

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

test("a locked keyring is said to be locked, the list is shown, and unlocked it serves again", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo"]);
  let app = await start(world);
  await app.signIn(ready);
  await app.row("Excel-Auswertung");
  await app.quit();
  await world.keyring.end();
  const locked = await startKeyring(world, { unlocked: false });

  const started = Date.now();
  app = await start(world);
  assert.match(await app.text("keychain-banner"), /The keyring is locked\. Unlock it and try again/);
  assert.ok(Date.now() - started < 10_000, "the start of the program on a busy machine, and no wait");
  await app.row("Excel-Auswertung");
  await app.click("tokens-refresh");
  await app.error("keychain_locked");
  await app.row("Excel-Auswertung");

  await locked.end();
  await startKeyring(world);
  await app.click("keychain-retry");
  await app.gone("keychain-banner");
  await app.click("tokens-refresh");
  await app.gone("error");
  await app.row("Excel-Auswertung");
  await app.quit();
});

test("a keyring that refuses is said to refuse; tokens last until quit, and what is let in again is used", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  refuseKeyring(world, true);
  const app = await start(world);
  await app.click("demo-start");
  await app.row("Gatehouse");
  assert.match(await app.text("keychain-banner"), /The keyring refused/);
  await create(app, "Session only");
  // It can't be chosen now, so the session is the choice.
  assert.equal(await (await app.page.findElement({ css: '[data-testid="create-keep-keychain"] input' })).isEnabled(), false);
  await app.click("create-submit");
  await app.state("once-kept", "data-kept", "session");
  refuseKeyring(world, false);
  await app.click("once-close");
  await app.gone("once-dialog");
  await app.click("keychain-retry");
  await app.gone("keychain-banner");
  await create(app, "Kept");
  await app.click("create-submit");
  await app.state("once-kept", "data-kept", "keychain");
  await app.click("once-close");
  await app.gone("once-dialog");
  assert.equal(keyring(world).length, 1);
  await app.quit();
});

test("an account is removed while the keyring refuses, and what it has of it goes once it is let in", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo"]);
  let app = await start(world);
  await app.signIn(ready);
  await app.row("Excel-Auswertung");
  refuseKeyring(world, true);
  await app.click("account-switcher");
  await app.click("account-menu-remove");
  await app.click("dialog-confirm");
  await app.error("keychain_refused");
  assert.equal(await (await app.see("dialog-confirm")).isEnabled(), false, "first it is agreed to leave it there");
  await tick(app, "remove-leave");
  await app.click("dialog-confirm");
  await app.gone("remove-dialog");
  await app.see("demo-start");
  await app.quit();
  refuseKeyring(world, false);
  assert.deepEqual(keyring(world), [ready.tokens.account_holder]);
  app = await start(world);
  await app.see("demo-start");
  await eventually("an empty keyring", async () => keyring(world).length === 0);
  await app.quit();
});
