// The window is open while the command line works on the same account: what it does is shown, the limit holds for both.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { By } from "selenium-webdriver";
import { Ground, computer, eventually, sandbox, start } from "./support/app.mjs";

const CLI = process.env.GATEHOUSE_CLI ?? join(resolve(import.meta.dirname, "../.."), "target/debug/gatehouse-cli");
const ground = new Ground();
after(() => ground.end());

/** Runs the command line on the window's computer, and gives its exit code and what it said. */
function cli(world, ...words) {
  const child = spawn(CLI, words, { env: world.env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said.err += text));
  return new Promise((ended) => child.on("close", (code) => ended({ code, ...said })));
}

async function well(world, ...words) {
  const { code, out, err } = await cli(world, ...words);
  assert.equal(code, 0, `${words.join(" ")}: ${err}`);
  assert.doesNotMatch(err, /locked|busy/i);
  return out;
}

async function signedIn(...args) {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", ...args]);
  const app = await start(world);
  await app.signIn(ready);
  await app.see("tokens-table");
  return { world, app, ready };
}

test("what the command line does is in the window without a restart", { timeout: 180_000 }, async () => {
  const { world, app } = await signedIn("--limit", "600");
  await app.takeMoreOfTheLimit("500");
  await app.see("tokens-table");
  await well(world, "tokens", "create", "Nightly export");
  await app.row("Nightly export");
  await well(world, "tokens", "delete", "Nightly export", "--yes");
  await app.rowIsGone("Nightly export");

  await app.click("nav-webhooks");
  const webhook = () => app.page.executeScript(`return [...document.querySelectorAll('[data-testid="webhooks-row"]')].map((row) => row.textContent).find((text) => text.includes("Testrechner der Bauleitung")) ?? null`);
  const before = await eventually("the webhook", webhook);
  await well(world, "webhooks", "pause", "Testrechner der Bauleitung");
  await eventually("it paused in the window", async () => (await webhook()) !== before);
  await well(world, "webhooks", "resume", "Testrechner der Bauleitung");
  await eventually("it active in the window", async () => /active/i.test(await webhook()));

  await app.click("nav-users");
  await eventually("the users", async () => (await app.page.findElements(By.css("[data-testid=users-row]"))).length > 0);
  const person = () => app.page.executeScript(`return [...document.querySelectorAll('[data-testid="users-row"]')].map((row) => row.textContent).find((text) => text.includes("Ragna Schalbrett")) ?? null`);
  const without = await eventually("the person", person);
  await well(world, "users", "grant-api", "ragna.schalbrett@example.com");
  await eventually("the access in the window", async () => (await person()) !== without);

  await app.click("nav-audit");
  await eventually("the command line's lines", async () => /command line/i.test(await app.text("audit-table")));
  await app.state("audit-page", "data-integrity", "whole");

  await well(world, "account", "rename", (await well(world, "account", "list", "--json").then(JSON.parse)).accounts[0].label, "Renamed by a script");
  await eventually("the new name", async () => (await app.source()).includes("Renamed by a script"));
  await app.quit();
});

test("both keep one limit, and neither finds the database locked", { timeout: 240_000 }, async () => {
  const { world, app } = await signedIn("--limit", "30");
  await app.click("nav-users");
  await app.see("users-table");
  const many = Array.from({ length: 4 }, (_, at) => well(world, "tokens", "create", `Script ${at}`));
  for (let at = 0; at < 3; at += 1) {
    await app.click("nav-tokens");
    await app.click("tokens-refresh");
    await app.click("nav-users");
  }
  await Promise.all(many);
  await app.click("nav-tokens");
  await app.row("Script 0");
  await app.row("Script 3");
  const status = JSON.parse(await well(world, "limit", "status", "--json"));
  assert.ok(!JSON.stringify(status).includes('"paused_until":"'), "no cooldown");
  assert.doesNotMatch(await app.source(), /locked/i);
  await app.quit();
});
