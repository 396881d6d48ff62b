// The real program under WebDriver, with a home, a session bus and a keyring of its own.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Builder, By, Capabilities } from "selenium-webdriver";
import { PATIENCE, eventually, found } from "./element.mjs";

export { eventually };

const ROOT = resolve(import.meta.dirname, "../../..");
const BINARY = process.env.GATEHOUSE_BINARY ?? join(ROOT, "target/debug/gatehouse");
const SANDBOX = process.env.GATEHOUSE_SANDBOX ?? join(ROOT, "target/debug/planradar-sandbox");
const DRIVER = process.env.TAURI_DRIVER ?? join(ROOT, "target/tools/bin/tauri-driver");
const SECRETS = "org.freedesktop.secrets";

/** What is started is ended, the newest first, whatever happens. */
export class Ground {
  #endings = [];

  defer(ending) {
    this.#endings.push(ending);
  }

  async end() {
    for (const ending of this.#endings.reverse()) await ending();
    this.#endings = [];
  }
}

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

function ended(child) {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => child.once("exit", done));
}

async function stop(child, signal = "SIGTERM") {
  child.kill(signal);
  await ended(child);
}

/** A person's computer: home, session bus, and (unless `keyring` is false) an unlocked keyring. */
export async function computer(ground, { keyring = true } = {}) {
  const home = mkdtempSync(join(tmpdir(), "gatehouse-window-"));
  ground.defer(() => rmSync(home, { recursive: true, force: true }));
  const run = join(home, "run");
  mkdirSync(run, { mode: 0o700 });
  const config = join(home, "bus.conf");
  configureBus({ config, run });
  const bus = spawn("dbus-daemon", [`--config-file=${config}`, "--nofork", "--print-address"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  ground.defer(() => stop(bus));
  const address = await firstLine(bus, "dbus-daemon");
  const env = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: run,
    DBUS_SESSION_BUS_ADDRESS: address,
    GATEHOUSE_DATA_DIR: join(home, "data"),
    GATEHOUSE_LOG: "trace",
    // The accessibility bus is not there either; without this GTK waits for it.
    NO_AT_BRIDGE: "1",
    LANG: "C.UTF-8",
    LANGUAGE: "en",
  };
  for (const name of ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "http_proxy", "https_proxy"]) delete env[name];
  const world = { ground, home, env, data: join(home, "data"), config, run };
  if (keyring) world.keyring = await startKeyring(world);
  return world;
}

/** A bus that activates nothing: what is not started here is not there. */
function configureBus({ config, run }, denied = "") {
  writeFileSync(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=${run}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>${denied}</policy></busconfig>`,
  );
}

/** From now on the bus lets nobody talk to the keyring, or (`false`) everybody again. */
export function refuseKeyring(world, refuse) {
  configureBus(world, refuse ? `<deny send_destination="${SECRETS}"/>` : "");
  const call = ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.ReloadConfig"];
  const { status, stderr } = spawnSync("dbus-send", call, { env: world.env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/**
 * Starts a keyring on the computer's bus, and gives what ends it. Not `unlocked`, what an earlier one
 * created is locked, and nobody can be asked for its password.
 */
export async function startKeyring(world, { unlocked = true } = {}) {
  const daemon = spawn("gnome-keyring-daemon", [...(unlocked ? ["--unlock"] : []), "--foreground", "--components=secrets"], {
    env: world.env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  daemon.stdin.end(unlocked ? "password" : "");
  const end = async () => {
    await stop(daemon);
    await eventually("the keyring's end", () => !busHas(world, SECRETS));
  };
  world.ground.defer(() => stop(daemon));
  await eventually("the keyring", () => busHas(world, SECRETS));
  return { pid: daemon.pid, end };
}

function busHas(world, name) {
  const call = ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", `string:${name}`];
  return spawnSync("dbus-send", call, { env: world.env, encoding: "utf8" }).stdout.includes("true");
}

function firstLine(child, what) {
  return new Promise((found, failed) => {
    createInterface({ input: child.stdout }).once("line", found);
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`${what} ended with ${code} before it was ready`)));
  });
}

/** The sandbox as a program of its own; `ready` is its line of JSON, `page` the address of its demonstration page. */
export async function sandbox(ground, args) {
  const child = spawn(SANDBOX, args, { stdio: ["ignore", "pipe", "pipe"] });
  ground.defer(() => stop(child));
  // Its demonstration page, with a code that opens it once, is told beside the ready line.
  const page = new Promise((found) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const url = /http:\S+code=\S+/.exec(line)?.[0];
      if (url) found(url);
      else console.error(line);
    });
  });
  return { child, page, ready: JSON.parse(await firstLine(child, "planradar-sandbox")), stop: () => stop(child) };
}

/** Starts the program on this computer and connects to its window. */
export async function start(world) {
  const [port, nativePort] = [await freePort(), await freePort()];
  const args = ["--port", String(port), "--native-port", String(nativePort)];
  const driver = spawn(DRIVER, args, { env: world.env, stdio: "ignore" });
  // Before there is a session: what fails on the way to one must not leave the driver running, and node waiting for it.
  world.ground.defer(() => stop(driver));
  const capabilities = new Capabilities();
  capabilities.setBrowserName("wry");
  capabilities.set("tauri:options", { application: BINARY });
  const url = `http://127.0.0.1:${port}/`;
  await eventually("tauri-driver", () => fetch(`${url}status`).then((answer) => answer.ok));
  const page = await new Builder().withCapabilities(capabilities).usingServer(url).build();
  const app = new App(page, driver, world);
  world.ground.defer(() => app.quit());
  return app;
}

export const byId = (id) => By.css(`[data-testid="${id}"]`);

/** The program's window, by test ids. */
export class App {
  #driver;
  #world;

  constructor(page, driver, world) {
    this.#world = world;
    this.page = page;
    this.#driver = driver;
  }

  /** The element, once it is there and visible. */
  async see(id, patience = PATIENCE) {
    return found(() =>
      eventually(
        `${id}, to be seen,`,
        async () => {
          const [element] = await this.page.findElements(byId(id));
          return element && (await element.isDisplayed()) && element;
        },
        patience,
      ),
    );
  }

  /** The one with this test id that says `text`; with `title`, the one whose title is exactly that. */
  async find(id, text, { title = false } = {}) {
    const is = title ? "one.querySelector('.title')?.title === arguments[1]" : "one.textContent.includes(arguments[1])";
    const script = `return [...document.querySelectorAll('[data-testid="' + arguments[0] + '"]')].find((one) => ${is}) ?? null`;
    return found(() => eventually(`${id} with ${text}`, () => this.page.executeScript(script, id, text)));
  }

  /** What each with this test id says, or its attribute, all at one moment. */
  async each(id, attribute = null) {
    const script = `return [...document.querySelectorAll('[data-testid="' + arguments[0] + '"]')]
      .map((one) => arguments[1] === null ? one.textContent : one.getAttribute(arguments[1]))`;
    return this.page.executeScript(script, id, attribute);
  }

  /** Attributes of an element, all of one moment. */
  async attributes(id, ...names) {
    await this.see(id);
    return this.page.executeScript(
      `const one = document.querySelector('[data-testid="' + arguments[0] + '"]'); return arguments[1].map((name) => one?.getAttribute(name) ?? null)`,
      id,
      names,
    );
  }

  async gone(id) {
    await eventually(`the end of ${id}`, async () => (await this.page.findElements(byId(id))).length === 0);
  }

  async has(id) {
    return (await this.page.findElements(byId(id))).length > 0;
  }

  /** Clicks; what lies over the element for a moment is waited for. */
  async click(id) {
    await eventually(`a click on ${id}`, async () => {
      await (await this.see(id)).click();
      return true;
    });
  }

  async type(id, text) {
    const field = await this.see(id);
    await field.clear();
    await field.sendKeys(text);
  }

  /** All that an element says; the driver's own text leaves out what an ellipsis may cut. */
  async text(id) {
    return (await this.see(id)).getAttribute("textContent");
  }

  /** Waits until the attribute has the value. */
  async state(id, name, value) {
    await eventually(`${id} with ${name}=${value}`, async () => (await (await this.see(id)).getAttribute(name)) === value);
  }

  /** Waits until an error with this code is shown, and gives its text. */
  async error(code) {
    const script = `return document.querySelector('[data-testid="error"] [data-code="' + arguments[0] + '"]')?.innerText ?? null`;
    return eventually(`the error ${code}`, () => this.page.executeScript(script, code));
  }

  /** The row of the token with this name. */
  async row(name) {
    return this.find("tokens-row", name, { title: true });
  }

  /** All that a row says. */
  rowText(row) {
    return row.getAttribute("textContent");
  }

  async rowIsGone(name) {
    const names = "return [...document.querySelectorAll('[data-testid=\"tokens-row\"] td .title')].map((one) => one.title)";
    await eventually(`the end of the row of ${name}`, async () => !(await this.page.executeScript(names)).includes(name));
  }

  /** Opens the menu of a row of `list` and chooses. */
  async choose(name, item, list = "tokens") {
    await eventually(`${item} of ${name}`, async () => {
      if (!(await this.has(item))) await (await this.find(`${list}-row`, name, { title: list === "tokens" })).findElement(byId(`${list}-row-menu`)).click();
      await (await this.see(item, 1_000)).click();
      return true;
    });
  }

  /** Fills in the form of an account for what a sandbox's ready line tells of, and sends it. */
  async submitAccount(ready) {
    await this.click("account-advanced");
    await this.type("account-server", ready.url);
    await this.type("account-customer-id", ready.customer_id);
    await this.type("account-token", ready.tokens.account_holder);
    await this.click("account-submit");
  }

  async signIn(ready) {
    await this.submitAccount(ready);
    await this.see("tokens-page");
  }

  /** A test is quicker than a person: it needs more of the demo account's limit. */
  async takeMoreOfTheLimit(share = "29") {
    await this.click("nav-settings");
    await this.click("settings-tab-account");
    // A server may tell of a higher limit, a moment later.
    await eventually("a limit with room for that", async () => Number(await (await this.see("settings-limit")).getAttribute("value")) >= Number(share));
    await this.type("settings-share", share);
    await this.click("settings-limit-save");
    await this.click("nav-tokens");
  }

  /** SIGKILL. */
  async kill() {
    for (const pid of programs(this.#world)) process.kill(Number(pid), "SIGKILL");
    await this.quit();
  }

  async source() {
    return this.page.executeScript("return document.documentElement.outerHTML");
  }

  /** Ends the program as a person does who closes its window. */
  async quit() {
    if (!this.page) return;
    const page = this.page;
    this.page = null;
    const pictures = process.env.GATEHOUSE_PICTURES;
    if (pictures) writeFileSync(join(pictures, `end-${Date.now()}.png`), await page.takeScreenshot().catch(() => ""), "base64");
    // The page is gone before it can answer.
    await page.executeScript("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'q', ctrlKey: true, bubbles: true }))").catch(() => {});
    await page.quit().catch(() => {});
    await stop(this.#driver);
    // A start while the old one still ends would only bring the old one to the front.
    await eventually("the program's end", () => programs(this.#world).length === 0);
  }
}

/** The program's processes on this computer. */
function programs(world) {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const own = readlinkSync(`/proc/${pid}/exe`) === realpathSync(BINARY);
      return own && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`HOME=${world.home}\0`);
    } catch {
      return false; // It ended meanwhile, or belongs to somebody else.
    }
  });
}

/** The clipboard as another program reads it. */
export function clipboard() {
  return spawnSync("xclip", ["-selection", "clipboard", "-o"], { encoding: "utf8", timeout: 5_000 }).stdout;
}

/** One documented request with a token: its HTTP status. */
export async function use(url, customerId, token) {
  const answer = await fetch(`${url}/api/v2/${customerId}/projects?page=1&pagesize=1`, {
    headers: { Accept: "application/json", "X-PlanRadar-API-Key": token },
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Files below `folder` that hold the value, plain or in a common encoding. */
export function filesWith(folder, value) {
  const bytes = Buffer.from(value);
  const forms = [bytes, bytes.toString("hex"), bytes.toString("base64").slice(0, -4)].map((form) => Buffer.from(form));
  const found = [];
  const walk = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && statSync(path).size < 64e6) {
        const content = readFileSync(path);
        if (forms.some((form) => content.includes(form))) found.push(path);
      }
    }
  };
  walk(folder);
  return found;
}

/** The values the keyring holds for Gatehouse, as another program reads them; not the key and the end of its audit log. */
export function keyring(world) {
  const out = spawnSync("secret-tool", ["search", "--all", "--unlock", "service", "Gatehouse"], { env: world.env, encoding: "utf8" });
  return [...out.stdout.matchAll(/^label = (.*)\nsecret = (.*)$/gm)].filter(([, label]) => !label.includes("audit log")).map(([, , value]) => value);
}
