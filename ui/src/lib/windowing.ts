/** Pixels of a table row, as look and stylesheet have it. */
export function rowHeight(density: "compact" | "comfortable"): number {
  return density === "comfortable" ? 44 : 36;
}

/** Which rows are rendered; `before` and `after` are the pixels of the others. */
export type Slice = { from: number; to: number; before: number; after: number };

const SMALL = 80;
const SPARE = 12;

/** Small tables are rendered wholly: the browser's own search then finds everything. */
export function windowOf(count: number, rowPx: number, top: number, height: number): Slice {
  if (count <= SMALL) return { from: 0, to: count, before: 0, after: 0 };
  // After rows have gone, the old position may lie beyond the end.
  const seen = Math.max(Math.min(top, count * rowPx - height), 0);
  const from = Math.max(Math.floor(seen / rowPx) - SPARE, 0);
  const to = Math.min(Math.ceil((seen + height) / rowPx) + SPARE, count);
  return { from, to, before: from * rowPx, after: (count - to) * rowPx };
}
