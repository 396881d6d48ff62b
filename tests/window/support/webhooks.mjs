// What a person does in the Webhooks area.

import assert from "node:assert/strict";
import { byId, eventually } from "./app.mjs";
import { found } from "./element.mjs";

export { byId };

export const PROJECT = "kdwmrq";
export const HIDDEN = "h1dd3n-v4lu3-canary-0123456789";
export const PASSWORD = "p455w0rd-canary-0f-b4s1c-4uth";

/** Another program that makes tickets. */
export async function ticket(url, customer, token, project = PROJECT) {
  const answer = await fetch(`${url}/api/v2/${customer}/projects/${project}/tickets`, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-PlanRadar-API-Key": token },
    body: JSON.stringify({ data: { attributes: { "ticket-type-id": "obk", "component-id": "nyk" } } }),
  });
  assert.equal(answer.status, 201);
}

/** The row of the webhook with this description. */
export function webhook(app, description) {
  return app.find("webhooks-row", description);
}

export function choose(app, description, item) {
  return app.choose(description, item, "webhooks");
}

/** The part of the n-th header's row with this test id. */
export function header(app, n, id) {
  return found(() =>
    eventually(`${id} of header ${n}`, () =>
      app.page.executeScript(
        `return document.querySelectorAll('[data-testid="header-row"]')[arguments[0]]?.querySelector('[data-testid="' + arguments[1] + '"]') ?? null`,
        n,
        id,
      ),
    ),
  );
}

export async function typeHeader(app, n, id, text) {
  const field = await header(app, n, id);
  await field.clear();
  await field.sendKeys(text);
}

export async function tick(app, id) {
  await eventually(`a tick at ${id}`, async () => {
    await app.page.executeScript("document.querySelector(`[data-testid=\"${arguments[0]}\"]`).scrollIntoView({ block: 'center' })", id);
    await (await app.see(id)).click();
    return true;
  });
}

/** Saves, over the summary; gives what that says of hidden values. */
export async function save(app) {
  await app.click("webhook-save");
  await app.see("webhook-summary");
  const fates = Object.fromEntries(
    await app.page.executeScript(
      `return [...document.querySelectorAll('[data-testid="summary-hidden"] [data-name]')].map(({ dataset }) => [dataset.name, dataset.fate])`,
    ),
  );
  await app.click("dialog-confirm");
  await eventually("the end of the editor", async () => !(await app.has("webhook-editor")));
  return fates;
}

/** Two events, one project, Basic and three headers, one of them hidden. */
export async function fillIn(app, target) {
  await app.type("webhook-description", "Tickets to nginx");
  await app.type("webhook-target", target);
  await tick(app, "webhook-projects-chosen");
  await tick(app, `webhook-project-${PROJECT}`);
  await tick(app, "webhook-event-ticket_created");
  await tick(app, "webhook-event-photo_attached");
  await tick(app, "webhook-authentication-basic");
  await app.type("webhook-username", "planradar");
  await typePassword(app, PASSWORD);
  for (let n = 0; n < 3; n++) {
    await app.click("header-add");
    await eventually("a header's row", async () => (await app.page.findElements(byId("header-row"))).length === n + 1);
  }
  await typeHeader(app, 0, "header-name", "X-Site");
  await typeHeader(app, 0, "header-value", "Halle 3");
  await typeHeader(app, 1, "header-name", "X-Api-Key");
  await (await header(app, 1, "header-hidden")).click();
  await typeHeader(app, 1, "hidden-input", HIDDEN);
  await typeHeader(app, 2, "header-name", "X-Source");
  await typeHeader(app, 2, "header-value", "planradar");
}

export async function typePassword(app, text) {
  await (await (await app.see("webhook-password")).findElement(byId("hidden-input"))).sendKeys(text);
}
