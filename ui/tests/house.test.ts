// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TESTIDS } from "../src/lib/testids";

const root = join(import.meta.dirname, "..");

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "paraglide" ? [] : files(path);
    return [path];
  });
}

const sources = files(join(root, "src")).map((path) => ({ path: relative(root, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") }));

describe("the house rules of the page", () => {
  it("only the generated bindings reach Rust, and only the door reaches the bindings", () => {
    const through = sources.filter(({ text }) => text.includes("@tauri-apps/")).map(({ path }) => path);
    expect(through.sort()).toEqual(["src/lib/bindings.ts"]);
    const bindings = sources.filter(({ text }) => /from "[./]+(lib\/)?bindings"/.test(text)).map(({ path }) => path);
    expect(bindings).toEqual(["src/lib/ipc.ts"]);
  });

  it("no style or script is written into the markup: the policy refuses them", () => {
    const inline = sources.filter(({ path, text }) => path.endsWith(".svelte") && /<[a-z][^>]*\sstyle="(?![^"]*\{)/.test(text)).map(({ path }) => path);
    expect(inline).toEqual([]);
    const html = readFileSync(join(root, "index.html"), "utf8");
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*src=)/);
  });

  it("files stay under 400 lines", () => {
    const long = sources.filter(({ path, text }) => path !== "src/lib/bindings.ts" && text.split("\n").length > 400).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it("each id for tests is used, and used once", () => {
    const all = sources.filter(({ path }) => path !== "src/lib/testids.ts").map(({ text }) => text).join("\n");
    expect(Object.keys(TESTIDS).filter((key) => !new RegExp(`TESTIDS\\.${key}\\b`).test(all))).toEqual([]);
    expect(new Set(Object.values(TESTIDS)).size).toBe(Object.values(TESTIDS).length);
  });

  it("the lock file names no registry", () => {
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toMatch(/"resolved"/);
  });
});

describe("what is built", () => {
  let folder = "";
  let built: { path: string; text: string }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gatehouse-dist-"));
    await build({ root, mode: "production", build: { outDir: folder, emptyOutDir: true }, logLevel: "error" });
    built = files(folder).map((path) => ({ path: relative(folder, path), text: readFileSync(path, "utf8") }));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has nothing of the fake door", () => {
    for (const word of ["Nordbau", "Said by the fake", "no fake for", "mockIPC", "shouldMockEvents"]) {
      expect(built.filter(({ text }) => text.includes(word)).map(({ path }) => path), word).toEqual([]);
    }
    // The words of the page are there: the test reads the right files.
    expect(built.some(({ text }) => text.includes("Look around with demo data"))).toBe(true);
  });

  it("loads nothing from elsewhere", () => {
    const css = built.filter(({ path }) => path.endsWith(".css")).map(({ text }) => text).join("");
    expect(css).toContain("light-dark(");
    expect(css).not.toMatch(/url\(|@import/);
    const html = built.find(({ path }) => path === "index.html")?.text ?? "";
    expect(html).not.toMatch(/https?:/);
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*src=)/);
  });
});
