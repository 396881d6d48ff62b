// What there is to see of the Overview, of setting up an integration, of Connect and of the audit log, through the fake door.
const O = "area=overview";
const I = "area=integration";
const bottom = (page) => page.evaluate(() => document.querySelector(".body")?.scrollTo(0, 100_000));

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
];
