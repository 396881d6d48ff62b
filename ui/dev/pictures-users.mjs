// What there is to see of users, through the fake door.
const U = "area=users";
const row = (page, name) => page.locator("tr[data-row]", { hasText: name });
const menu = async (page, id, name, item) => {
  await row(page, name).locator('[data-testid="users-row-menu"]').click();
  if (item) await id(item).click();
};
const open = async (page, id, name) => {
  await row(page, name).locator(".title").click();
  await id("user-panel").waitFor();
  await page.waitForTimeout(900);
};
const pick = async (page, names) => {
  for (const name of names) await row(page, name).locator('[data-testid="users-pick"]').check();
};
const cutOff = async (page, id, name, inactive) => {
  await menu(page, id, name, "user-menu-cut-off");
  if (inactive) await id("user-cut-off-inactive").check();
  await id("dialog-confirm").click();
  await id("user-cut-off-report").waitFor();
};

const fresh = async (_page, id, mail) => {
  await id("new-user").click();
  if (mail !== undefined) await id("new-user-mail").fill(mail);
};
const member = async (page, id, names) => {
  await id("new-user-projects").click();
  for (const name of names) await id("projects-list").getByText(name).click();
};

export const USER_PICTURES = [
  { name: "us-list", query: U },
  { name: "us-list-de-dark", query: `${U}&lang=de&theme=dark` },
  { name: "us-list-small", query: U, width: 900, height: 600 },
  { name: "us-list-small-de-dark", query: `${U}&lang=de&theme=dark`, width: 900, height: 600 },
  { name: "us-large", query: `${U}&users=large` },
  { name: "us-large-found-de", query: `${U}&users=large&lang=de`, steps: async (page, id) => { await id("users-search").fill("Person 09"); await page.waitForTimeout(1200); } },
  { name: "us-large-filter", query: `${U}&users=large`, steps: (_page, id) => id("users-filter-api").selectOption("yes") },
  { name: "us-menu", query: U, steps: (page, id) => menu(page, id, "Lee Sample") },
  { name: "us-picked", query: U, steps: (page) => pick(page, ["Lee Sample", "Robin Muster", "Jo Neumann"]) },
  { name: "us-picked-de-small", query: `${U}&lang=de`, width: 900, height: 600, steps: (page) => pick(page, ["Lee Sample", "Robin Muster"]) },
  { name: "us-give-one-de", query: `${U}&lang=de`, steps: (page, id) => menu(page, id, "Robin Muster", "user-menu-give") },
  { name: "us-take-several", query: U, steps: async (page, id) => { await pick(page, ["Lee Sample", "Integration SAP", "Beispiel"]); await id("users-take").click(); } },
  { name: "us-job", query: `${U}&users=job-slow`, steps: async (page, id) => { await pick(page, ["Robin", "Jo Neumann"]); await id("users-give").click(); await id("dialog-confirm").click(); await id("users-job").waitFor(); } },
  { name: "us-job-paused-de-dark", query: `${U}&users=job&lang=de&theme=dark` },
  { name: "us-job-fails", query: `${U}&users=job-fails`, steps: async (page, id) => { await pick(page, ["Robin", "Jo Neumann"]); await id("users-give").click(); await id("dialog-confirm").click(); await id("users-job-failed").waitFor(); } },
  { name: "us-open", query: U, height: 1000, steps: (page, id) => open(page, id, "Lee Sample") },
  { name: "us-open-de-dark", query: `${U}&lang=de&theme=dark`, height: 1000, steps: (page, id) => open(page, id, "Lee Sample") },
  { name: "us-open-small", query: U, width: 900, height: 900, steps: (page, id) => open(page, id, "Lee Sample") },
  { name: "us-open-me", query: U, steps: (page, id) => open(page, id, "Kim Demo") },
  { name: "us-open-holder-de", query: `${U}&scene=refused&users=other&lang=de`, height: 1000, steps: (page, id) => open(page, id, "Kim Demo") },
  { name: "us-open-subcontractor", query: U, steps: (page, id) => open(page, id, "Elektro Nord") },
  { name: "us-documented", query: `${U}&users=documented`, steps: (page, id) => open(page, id, "Robin") },
  { name: "us-delete-one", query: U, steps: async (page, id) => { await open(page, id, "Lee Sample"); await id("user-token-delete").first().click(); } },
  {
    name: "us-delete-all-held",
    query: U,
    steps: async (page, id) => {
      await open(page, id, "Lee Sample");
      await id("user-tokens-delete-all").click();
      await id("user-delete-typed").fill("delete 5");
      await id("dialog-confirm").click();
      await id("held").waitFor();
    },
  },
  { name: "us-delete-all-de", query: `${U}&lang=de`, steps: async (page, id) => { await open(page, id, "Lee Sample"); await id("user-tokens-delete-all").click(); await id("user-delete-typed").fill("5 löschen"); } },
  { name: "us-cut-off", query: U, steps: (page, id) => menu(page, id, "Lee Sample", "user-menu-cut-off") },
  { name: "us-cut-off-de-dark", query: `${U}&lang=de&theme=dark`, steps: (page, id) => menu(page, id, "Lee Sample", "user-menu-cut-off") },
  { name: "us-cut-off-done", query: U, steps: (page, id) => cutOff(page, id, "Lee Sample", true) },
  { name: "us-cut-off-partly-de", query: `${U}&users=cut-off-fails&lang=de`, steps: (page, id) => cutOff(page, id, "Lee Sample", false) },
  { name: "us-refused", query: `${U}&scene=refused&users=refused` },
  { name: "us-not-offered-de", query: `${U}&users=not-offered&lang=de` },
  { name: "us-failed", query: `${U}&users=failed` },
  { name: "us-skeleton", query: `${U}&users=slow` },
  { name: "us-find-de", query: `${U}&lang=de`, steps: async (page, id) => { await id("users-search").fill("Sample"); await id("users-find-all").click(); await page.waitForTimeout(700); } },
  { name: "us-new", query: U, height: 1100, steps: async (page, id) => { await fresh(page, id); await id("new-user-mail").waitFor(); } },
  { name: "us-new-de-dark", query: `${U}&lang=de&theme=dark`, height: 1100, steps: async (page, id) => { await fresh(page, id); await id("new-user-mail").waitFor(); } },
  {
    name: "us-new-projects-small-de",
    query: `${U}&lang=de`,
    width: 900,
    height: 1100,
    steps: async (page, id) => {
      await fresh(page, id, "erp@nordbau.example");
      await member(page, id, ["Wohnpark", "Schulzentrum"]);
      await id("new-user-role").first().selectOption("r2");
      await id("new-user-submit").click();
      await page.waitForTimeout(200);
    },
  },
  { name: "us-new-missing", query: U, height: 1100, steps: async (page, id) => { await fresh(page, id, ""); await id("new-user-last").fill(""); await id("new-user-submit").click(); } },
  { name: "us-new-taken-de", query: `${U}&lang=de`, height: 1100, steps: async (page, id) => { await fresh(page, id, "lee.sample@nordbau.example"); await id("new-user-submit").click(); await page.waitForTimeout(700); } },
  { name: "us-new-instead", query: U, height: 1100, steps: async (page, id) => { await fresh(page, id, "erp@elsewhere.example.com"); await id("new-user-submit").click(); await id("new-user-instead").waitFor(); } },
  { name: "us-new-instead-de-dark", query: `${U}&lang=de&theme=dark`, height: 1100, steps: async (page, id) => { await fresh(page, id, "erp@elsewhere.example.com"); await id("new-user-submit").click(); await id("new-user-instead").waitFor(); } },
  { name: "us-new-done", query: U, steps: async (page, id) => { await fresh(page, id, "erp@nordbau.example"); await id("new-user-submit").click(); await id("new-user-done").waitFor(); } },
  { name: "us-new-invited-de-small", query: `${U}&lang=de`, width: 900, height: 600, steps: async (page, id) => { await fresh(page, id, "erp@elsewhere.example.com"); await id("new-user-api").click(); await id("new-user-submit").click(); await id("new-user-instead").waitFor(); await id("new-user-submit").click(); await id("new-user-done").waitFor(); } },
  { name: "us-new-no-roles-de", query: `${U}&users=no-roles&lang=de`, height: 1100, steps: async (page, id) => { await fresh(page, id); await id("new-user-no-roles").waitFor(); } },
  { name: "us-new-no-licence", query: `${U}&users=no-licence`, height: 1100, steps: async (page, id) => { await fresh(page, id, "erp@nordbau.example"); await id("new-user-submit").click(); await id("new-user-refused").waitFor(); } },
  { name: "us-new-sent", query: `${U}&users=new-sent`, height: 1100, steps: async (page, id) => { await fresh(page, id, "erp@nordbau.example"); await id("new-user-submit").click(); await page.waitForTimeout(5500); } },
  { name: "us-new-loading", query: `${U}&users=new-slow`, steps: (page, id) => fresh(page, id) },
  { name: "us-new-draft-de", query: `${U}&lang=de`, steps: async (page, id) => { await fresh(page, id, "erp@nordbau.example"); await id("new-user-back").click(); await id("new-user-draft").waitFor(); } },
  { name: "us-no-match", query: U, steps: (_page, id) => id("users-search").fill("nobody") },
  { name: "us-no-filter-de", query: `${U}&lang=de`, steps: async (_page, id) => { await id("users-filter-type").selectOption("watcher"); await id("users-filter-api").selectOption("yes"); } },
];
