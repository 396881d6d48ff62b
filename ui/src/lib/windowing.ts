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
  const from = Math.min(Math.max(Math.floor(top / rowPx) - SPARE, 0), count - 1);
  const to = Math.min(Math.ceil((top + height) / rowPx) + SPARE, count);
  return { from, to, before: from * rowPx, after: (count - to) * rowPx };
}
