// A server with only the documented routes: Tokens explains itself and takes a token made elsewhere.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Ground, clipboard, computer, eventually, filesWith, keyring, sandbox, start } from "./support/app.mjs";

const ground = new Ground();
after(() => ground.end());

test("a documented-only server", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--documented-only", "--seed", "demo"]);
  let app = await start(world);

  // A wrong Account ID is told at its field, and what was typed stays.
  await app.click("account-advanced");
  await app.type("account-server", ready.url);
  await app.type("account-customer-id", "4711");
  await app.type("account-token", ready.tokens.account_holder);
  await app.click("account-submit");
  await app.error("wrong_account_id");
  assert.equal(await (await app.see("account-customer-id")).getAttribute("value"), "4711");
  assert.equal(await (await app.see("account-server")).getAttribute("value"), ready.url);
  assert.deepEqual(keyring(world), [], "nothing is stored before the test has passed");

  await app.type("account-customer-id", ready.customer_id);
  await app.click("account-submit");
  await app.see("tokens-not-offered");

  await app.type("paste-name", "SAP Abgleich");
  await app.type("paste-value", "0".repeat(180));
  await app.click("paste-submit");
  await eventually("the refusal at its field", async () => /does not know this token/.test(await app.text("paste-form")));
  await app.type("paste-value", ready.tokens.administrator);
  await app.click("paste-submit");
  const row = await app.row("SAP Abgleich");
  assert.match(await app.rowText(row), /Kept here/);
  assert.ok(keyring(world).includes(ready.tokens.administrator));
  assert.deepEqual(filesWith(world.home, ready.tokens.administrator), []);

  await app.quit();
  app = await start(world);
  await app.choose("SAP Abgleich", "token-menu-copy");
  await eventually("the value on the clipboard", () => clipboard() === ready.tokens.administrator);
});
