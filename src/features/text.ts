type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

/** Puts `{0}`, `{1}` … into a message, as the editor's own `l10n.t` does. */
function fill(message: string, ...args: (string | number | boolean)[]): string {
  return message.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
}

let translate: Translate = fill;

/** A text in the editor's language. For code that knows nothing of `vscode`; elsewhere `vscode.l10n.t` is the same. */
export function t(message: string, ...args: (string | number | boolean)[]): string {
  return translate(message, ...args);
}

/** Called once by the entry with the editor's own translation; in unit tests the English text stays. */
export function translateWith(translator: Translate): void {
  translate = translator;
}
