const PATIENCE_MS = 3000;

/** Puts the keyboard on a row of the area that was just opened, as soon as it is there. */
export function showRow(id: string): void {
  const find = () => document.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(id)}"]`);
  const take = (row: HTMLElement) => {
    row.focus({ focusVisible: true } as FocusOptions);
    row.scrollIntoView({ block: "nearest" });
  };
  const there = find();
  if (there) return take(there);
  const watch = new MutationObserver(() => {
    const row = find();
    if (!row) return;
    stop();
    take(row);
  });
  const timer = setTimeout(() => stop(), PATIENCE_MS);
  function stop(): void {
    watch.disconnect();
    clearTimeout(timer);
  }
  watch.observe(document.body, { childList: true, subtree: true });
}
