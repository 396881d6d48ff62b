import { limit } from "./limit.svelte";
import { m } from "./paraglide/messages";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** "about 40 s" until so many requests are sent; null = that is at once. */
export function aboutTime(requests: number, now: number): string | null {
  return secondsText(Math.ceil(limit.secondsFor(requests, now)));
}

/** "about 40 s"; null = at once. */
export function secondsText(seconds: number): string | null {
  if (seconds <= 0) return null;
  if (seconds < 2 * MINUTE_S) return m.bulk_about_s({ seconds });
  return seconds < 2 * HOUR_S ? m.bulk_about_min({ minutes: Math.ceil(seconds / MINUTE_S) }) : m.bulk_about_h({ hours: Math.round(seconds / HOUR_S) });
}

/** "waiting for the request limit, next in 12 s", while something in this program waits for it. */
export function waitingText(now: number): string | null {
  if ((limit.status?.waiting ?? 0) === 0) return null;
  const left = limit.pausedMs(now) ?? limit.nextInMs(now) ?? 0;
  return m.bulk_waiting({ seconds: Math.max(Math.ceil(left / 1000), 1) });
}
