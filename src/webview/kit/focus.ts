/** Whether the page has the keyboard and nothing in it: what had it is gone, or the page was just opened. */
export function focusIsLost(): boolean {
  return document.hasFocus() && (document.activeElement ?? document.body) === document.body;
}

/** Gives a lost focus to the first element that is marked as what the page is about, by `data-main`. */
export function focusMain(): void {
  if (focusIsLost()) document.querySelector<HTMLElement>("[data-main]")?.focus({ preventScroll: true });
}

/** Tells whenever the editor gives the page the keyboard, until disposed. */
export function onPageFocus(listener: () => void): () => void {
  window.addEventListener("focus", listener);
  return () => {
    window.removeEventListener("focus", listener);
  };
}
