// WCAG 2.2 AA by axe over the Webhooks area, light and dark, English and German.

import { after, test } from "node:test";
import { By } from "selenium-webdriver";
import { Ground, computer, sandbox, start } from "./support/app.mjs";
import { DRESSES, clean, dress, escape } from "./support/axe.mjs";
import { byId, choose, fillIn, header, tick, typeHeader, webhook } from "./support/webhooks.mjs";

const ground = new Ground();
after(() => ground.end());

test("no state of webhooks has a violation", { timeout: 240_000 }, async () => {
  const world = await computer(ground);
  const { ready } = await sandbox(ground, ["--seed", "demo", "--limit", "600"]);
  const app = await start(world);
  await app.signIn(ready);
  await app.takeMoreOfTheLimit("500");
  for (const [theme, language] of DRESSES) {
    const state = `${theme}, ${language}`;
    await dress(app, theme, language);
    await app.click("nav-webhooks");
    await webhook(app, "Fotos ins Bautagebuch");
    await clean(app, `webhooks, ${state}`);
    await (await webhook(app, "Mängel an SAP")).findElement(byId("webhooks-pick")).click();
    await app.see("webhooks-bar");
    await clean(app, `chosen, ${state}`);
    await app.click("webhooks-delete");
    await app.see("webhook-delete-dialog");
    await clean(app, `delete, ${state}`);
    await escape(app, "webhook-delete-dialog");
    await app.click("webhooks-clear");

    // Stored hidden values; a new destination; problems; the summary.
    await choose(app, "Fotos ins Bautagebuch", "webhook-menu-edit");
    await app.see("hidden-chip");
    await clean(app, `edited, ${state}`);
    await app.type("webhook-target", "http://127.0.0.1:9/hook?token=abc");
    await app.click("webhook-save");
    await app.see("webhook-problems");
    await clean(app, `problems, ${state}`);
    await typeHeader(app, 1, "hidden-input", "one");
    await typeHeader(app, 2, "hidden-input", "two");
    await app.click("webhook-save");
    await app.see("webhook-summary");
    await clean(app, `summary, ${state}`);
    await escape(app, "webhook-summary");
    await (await header(app, 2, "header-remove")).click();
    await app.click("webhook-back");
    await app.see("webhook-leave");
    await clean(app, `left unsaved, ${state}`);
    await app.click("leave-discard");
    await app.gone("webhook-editor");

    await app.click("webhooks-create");
    await fillIn(app, "https://erp.example.com/hook");
    await tick(app, "webhook-keep-values");
    await clean(app, `new, ${state}`);
    await app.click("webhook-back");
    await app.click("leave-discard");
    await app.gone("webhook-editor");

    await choose(app, "Testrechner der Bauleitung", "webhook-menu-deliveries");
    await app.see("deliveries-table");
    await (await app.see("deliveries-row")).findElement(By.css("td")).click();
    await app.see("delivery-detail");
    await clean(app, `deliveries, ${state}`);
    await app.click("delivery-close");
    await app.click("deliveries-back");
    await webhook(app, "Fotos ins Bautagebuch");
  }
  // Narrow: the sidebar is a rail.
  await app.page.manage().window().setRect({ width: 900, height: 600 });
  await clean(app, "narrow list");
  await choose(app, "Fotos ins Bautagebuch", "webhook-menu-edit");
  await app.see("hidden-chip");
  await clean(app, "narrow editor");
  await app.quit();
});
