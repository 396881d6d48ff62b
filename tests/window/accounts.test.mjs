// Accounts: each failure is told at its place and keeps what was typed; several accounts; removal.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { Ground, computer, eventually, filesWith, keyring, sandbox, start } from "./support/app.mjs";

const ground = new Ground();
after(() => ground.end());

/** A server that answers everything alike. */
async function answering(status, headers, body) {
  const seen = [];
  const server = createServer((request, answer) => {
    seen.push(request.headers["x-planradar-api-key"]);
    answer.writeHead(status, headers).end(body);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  ground.defer(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, seen };
}

test("each way to fail, then two accounts", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "300"]);
  const other = await sandbox(ground, ["--seed", "empty", "--limit", "300"]);
  const page = await answering(200, { "Content-Type": "text/html" }, "<html>Maintenance</html>");
  const stranger = await answering(500, {}, "");
  const redirect = await answering(302, { Location: `${stranger.url}/login` }, "");
  const app = await start(world);

  await app.click("account-advanced");
  const typed = { server: ready.url, id: ready.customer_id, token: ready.tokens.account_holder };
  const told = new Set();
  // The field is where the focus goes; what concerns the server leaves it where it was.
  for (const [change, code, field] of [
    [{ server: "https://no-such-host.invalid" }, "unknown_host"],
    [{ server: "http://127.0.0.1:9" }, "offline"],
    [{ server: page.url }, "html"],
    [{ server: redirect.url }, "redirect"],
    [{ token: "0".repeat(180) }, "unauthorized", "account-token"],
    [{ id: "4711" }, "wrong_account_id", "account-customer-id"],
    [{ token: ready.tokens.no_api_user }, "permission_api_access"],
  ]) {
    const entered = { ...typed, ...change };
    await app.type("account-server", entered.server);
    await app.type("account-customer-id", entered.id);
    await app.type("account-token", entered.token);
    await app.click("account-submit");
    told.add(await app.error(code));
    if (field) await eventually(`the focus in ${field}`, async () => (await app.page.executeScript("return document.activeElement.dataset.testid")) === field);
    assert.equal(await (await app.see("account-customer-id")).getAttribute("value"), entered.id);
    assert.equal(await (await app.see("account-token")).getAttribute("value"), entered.token);
    assert.equal(await (await app.see("account-server")).getAttribute("value"), entered.server);
  }
  assert.equal(told.size, 7, "each has a text of its own");
  assert.equal(redirect.seen.length, 1, "the redirecting server got the key");
  assert.equal(stranger.seen.length, 0, "the other host never");
  assert.deepEqual(keyring(world), []);

  await app.type("account-token", typed.token);
  await app.type("account-label", "Nordbau");
  await app.click("account-submit");
  await app.row("Excel-Auswertung");

  // A second one, renamed, switched, removed.
  await app.click("account-switcher");
  await app.click("account-menu-add");
  await app.click("account-advanced");
  await app.type("account-server", other.ready.url);
  await app.type("account-customer-id", other.ready.customer_id);
  await app.type("account-token", other.ready.tokens.account_holder);
  await app.click("account-submit");
  await app.gone("account-dialog");
  await eventually("the second account", async () => !/Nordbau\b/.test(await app.text("account-switcher")));
  assert.equal(keyring(world).length, 2);
  await app.click("account-switcher");
  await app.click("account-menu-rename");
  await app.type("rename-label", "Tiefbau");
  await app.click("dialog-confirm");
  await eventually("the new name", async () => /Tiefbau/.test(await app.text("account-switcher")));
  await app.click("account-switcher");
  await app.click("account-menu-remove");
  await app.click("dialog-confirm");
  await eventually("the first account", async () => /Nordbau/.test(await app.text("account-switcher")));
  await app.row("Excel-Auswertung");
  assert.deepEqual(keyring(world), [typed.token], "its secret went with it");
  assert.deepEqual(filesWith(world.home, typed.token), []);
  await app.quit();
});
