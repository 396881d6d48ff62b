// What there is to see of webhooks, through the fake door.
const W = "area=webhooks";
const row = (page, name) => page.locator('tr[data-row]', { hasText: name });
const menu = async (page, id, name, item) => {
  await row(page, name).locator('[data-testid="webhooks-row-menu"]').click();
  if (item) await id(item).click();
};
const edit = async (page, id, name) => {
  await row(page, name).click();
  await id("webhook-description").waitFor();
  await page.waitForTimeout(300);
};
const bottom = (page) => page.evaluate(() => document.querySelector(".body")?.scrollTo(0, 100_000));
const pick = async (page, names) => {
  for (const name of names) await row(page, name).locator('[data-testid="webhooks-pick"]').check();
};

export const WEBHOOK_PICTURES = [
  { name: "wh-list", query: W },
  { name: "wh-list-de-dark", query: `${W}&lang=de&theme=dark` },
  { name: "wh-list-small", query: W, width: 900, height: 600 },
  { name: "wh-list-small-de-dark", query: `${W}&lang=de&theme=dark`, width: 900, height: 600 },
  { name: "wh-many", query: `${W}&webhooks=many` },
  { name: "wh-menu", query: W, steps: (page, id) => menu(page, id, "SAP") },
  { name: "wh-picked", query: W, steps: (page) => pick(page, ["SAP", "Müller"]) },
  { name: "wh-picked-de-dark-small", query: `${W}&lang=de&theme=dark`, width: 900, height: 600, steps: (page) => pick(page, ["SAP", "Müller"]) },
  {
    name: "wh-bulk-fails",
    query: `${W}&webhooks=bulk-fails`,
    steps: async (page, id) => {
      await pick(page, ["SAP", "Fotos"]);
      await id("webhooks-pause").click();
      await id("webhooks-bulk-failed").waitFor();
    },
  },
  {
    name: "wh-progress",
    query: `${W}&webhooks=many`,
    steps: async (page, id) => {
      await row(page, "Integration 1").first().focus();
      await page.keyboard.press("Control+a");
      await id("webhooks-pause").click();
      await id("progress").waitFor();
      await page.waitForTimeout(1500);
    },
  },
  {
    name: "wh-quit-de",
    query: `${W}&lang=de`,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-description").fill("Fotos und Videos ins Bautagebuch");
      await page.keyboard.press("Control+q");
      await id("quit-dialog").waitFor();
    },
  },
  { name: "wh-delete", query: W, steps: (page, id) => menu(page, id, "Fotos", "webhook-menu-delete") },
  {
    name: "wh-delete-several-de",
    query: `${W}&lang=de`,
    steps: async (page, id) => {
      await pick(page, ["SAP", "Müller", "Leitstand"]);
      await id("webhooks-delete").click();
      await id("webhook-delete-typed").fill("3 löschen");
    },
  },
  { name: "wh-empty", query: `${W}&webhooks=empty` },
  { name: "wh-refused-de", query: `${W}&webhooks=refused&lang=de` },
  { name: "wh-failed", query: `${W}&webhooks=failed` },
  { name: "wh-offline", query: `${W}&webhooks=offline` },
  { name: "wh-skeleton", query: `${W}&webhooks=slow` },
  { name: "wh-not-offered", query: `${W}&webhooks=not-offered` },
  { name: "wh-no-match", query: W, steps: (_page, id) => id("webhooks-search").fill("nothing like it") },
  { name: "wh-edit", query: W, height: 1500, steps: (page, id) => edit(page, id, "Fotos") },
  { name: "wh-edit-de-dark", query: `${W}&lang=de&theme=dark`, height: 1500, steps: (page, id) => edit(page, id, "Fotos") },
  {
    name: "wh-edit-small-de",
    query: `${W}&lang=de`,
    width: 900,
    height: 600,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await bottom(page);
    },
  },
  {
    name: "wh-new-problems",
    query: W,
    height: 1300,
    steps: async (page, id) => {
      await id("webhooks-create").click();
      await id("webhook-target").fill("https://kim:pass@example.com/hook");
      await id("webhook-authentication-basic").click();
      await id("webhook-username").fill("a:b");
      await id("header-add").click();
      await id("header-name").fill("Host");
      await id("header-value").fill("x ");
      await id("webhook-save").click();
      await id("webhook-problems").waitFor();
    },
  },
  {
    name: "wh-to-basic",
    query: W,
    steps: async (page, id) => {
      await id("webhooks-create").click();
      await id("webhook-target").fill("https://kim:pass@example.com/hook");
      await id("webhook-to-basic").click();
      if ((await id("webhook-username").inputValue()) !== "kim") throw new Error("the user name did not move");
      await bottom(page);
    },
  },
  {
    name: "wh-pasted",
    query: W,
    steps: async (page, id) => {
      await id("webhooks-create").click();
      await id("header-add").click();
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.setData("text", "X-Source: planradar\nX-Api-Key: abc123\nX-Site: Nord");
        document.querySelector('[data-testid="header-name"]').dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      });
      await bottom(page);
    },
  },
  {
    name: "wh-moved",
    query: W,
    height: 1500,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-target").fill("https://neu.nordbau.example/hooks/planradar");
      await id("webhook-save").click();
      await id("webhook-problems").waitFor();
    },
  },
  {
    name: "wh-summary",
    query: W,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-description").fill("Fotos und Videos ins Bautagebuch");
      await id("webhook-event-video_attached").check();
      await id("header-value").first().fill("planradar");
      await id("header-remove").nth(2).click();
      await id("webhook-save").click();
    },
  },
  {
    name: "wh-summary-moved-de-dark",
    query: `${W}&lang=de&theme=dark`,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-target").fill("http://müller.example/hook?token=abc");
      await id("hidden-send-kept").click();
      await id("hidden-input").fill("geheim");
      await id("webhook-save").click();
    },
  },
  {
    name: "wh-summary-new",
    query: W,
    steps: async (page, id) => {
      await id("webhooks-create").click();
      await id("webhook-description").fill("Defects to Teams");
      await id("webhook-target").fill("https://teams.example/hook");
      await id("webhook-events").locator('[data-testid="events-group"]').first().check();
      await id("webhook-authentication-basic").click();
      await id("webhook-username").fill("planradar");
      await id("hidden-input").fill("pass");
      await id("webhook-keep-values").check();
      await id("webhook-save").click();
    },
  },
  {
    name: "wh-conflict",
    query: `${W}&webhooks=conflict`,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-description").fill("Fotos und Videos ins Bautagebuch");
      await id("webhook-save").click();
    },
  },
  {
    name: "wh-save-refused-de",
    query: `${W}&webhooks=save-refused&lang=de`,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-description").fill("Fotos und Videos");
      await id("webhook-save").click();
      await id("dialog-confirm").click();
      await id("webhook-problems").waitFor();
    },
  },
  {
    name: "wh-saved-but",
    query: `${W}&webhooks=keep-fails`,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-description").fill("Fotos und Videos");
      await id("webhook-save").click();
      await id("dialog-confirm").click();
      await id("webhook-saved-dialog").waitFor();
    },
  },
  {
    name: "wh-leave",
    query: W,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-description").fill("Fotos und Videos");
      await id("hidden-replace").first().click();
      await id("hidden-input").fill("secret");
      await id("nav-tokens").click();
    },
  },
  {
    name: "wh-draft",
    query: W,
    steps: async (page, id) => {
      await edit(page, id, "Fotos");
      await id("webhook-description").fill("Fotos und Videos");
      await id("webhook-back").click();
      await id("leave-keep").click();
    },
  },
  { name: "wh-duplicate", query: W, height: 1500, steps: (page, id) => menu(page, id, "Fotos", "webhook-menu-duplicate") },
  {
    name: "wh-projects",
    query: W,
    steps: async (page, id) => {
      await id("webhooks-create").click();
      await id("webhook-projects-chosen").click();
      await id("webhook-project-p2").check();
      await id("webhook-project-p5").check();
    },
  },
  { name: "wh-hand-editor", query: `${W}&webhooks=not-offered`, height: 1100, steps: (_page, id) => id("webhooks-create").click() },
  {
    name: "wh-hand-over-de",
    query: `${W}&webhooks=not-offered&lang=de`,
    steps: async (page, id) => {
      await id("webhooks-create").click();
      await id("webhook-description").fill("Mängel an SAP");
      await id("webhook-target").fill("https://sap.nordbau.example/hook");
      await id("events-add").fill("ticket created");
      await page.keyboard.press("Enter");
      await id("header-add").click();
      await id("header-name").fill("X-Api-Key");
      await id("header-hidden").check();
      await id("hidden-input").fill("geheim");
      await id("webhook-save").click();
      await id("hand-copy").first().click();
    },
  },
  { name: "wh-deliveries", query: W, steps: (page, id) => menu(page, id, "Fotos", "webhook-menu-deliveries") },
  {
    name: "wh-deliveries-detail",
    query: W,
    steps: async (page, id) => {
      await menu(page, id, "Fotos", "webhook-menu-deliveries");
      await id("deliveries-row").nth(2).click();
    },
  },
  {
    name: "wh-deliveries-detail-small-de-dark",
    query: `${W}&lang=de&theme=dark`,
    width: 900,
    height: 600,
    steps: async (page, id) => {
      await menu(page, id, "Fotos", "webhook-menu-deliveries");
      await id("deliveries-row").nth(5).click();
    },
  },
  { name: "wh-deliveries-none-de", query: `${W}&webhooks=no-deliveries&lang=de`, steps: (page, id) => menu(page, id, "Fotos", "webhook-menu-deliveries") },
  { name: "wh-deliveries-empty", query: `${W}&webhooks=undelivered`, steps: (page, id) => menu(page, id, "Fotos", "webhook-menu-deliveries") },
];
