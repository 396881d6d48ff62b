import type { DeliveryRow } from "../../lib/ipc";

export type Show = "all" | "failed";

/** Arrived: the receiver answered 2xx. */
export function arrived(row: DeliveryRow): boolean {
  return row.status !== null && row.status >= 200 && row.status < 300;
}

/** Those to show; `event` empty = of every event. */
export function shownDeliveries(rows: readonly DeliveryRow[], show: Show, event: string): DeliveryRow[] {
  return rows.filter((row) => (show === "all" || !arrived(row)) && (event === "" || row.event === event));
}

/** Sorted by column; what is not known comes last either way. */
export function sortedDeliveries(rows: readonly DeliveryRow[], sort: string): DeliveryRow[] {
  const down = sort.startsWith("-");
  const key = down ? sort.slice(1) : sort;
  const value = (row: DeliveryRow): number | string | null => {
    if (key === "at") return row.at === null ? null : Date.parse(row.at);
    if (key === "event") return row.event;
    if (key === "status") return row.status;
    return key === "duration" ? row.durationMs : row.attempt;
  };
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return (down ? -1 : 1) * (x < y ? -1 : x > y ? 1 : 0);
  });
}

/** "212 ms", "1.8 s". */
export function duration(ms: number, language: string): string {
  const seconds = ms >= 1000;
  return new Intl.NumberFormat(language, { style: "unit", unit: seconds ? "second" : "millisecond", unitDisplay: "short", maximumFractionDigits: 1 }).format(seconds ? ms / 1000 : ms);
}
