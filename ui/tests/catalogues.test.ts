// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import de from "../messages/de.json";
import en from "../messages/en.json";

type Variants = { declarations: string[]; selectors: string[]; match: Record<string, string> }[];
type Catalogue = Record<string, string | Variants>;

const catalogues = { en: en as unknown as Catalogue, de: de as unknown as Catalogue };
const keys = (catalogue: Catalogue) => Object.keys(catalogue).filter((key) => !key.startsWith("$")).sort();

function texts(message: string | Variants): string[] {
  return typeof message === "string" ? [message] : message.flatMap((variant) => Object.values(variant.match));
}

function placeholders(message: string | Variants): string[] {
  return [...new Set(texts(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "paraglide" ? [] : sources(path);
    return /\.(svelte|ts)$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect(keys(catalogues.de)).toEqual(keys(catalogues.en));
    expect(keys(catalogues.en).length).toBeGreaterThan(300);
  });

  it.each(["en", "de"] as const)("have no empty text in %s", (language) => {
    const empty = keys(catalogues[language]).filter((key) => {
      const all = texts(catalogues[language][key] ?? "");
      return all.length === 0 || all.some((text) => text.trim() === "");
    });
    expect(empty).toEqual([]);
  });

  it("have the same placeholders", () => {
    const different = keys(catalogues.en).filter((key) => placeholders(catalogues.en[key] ?? "").join() !== placeholders(catalogues.de[key] ?? "").join());
    expect(different).toEqual([]);
  });

  it("avoid the words that PlanRadar does not use in German", () => {
    const wrong = keys(catalogues.de).filter((key) => texts(catalogues.de[key] ?? "").some((text) => /Kontoinhaber|rotier|Budget/i.test(text)));
    expect(wrong).toEqual([]);
  });

  it("hold nothing that is never shown", () => {
    const all = sources(join(import.meta.dirname, "../src")).join("\n");
    const used = new Set([...all.matchAll(/\bm\.([a-z0-9_]+)\b/g)].map((match) => match[1]));
    expect(keys(catalogues.en).filter((key) => !used.has(key))).toEqual([]);
  });
});
