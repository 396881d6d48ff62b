/** Keys with which a web view would load the page anew: a value that is shown once would go with it. */
export function wouldReload(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  return key === "f5" || ((event.ctrlKey || event.metaKey) && key === "r") || (event.altKey && (key === "arrowleft" || key === "arrowright"));
}

/** Whether a context menu has something to offer: text that is typed or can be selected. */
export function hasContextMenu(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.closest("input, textarea") !== null || getComputedStyle(target).userSelect === "text");
}

/** Whether a key belongs to a text that is being typed, not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** What keys do on an area's page; those of one letter only while nothing is typed. */
export type PageKeys = { refresh: () => void } & Partial<Record<"/" | "n" | "Escape", (() => void) | undefined>>;

export function pageKey(event: KeyboardEvent, does: PageKeys): void {
  if (document.querySelector("dialog[open], [role=menu]")) return;
  // The window has already kept it from loading the page anew.
  if (event.key === "F5" || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "r")) return does.refresh();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const run = event.key === "/" || event.key === "n" || event.key === "Escape" ? does[event.key] : undefined;
  if (!run) return;
  event.preventDefault();
  run();
}
