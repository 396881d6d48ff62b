// Lost answers, a killed program, and an account that somebody else has paused.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { Key } from "selenium-webdriver";
import { Ground, computer, eventually, sandbox, start, use } from "./support/app.mjs";

const ground = new Ground();
after(() => ground.end());

/** A door before a server that counts what comes through. */
async function counting(server) {
  const door = { url: "", answers: [] };
  const listener = createServer(async (request, response) => {
    const { accept, "x-planradar-api-key": key } = request.headers;
    const answer = await fetch(server + request.url, { method: request.method, headers: { accept, "x-planradar-api-key": key } });
    door.answers.push(answer.status);
    response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "" }).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
  ground.defer(() => listener.close());
  door.url = `http://127.0.0.1:${listener.address().port}`;
  return door;
}

test("an answer that is lost after the server created the token", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const faults = join(world.home, "faults.json");
  writeFileSync(faults, JSON.stringify([{ method: "POST", route: "tokens.create", nth: 1, effect: { kind: "reset", done: true } }]));
  const { ready } = await sandbox(ground, ["--seed", "demo", "--faults", faults]);
  const app = await start(world);
  await app.signIn(ready);
  await app.click("tokens-create");
  await app.type("create-name", "Lost");
  await app.click("create-submit");
  // Told, with the candidate; never a second token.
  await app.see("candidate");
  assert.match(await app.text("operation"), /Lost/);
  await app.row("Lost");
  await app.click("candidate-delete");
  await app.click("dialog-confirm");
  await app.rowIsGone("Lost");
  await app.gone("operation");
  await app.quit();
});

test("the program is killed while a value that is kept nowhere is on show", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  let app = await start(world);
  await app.click("demo-start");
  await app.row("Gatehouse");
  await app.click("tokens-create");
  await app.type("create-name", "Unkept");
  await app.click("create-keep-no");
  await app.click("create-submit");
  await app.see("once-dialog");
  // A window that is closed asks first.
  await app.page.actions().keyDown(Key.CONTROL).sendKeys("q").keyUp(Key.CONTROL).perform();
  await app.see("once-ask");
  await app.click("once-ask-back");
  await app.kill();
  app = await start(world);
  // The next start says so, and offers the way out.
  assert.match(await app.text("operation"), /Unkept/);
  await app.click("candidate-delete");
  await app.click("dialog-confirm");
  await app.rowIsGone("Unkept");
  await app.quit();
});

test("after a 429 nothing is sent until the cooldown has ended, also after a restart", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "12", "--window", "60s", "--cooldown", "300s"]);
  const door = await counting(ready.url);
  let app = await start(world);
  await app.signIn({ ...ready, url: door.url });
  await app.row("Excel-Auswertung");
  // Another program of the customer goes over the limit.
  await eventually("the account's cooldown", async () => (await use(ready.url, ready.customer_id, ready.tokens.api_user)) === 429);
  await app.click("tokens-refresh");
  await app.see("limit-paused");
  const told = await app.text("limit-paused");
  assert.match(told, /Paused [45]:/);
  await eventually("the countdown", async () => (await app.text("limit-paused")) !== told);
  const sent = door.answers.length;
  assert.equal(door.answers.at(-1), 429);
  await app.click("tokens-create");
  await app.type("create-name", "Too early");
  await app.click("create-submit");
  await app.error("paused");
  assert.equal(await (await app.see("create-name")).getAttribute("value"), "Too early", "nothing typed is lost");
  await app.quit();
  app = await start(world);
  await app.see("limit-paused");
  await app.row("Excel-Auswertung");
  await app.click("tokens-refresh");
  await app.error("paused");
  assert.equal(door.answers.length, sent, "nothing was sent since the 429");
  await app.quit();
});
