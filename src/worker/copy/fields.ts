/** A field of tab-separated text as spreadsheets read it: quoted where it has a tab, a line break or a quote at its beginning. */
export function tsvField(text: string | undefined): string {
  if (text === undefined) return "";
  return /^"|[\t\r\n]/.test(text) ? quoted(text) : text;
}

/** A field of CSV (RFC 4180). An empty text is quoted, so that it is told from a value that is not there. */
export function csvField(text: string | undefined): string {
  if (text === undefined) return "";
  return text === "" || /[",\r\n]/.test(text) ? quoted(text) : text;
}

/** A cell of a table in Markdown: what would be markup is escaped, what would break the row too. */
export function markdownField(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~&$]/g, "\\$&")
    .replace(/\r\n?|\n/g, "<br>")
    .replace(/[\0-\x1f\x7f]/g, (control) => `\\\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
