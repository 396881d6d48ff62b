import { locale } from "./locale.svelte";
import { m } from "./paraglide/messages";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A day, in milliseconds. */
export const DAY = 24 * HOUR;

/** English dates with the day first, as PlanRadar writes them. */
function tag(): string {
  return locale.current === "de" ? "de-DE" : "en-GB";
}

type Unit = "minute" | "hour" | "day" | "month" | "year";

function inUnits(ms: number): { value: number; unit: Unit } {
  const span = Math.abs(ms);
  if (span < HOUR) return { value: Math.trunc(ms / MINUTE), unit: "minute" };
  if (span < DAY) return { value: Math.trunc(ms / HOUR), unit: "hour" };
  if (span < 30.5 * DAY) return { value: Math.trunc(ms / DAY), unit: "day" };
  if (span < 365 * DAY) return { value: Math.trunc(ms / (30.5 * DAY)), unit: "month" };
  return { value: Math.trunc(ms / (365.25 * DAY)) || Math.sign(ms), unit: "year" };
}

/** "3 minutes ago"; under a minute "just now". */
export function relative(iso: string, now: number): string {
  const ms = Date.parse(iso) - now;
  if (Number.isNaN(ms)) return iso;
  if (Math.abs(ms) < MINUTE) return m.time_just_now();
  const { value, unit } = inUnits(ms);
  return new Intl.RelativeTimeFormat(tag(), { numeric: "always" }).format(value, unit);
}

/** "8 months": how old something is. */
export function age(iso: string, now: number): string {
  const ms = Math.max(now - Date.parse(iso), 0);
  if (Number.isNaN(ms)) return "";
  if (ms < MINUTE) return m.age_new();
  const { value, unit } = inUnits(ms);
  return new Intl.NumberFormat(tag(), { style: "unit", unit, unitDisplay: "long" }).format(value);
}

/** "3 minutes ago"; after a day the date. */
export function lately(iso: string, now: number): string {
  return now - Date.parse(iso) < DAY ? relative(iso, now) : day(iso);
}

/** How old what is shown is, and whether a newer one is on its way; nothing, where nothing is known. */
export function asOfText(iso: string | null, now: number, refreshing: boolean): string {
  if (!iso) return "";
  const when = lately(iso, now);
  return refreshing ? m.as_of_refreshing({ when }) : m.as_of({ when });
}

/** "3 Mar 2026". */
export function day(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(tag(), { day: "numeric", month: "short", year: "numeric" }).format(date);
}

/** "3 Mar 2026, 14:05". */
export function exact(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(tag(), { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(date);
}

/** "14:05": a moment of today. */
export function timeOfDay(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(tag(), { hour: "2-digit", minute: "2-digit" }).format(date);
}

/** "4:12": what is left, rounded up so that it never says 0:00 too early. */
export function countdown(ms: number): string {
  const seconds = Math.max(Math.ceil(ms / 1000), 0);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** "10,000". */
export function whole(count: number): string {
  return new Intl.NumberFormat(tag()).format(count);
}

/** Orders names as a person of that language would, digits by value. */
export function byName(a: string, b: string): number {
  return new Intl.Collator(tag(), { numeric: true, sensitivity: "base" }).compare(a, b);
}
