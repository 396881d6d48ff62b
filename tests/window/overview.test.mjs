// Overview, setting up an integration, Connect and the audit log in the real window; WCAG 2.2 AA by axe over each.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Ground, clipboard, computer, eventually, start } from "./support/app.mjs";
import { DRESSES, clean, dress } from "./support/axe.mjs";

const ground = new Ground();
after(() => ground.end());

test("from the overview to an integration, Connect, and the log of it", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const app = await start(world);
  await app.click("demo-start");
  await app.see("demo-strip");
  await app.row("Gatehouse");
  await app.takeMoreOfTheLimit();
  await app.click("tokens-create");
  await app.type("create-name", "Power BI");
  await app.click("create-submit");
  await app.see("once-dialog");
  await app.state("once-kept", "data-kept", "keychain");
  await app.click("once-close");

  await app.click("nav-overview");
  await app.state("overview-page", "data-known", "true");
  await app.see("overview-tasks");

  await app.click("overview-integrate");
  await app.click("integration-test");
  await app.see("integration-works");
  await app.click("integration-curl-copy");
  const line = await eventually("the line on the clipboard", () => clipboard());
  const token = /X-PlanRadar-API-Key: (demo-[0-9a-f]{170,})'/.exec(line)?.[1];
  assert.ok(token, "the copied line has the token");
  assert.ok(!(await app.source()).includes(token), "the page has not");

  await app.click("nav-connect");
  await app.state("connect-status", "data-status", "not_requested");
  await app.click("connect-preflight");
  await app.see("connect-checks");
  await app.type("connect-search", "Slack");
  await app.click("connect-add");
  await app.type("connect-purpose", "Each new defect becomes a message.");
  await app.click("connect-submit");
  await app.click("dialog-confirm");
  await app.state("connect-status", "data-status", "requested");

  await app.click("nav-audit");
  await app.state("audit-page", "data-integrity", "whole");
  await app.see("audit-table");

  for (const [theme, language] of DRESSES) {
    await dress(app, theme, language);
    for (const [area, page] of [["nav-overview", "overview-page"], ["nav-connect", "connect-page"], ["nav-audit", "audit-page"]]) {
      await app.click(area);
      await app.see(page);
      await clean(app, `${page}, ${theme}, ${language}`);
    }
    await app.click("nav-overview");
    await app.click("overview-integrate");
    await app.see("integration-curl");
    await clean(app, `integration, ${theme}, ${language}`);
  }
});
