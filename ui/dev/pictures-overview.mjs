// What there is to see of the Overview, of setting up an integration, of Connect and of the audit log, through the fake door.
const O = "area=overview";
const I = "area=integration";
const bottom = (page) => page.evaluate(() => document.querySelector(".body")?.scrollTo(0, 100_000));

const C = "area=connect";
const A = "area=audit";
const fill = async (id) => {
  await id("connect-search").fill("teams");
  await id("connect-applications").locator("input").first().check();
  await id("connect-search").fill("Bautagebuch von Hand");
  await id("connect-add").click();
  await id("connect-purpose").fill("Each new defect becomes a task.");
};

export const OVERVIEW_PICTURES = [
  { name: "ov-en", query: O, height: 1100 },
  { name: "ov-de-dark", query: `${O}&lang=de&theme=dark` },
  { name: "ov-small-de", query: `${O}&lang=de`, width: 900, height: 600 },
  { name: "ov-small-bottom-dark", query: `${O}&theme=dark`, width: 900, height: 600, steps: bottom },
  { name: "ov-first", query: `${O}&overview=first&scene=empty&users=unknown&webhooks=unknown` },
  { name: "ov-calm", query: `${O}&overview=calm` },
  { name: "ov-documented-de", query: `${O}&scene=documented&lang=de` },
  {
    name: "ov-mail-de",
    query: `${O}&lang=de`,
    height: 1300,
    steps: async (_page, id) => {
      await id("overview-mail").locator("summary").click();
      await id("overview-mail-copy").click();
    },
  },
  {
    name: "ov-dismiss",
    query: O,
    steps: async (page, id) => {
      await id("attention-dismiss").first().click();
      await page.waitForTimeout(200);
      if ((await id("attention-row").count()) !== 5) throw new Error("the row is still there");
    },
  },
  {
    name: "ov-go",
    query: O,
    steps: async (page, id) => {
      await id("attention-go").first().click();
      await page.waitForTimeout(300);
      if ((await page.evaluate(() => document.activeElement?.getAttribute("data-row"))) !== "5262") throw new Error("the row has not the keyboard");
    },
  },
  { name: "in-en", query: I, height: 1000 },
  { name: "in-small-de-dark", query: `${I}&lang=de&theme=dark`, width: 900, height: 600 },
  { name: "in-none", query: `${I}&scene=empty` },
  {
    name: "in-tested-de",
    query: `${I}&lang=de`,
    height: 1000,
    steps: async (_page, id) => {
      await id("integration-copy").first().click();
      await id("integration-curl-copy").click();
      await id("integration-test").click();
      await id("integration-works").waitFor();
    },
  },
  { name: "co-en", query: C, height: 1400 },
  { name: "co-small-de-dark", query: `${C}&lang=de&theme=dark`, width: 900, height: 600 },
  { name: "co-requested-de", query: `${C}&connect=requested&lang=de` },
  { name: "co-granted-dark", query: `${C}&connect=granted&theme=dark` },
  { name: "co-declined", query: `${C}&connect=declined`, height: 1300 },
  {
    name: "co-not-offered-de",
    query: `${C}&connect=not-offered&lang=de`,
    height: 1500,
    steps: async (_page, id) => {
      await fill(id);
      await id("connect-submit").click();
      await id("connect-text").waitFor();
    },
  },
  { name: "co-refused", query: `${C}&connect=refused` },
  {
    name: "co-preflight-de",
    query: `${C}&connect=unready&lang=de`,
    steps: async (_page, id) => {
      await id("connect-preflight").click();
      await id("connect-checks").waitFor();
    },
  },
  {
    name: "co-missing",
    query: C,
    height: 1400,
    steps: (_page, id) => id("connect-submit").click(),
  },
  {
    name: "co-dialog",
    query: C,
    steps: async (_page, id) => {
      await fill(id);
      await id("connect-submit").click();
      await id("connect-dialog").waitFor();
    },
  },
  {
    name: "co-sent",
    query: C,
    steps: async (_page, id) => {
      await fill(id);
      await id("connect-submit").click();
      await id("dialog-confirm").click();
      await id("connect-form").waitFor({ state: "detached" });
    },
  },
  {
    name: "co-twice",
    query: `${C}&connect=twice`,
    height: 1400,
    steps: async (_page, id) => {
      await fill(id);
      await id("connect-submit").click();
      await id("dialog-confirm").click();
      await id("connect-refused").waitFor();
    },
  },
  { name: "au-en", query: A },
  { name: "au-de-dark", query: `${A}&lang=de&theme=dark` },
  { name: "au-small-de", query: `${A}&lang=de&audit=few`, width: 900, height: 600 },
  { name: "au-broken", query: `${A}&audit=broken` },
  { name: "au-unverifiable-de", query: `${A}&audit=unverifiable&lang=de` },
  { name: "au-empty", query: `${A}&audit=empty` },
  { name: "au-none", query: A, steps: (_page, id) => id("audit-search").fill("nothing like it") },
  {
    name: "au-more",
    query: A,
    steps: async (page, id) => {
      await id("audit-more").click();
      await page.waitForTimeout(200);
      if ((await id("audit-count").textContent()) !== "130 lines") throw new Error("not all lines are there");
      await id("audit-area").selectOption("users");
    },
  },
  { name: "au-line-de", query: `${A}&lang=de`, steps: (page) => page.locator('tr[data-row="128"]').click() },
];
