// PlanRadar Connect, the audit log and the Overview, through the real window.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, test } from "node:test";
import { Ground, byId, computer, eventually, sandbox, start } from "./support/app.mjs";

const ground = new Ground();
after(() => ground.end());


/** The demonstration page in a browser. */
async function browser(url) {
  const first = await fetch(url, { headers: { accept: "text/html" }, redirect: "manual" });
  const cookie = first.headers.get("set-cookie").split(";")[0];
  const { origin } = new URL(url);
  return async (action, note = "") => {
    const body = new URLSearchParams({ action, note, project: "kdwmrq", ticket: "" });
    const answer = await fetch(`${origin}/`, { method: "POST", headers: { accept: "text/html", cookie, origin }, body, redirect: "manual" });
    assert.ok(answer.status < 400, `${action}: ${answer.status}`);
  };
}

/** All that programs of the computer ask its desktop to show, as it goes over the bus. */
function notifications(world) {
  const call = "type='method_call',interface='org.freedesktop.Notifications',member='Notify'";
  const monitor = spawn("dbus-monitor", ["--session", call], { env: world.env, stdio: ["ignore", "pipe", "ignore"] });
  ground.defer(() => monitor.kill());
  let said = "";
  monitor.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  return (text) => eventually(`the notification “${text}”`, () => said.includes(text));
}

const status = (app, kind) => app.state("connect-status", "data-status", kind);

for (const [decision, end] of [["grant", "granted"], ["decline", "declined"]]) test(`Connect: requested once, followed, ${end}`, { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready, page } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const decide = await browser(await page);
  const notified = notifications(world);
  const app = await start(world);
  await app.signIn(ready);
  await app.click("nav-connect");
  await status(app, "not_requested");
  await app.type("connect-search", "Our own ERP");
  await app.click("connect-add");
  await app.type("connect-purpose", "Tickets become orders");
  await app.type("connect-contact", "it@example.com");
  await app.click("connect-submit");
  await app.see("connect-dialog");
  await app.click("dialog-confirm");
  await status(app, "requested");
  assert.ok(!(await app.has("connect-form")), "asked once");

  await decide("connect-review");
  await app.click("connect-refresh");
  await status(app, "in_review");
  await notified("PlanRadar is looking at your request.");
  await decide(`connect-${decision}`, "Please name the system first.");
  await app.click("connect-refresh");
  await status(app, end);
  await notified(decision === "grant" ? "Access was granted." : "The request was declined.");
  assert.match(await app.text("connect-page"), /Please name the system first/);

  // All of it stands in the log of this computer, whole.
  await app.click("nav-audit");
  await app.state("audit-page", "data-integrity", "whole");
  assert.ok((await app.each("audit-row")).length >= 2, "the account was added, Connect was requested");
  await app.type("audit-search", "Connect");
  await eventually("one line", async () => (await app.page.findElements(byId("audit-row"))).length === 1);
  await app.quit();
});

test("the Overview shows what is known, and leads to what needs doing", { timeout: 120_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const app = await start(world);
  await app.signIn(ready);
  await app.row("Excel-Auswertung");
  await app.click("nav-overview");
  await app.see("overview-requests");
  const text = await app.text("overview-page");
  assert.match(text, /Excel-Auswertung/, "unused for long: it needs attention");
  await app.click("overview-integrate");
  await app.see("integration-page");
  assert.match(await app.text("integration-page"), new RegExp(ready.customer_id));
  await app.quit();
});
