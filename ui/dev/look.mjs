// Draws the page in Chromium with the fake door, under the program's own content security policy:
// pictures into a folder, axe over each. `npm run look -- [folder] [word in the picture's name]`
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { PICTURES } from "./pictures.mjs";

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const [folder = join(tmpdir(), "gatehouse-look"), only = ""] = process.argv.slice(2);
const executablePath = BROWSERS.find((path) => path && existsSync(path));
if (!executablePath) {
  console.log("No Chromium here: set CHROMIUM to one.");
  process.exit(1);
}

const dist = await mkdtemp(join(tmpdir(), "gatehouse-fake-"));
await build({ mode: "fake", build: { outDir: dist, emptyOutDir: true, target: "esnext" }, logLevel: "error" });
await mkdir(folder, { recursive: true });

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
  try {
    const file = resolve(dist, `.${path === "/" ? "/index.html" : path}`);
    const body = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": CSP });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const axe = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let bad = 0;
const say = (name, what) => {
  bad += 1;
  console.log(`✗ ${name}: ${what}`);
};

for (const picture of PICTURES.filter(({ name }) => name.includes(only))) {
  const { name, query = "", width = 1280, height = 800, steps } = picture;
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: "reduce", colorScheme: "light" });
  // As the program's own window does (freezePrototype).
  await page.addInitScript(() => Object.freeze(Object.prototype));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && !message.text().includes("favicon") && !message.location().url.includes("favicon") && say(name, message.text()));
  page.on("pageerror", (error) => say(name, String(error)));
  await page.goto(`${origin}/?still&${query}`);
  await page.waitForTimeout(900);
  try {
    await steps?.(page, (id) => page.locator(`[data-testid="${id}"]`));
  } catch (error) {
    say(name, error.message.split("\n").slice(0, 4).join(" "));
  }
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const violation of found.violations) say(name, `axe ${violation.id}: ${violation.help} — ${violation.nodes.map((node) => node.html.slice(0, 140)).slice(0, 3).join(" | ")}`);
  console.log(`  ${name}`);
  await page.close();
}
await browser.close();
server.close();
console.log(bad === 0 ? "clean" : `${bad} problems`);
process.exit(bad === 0 ? 0 : 1);
