// WCAG 2.2 AA by axe over Overview, Users, Connect and the audit log, light and dark, English and German.

import { after, test } from "node:test";
import { Ground, byId, computer, eventually, sandbox, start } from "./support/app.mjs";
import { DRESSES, clean, dress, escape } from "./support/axe.mjs";

const ground = new Ground();
after(() => ground.end());


test("no state of the other areas has a violation", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const app = await start(world);
  await app.signIn(ready);
  await app.takeMoreOfTheLimit("500");
  for (const [theme, language] of DRESSES) {
    const state = `${theme}, ${language}`;
    await dress(app, theme, language);
    await app.click("nav-users");
    await app.see("users-table");
    await clean(app, `users, ${state}`);
    const row = await app.find("users-row", "Brückwald");
    await row.findElement(byId("users-pick")).click();
    await app.see("users-bar");
    await clean(app, `chosen users, ${state}`);
    await app.click("users-take");
    await app.see("users-api-dialog");
    await clean(app, `taking access, ${state}`);
    await escape(app, "users-api-dialog");
    await app.click("users-clear");
    await row.findElement(byId("users-row-menu")).click();
    await app.click("user-menu-cut-off");
    await app.see("user-cut-off-dialog");
    await clean(app, `cutting off, ${state}`);
    await escape(app, "user-cut-off-dialog");
    await row.findElement(byId("users-row-menu")).click();
    await app.click("user-menu-open");
    await app.see("user-panel");
    await eventually("the tokens", async () => (await app.page.findElements(byId("user-token"))).length > 0);
    await clean(app, `a user, ${state}`);
    await app.click("user-close");

    await app.click("nav-overview");
    await app.see("overview-requests");
    await clean(app, `overview, ${state}`);
    await app.click("overview-integrate");
    await app.see("integration-page");
    await clean(app, `integration, ${state}`);
    await app.click("nav-connect");
    await app.see("connect-form");
    await app.click("connect-submit");
    await clean(app, `connect, ${state}`);
    await app.click("nav-audit");
    await app.see("audit-table");
    await clean(app, `audit log, ${state}`);
  }
  await app.page.manage().window().setRect({ width: 900, height: 600 });
  for (const area of ["overview", "users", "connect", "audit"]) {
    await app.click(`nav-${area}`);
    await app.see(`${area}-page`);
    await clean(app, `narrow ${area}`);
  }
  await app.quit();
});
