import { EVERYONE_PICTURES } from "./pictures-everyone.mjs";
import { USER_PICTURES } from "./pictures-users.mjs";
import { OVERVIEW_PICTURES } from "./pictures-overview.mjs";
import { WEBHOOK_PICTURES } from "./pictures-webhooks.mjs";

const menu = async (page, id, name, item) => {
  await page.locator("tr", { hasText: name }).locator('[data-testid="tokens-row-menu"]').click();
  if (item) await id(item).click();
};
const create = async (page, id, keep) => {
  await id("tokens-create").click();
  await id("create-name").fill("Power BI");
  if (keep) await id(`create-keep-${keep}`).click();
  await id("create-submit").click();
  await id("once-dialog").waitFor();
};

export const PICTURES = [
  ...USER_PICTURES,
  ...EVERYONE_PICTURES,
  ...WEBHOOK_PICTURES,
  ...OVERVIEW_PICTURES,
  { name: "first-en", query: "scene=first" },
  { name: "first-de-dark-small", query: "scene=first&lang=de&theme=dark", width: 900, height: 600 },
  {
    name: "first-fails",
    query: "scene=first-fails",
    steps: async (_page, id) => {
      await id("account-customer-id").fill("1484013");
      await id("account-token").fill("abc");
      await id("account-submit").click();
      await id("error").waitFor();
    },
  },
  { name: "first-keychain", query: "scene=first-keychain" },
  { name: "tokens-en", query: "" },
  { name: "tokens-de-dark", query: "lang=de&theme=dark" },
  { name: "tokens-de-small", query: "lang=de", width: 900, height: 600 },
  { name: "tokens-en-small-dark-comfortable", query: "theme=dark&density=comfortable", width: 900, height: 600 },
  { name: "tokens-many", query: "scene=many" },
  { name: "tokens-menu", steps: (page, id) => menu(page, id, "Power BI") },
  { name: "tokens-menu-own-de", query: "lang=de", steps: (page, id) => menu(page, id, "BUERO-07") },
  { name: "switcher", steps: (_page, id) => id("account-switcher").click() },
  { name: "switcher-real-de-dark", query: "scene=signin&lang=de&theme=dark", steps: (_page, id) => id("account-switcher").click() },
  { name: "row-focus", steps: (page) => page.locator("tr[data-row]").first().focus().then(() => page.keyboard.press("ArrowDown")) },
  {
    name: "create",
    steps: async (_page, id) => {
      await id("tokens-create").click();
      await id("create-name").fill("Test Müller");
    },
  },
  { name: "once-masked", steps: (page, id) => create(page, id) },
  {
    name: "once-revealed-dark-de",
    query: "theme=dark&lang=de",
    steps: async (page, id) => {
      await create(page, id, "no");
      await id("once-reveal").click();
      await id("once-copy").click();
    },
  },
  {
    name: "once-ask",
    steps: async (page, id) => {
      await create(page, id, "no");
      await id("once-close").click();
    },
  },
  { name: "once-keep-fails", query: "scene=keep-fails", steps: (page, id) => create(page, id) },
  { name: "delete", steps: (page, id) => menu(page, id, "SAP Abgleich", "token-menu-delete") },
  { name: "delete-de-dark", query: "lang=de&theme=dark", steps: (page, id) => menu(page, id, "SAP Abgleich", "token-menu-delete") },
  {
    name: "delete-without-limit",
    query: "scene=no-limit-file",
    steps: async (page, id) => {
      await menu(page, id, "SAP Abgleich", "token-menu-delete");
      await id("dialog-confirm").click();
      await id("delete-without-limit").check();
    },
  },
  { name: "forget", steps: (page, id) => menu(page, id, "SAP Abgleich", "token-menu-forget") },
  { name: "replace-sign-in", steps: (page, id) => menu(page, id, "BUERO-07", "token-menu-replace-sign-in") },
  { name: "replace-start", steps: (page, id) => menu(page, id, "SAP Abgleich", "token-menu-replace") },
  { name: "replace-start-de-small", query: "lang=de", width: 900, height: 600, steps: (page, id) => menu(page, id, "SAP Abgleich", "token-menu-replace") },
  { name: "replacing-banner", query: "scene=replacing" },
  { name: "replacing-2", query: "scene=replacing&step=2", steps: (_page, id) => id("operation-continue").click() },
  { name: "replacing-3-de", query: "scene=replacing&step=3&lang=de", steps: (_page, id) => id("operation-continue").click() },
  {
    name: "replacing-4-finish-dark",
    query: "scene=replacing&step=4&theme=dark",
    steps: async (_page, id) => {
      await id("operation-continue").click();
      await id("replace-finish").click();
    },
  },
  {
    name: "replacing-stop",
    query: "scene=replacing&step=3",
    steps: async (_page, id) => {
      await id("operation-continue").click();
      await id("replace-stop").click();
    },
  },
  { name: "lost", query: "scene=lost" },
  { name: "lost-de-dark", query: "scene=lost&lang=de&theme=dark" },
  { name: "lost-none", query: "scene=lost-none" },
  { name: "maybe", query: "scene=maybe" },
  { name: "documented", query: "scene=documented" },
  { name: "documented-de-small", query: "scene=documented&lang=de", width: 900, height: 600 },
  { name: "refused", query: "scene=refused" },
  { name: "plan-de-dark", query: "scene=plan&lang=de&theme=dark" },
  { name: "empty", query: "scene=empty" },
  { name: "no-match", steps: (_page, id) => id("tokens-search").fill("nothing like it") },
  { name: "skeleton", query: "scene=slow" },
  { name: "failed", query: "scene=failed" },
  { name: "offline-de", query: "scene=offline&lang=de" },
  { name: "signin", query: "scene=signin" },
  { name: "paused", query: "scene=paused" },
  { name: "paused-small-dark", query: "scene=paused&theme=dark", width: 900, height: 600 },
  { name: "few", query: "scene=few" },
  { name: "big-limit", query: "scene=big-limit" },
  { name: "idle", query: "scene=idle" },
  { name: "no-limit-file", query: "scene=no-limit-file" },
  { name: "keychain-wait", query: "scene=keychain-wait" },
  { name: "keychain-none-de", query: "scene=keychain-none&lang=de" },
  { name: "settings-computer", query: "area=settings" },
  {
    name: "settings-computer-de-dark-small",
    query: "area=settings&lang=de&theme=dark",
    width: 900,
    height: 600,
    steps: (_page, id) => id("settings-proxy-url").click(),
  },
  { name: "settings-account", query: "area=settings", steps: (_page, id) => id("settings-tab-account").click() },
  {
    name: "settings-routes-edit-de",
    query: "area=settings&lang=de",
    height: 1200,
    steps: async (page, id) => {
      await id("settings-tab-account").click();
      await page.locator('[data-name="account"] [data-testid="route-test"]').click();
      await page.locator('[data-name="tokens.list"] [data-testid="route-edit"]').click();
    },
  },
  {
    name: "settings-identity",
    query: "scene=documented&area=settings",
    height: 1000,
    steps: async (page, id) => {
      await id("settings-tab-account").click();
      await page.getByText("Say who you are").click();
    },
  },
  {
    name: "settings-import",
    query: "area=settings",
    steps: async (_page, id) => {
      await id("settings-tab-account").click();
      await id("routes-import").click();
    },
  },
  {
    name: "settings-import-bad-dark",
    query: "scene=bad-import&area=settings&theme=dark",
    steps: async (_page, id) => {
      await id("settings-tab-account").click();
      await id("routes-import").click();
    },
  },
  { name: "settings-kept", query: "area=settings", steps: (_page, id) => id("settings-tab-kept").click() },
  {
    name: "settings-remove-de",
    query: "area=settings&lang=de",
    steps: async (_page, id) => {
      await id("settings-tab-kept").click();
      await id("remove-everything").click();
      await id("remove-everything-confirm").fill("Alles entfernen");
    },
  },
  {
    name: "same-token",
    query: "scene=signin",
    steps: async (_page, id) => {
      await id("account-switcher").click();
      await id("account-menu-same-token").click();
    },
  },
  {
    name: "sign-in",
    query: "scene=signin",
    steps: async (page) => {
      await page.locator('[data-testid="sign-in-banner"] button').click();
    },
  },
  {
    name: "remove-account-de",
    query: "scene=signin&lang=de",
    steps: async (_page, id) => {
      await id("account-switcher").click();
      await id("account-menu-remove").click();
    },
  },
  { name: "damaged", query: "scene=damaged" },
];
