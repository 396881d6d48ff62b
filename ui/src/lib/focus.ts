/** Gives the focus back after a dialog: to what opened it, or to the page's own home if that is gone. */
export function focusHome(opener: HTMLElement | null): void {
  if (opener?.isConnected && opener !== document.body && !opener.closest("[inert]")) {
    opener.focus();
    if (document.activeElement === opener) return;
  }
  const topmost = [...document.querySelectorAll<HTMLElement>("dialog[open]")].at(-1);
  // One dialog followed the other: the new one has the focus already.
  if (topmost?.contains(document.activeElement)) return;
  const scope: ParentNode = topmost ?? document;
  (scope.querySelector<HTMLElement>("[data-focus-home]") ?? scope.querySelector<HTMLElement>("h1, h2"))?.focus();
}
