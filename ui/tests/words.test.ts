import { beforeEach, describe, expect, it, vi } from "vitest";
import { age, countdown, day, exact, relative } from "../src/lib/format";
import { locale } from "../src/lib/locale.svelte";
import { errorText, technical } from "../src/lib/errors";
import type { AppError, Code } from "../src/lib/ipc";

vi.mock("../src/lib/bindings", () => ({ commands: {}, events: {} }));

const NOW = Date.parse("2026-11-24T12:00:00Z");
const before = (ms: number) => new Date(NOW - ms).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function error(code: Code, more: Partial<AppError> = {}): AppError {
  return { code, message: "what Rust said", field: null, retryAt: null, details: null, ...more };
}

describe.each([
  ["en", ["just now", "3 minutes ago", "5 hours ago", "12 days ago", "3 months ago", "2 years ago"], "2 years"],
  ["de", ["gerade eben", "vor 3 Minuten", "vor 5 Stunden", "vor 12 Tagen", "vor 3 Monaten", "vor 2 Jahren"], "2 Jahre"],
] as const)("times in %s", (language, words, old) => {
  beforeEach(() => locale.choose(language));

  it("are relative", () => {
    const spans = [20_000, 3 * MINUTE + 59_000, 5 * HOUR, 12 * DAY, 95 * DAY, 800 * DAY];
    expect(spans.map((span) => relative(before(span), NOW))).toEqual(words);
  });

  it("tell an age", () => {
    expect(age(before(800 * DAY), NOW)).toBe(old);
  });
});

describe("times", () => {
  beforeEach(() => locale.choose("en"));

  it("write the day first", () => {
    expect(day("2026-03-03T12:00:00Z")).toBe("3 Mar 2026");
    expect(exact("2026-03-03T12:00:00Z")).toMatch(/^3 Mar 2026, \d\d:\d\d$/);
  });

  it("show what can't be read as it came", () => {
    expect([relative("soon", NOW), day("soon"), exact("soon")]).toEqual(["soon", "soon", "soon"]);
  });

  it("never say a year as months or zero years", () => {
    expect(relative(before(365 * DAY), NOW)).toBe("1 year ago");
    expect(relative(before(364 * DAY), NOW)).toBe("11 months ago");
  });

  it("count down, rounded up", () => {
    expect([252_000, 59_001, 1, 0, -5].map(countdown)).toEqual(["4:12", "1:00", "0:01", "0:00", "0:00"]);
  });
});

describe("errors", () => {
  it("name the target of a redirect, the end of a pause and the size", () => {
    locale.choose("en");
    expect(errorText(error("redirect", { details: { kind: "target", target: "https://login.example.com" } }), "secret_service")).toContain("https://login.example.com");
    expect(errorText(error("rate_limited", { retryAt: "2026-11-24T12:05:00Z" }), "secret_service")).toMatch(/until \d\d:05/);
    expect(errorText(error("keychain_too_large", { details: { kind: "size", size: 3000, max: 2560 } }), "credential_manager")).toBe("Windows Credential Manager takes at most 2560 bytes; this value has 3000.");
  });

  it("do without what was not said", () => {
    for (const code of ["redirect", "rate_limited", "paused", "keychain_too_large"] as const) {
      expect(errorText(error(code), "apple_keychain")).not.toMatch(/null|undefined|\{/);
    }
  });

  it("follow the language", () => {
    locale.choose("de");
    expect(errorText(error("keychain_locked"), "secret_service")).toBe("Der Schlüsselbund ist gesperrt. Bitte entsperren und noch einmal versuchen.");
  });

  it("keep what Rust and the server said as technical details", () => {
    const details = technical(error("html", { details: { kind: "server", status: 502, excerpt: "<title>Bad gateway" } }));
    expect(details).toBe("html: what Rust said\nHTTP 502: <title>Bad gateway");
    expect(technical(error("invalid", { details: { kind: "fields", fields: [{ pointer: "/data/attributes/name", message: "too long" }] } }))).toContain("/data/attributes/name: too long");
  });
});
