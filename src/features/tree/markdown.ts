/** Text as it is, whatever Markdown would make of it. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, "\\$&").replace(/\r?\n/g, "  \n");
}

/** A block of text that keeps its lines and spaces; never closed by what it contains. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** A title and a table of names and values, the first of which is its head; what is `undefined` or empty is left out. */
export function factsTable(
  title: string,
  facts: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const known = facts.filter(([, value]) => value !== undefined && value !== "");
  const [head, ...rows] = known.map(([name, value]) => `| ${nameCell(name)} | ${cell(value ?? "")} |`);
  // Markdown has no table without a head, and an empty one is shown as a gap.
  const table = head === undefined ? "" : `\n\n${[head, "|:--|:--|", ...rows].join("\n")}`;
  return `**${escapeMarkdown(title)}**${table}`;
}

/** A name on one line, however narrow its column. */
function nameCell(name: string): string {
  return cell(name).replaceAll(" ", "\u00a0");
}

function cell(text: string): string {
  return escapeMarkdown(text.replace(/\s*\r?\n\s*/g, " "));
}

/** The last lines of a text that may be long. */
export function lastLines(text: string, lines: number): string {
  const all = text.trimEnd().split("\n");
  return all.length <= lines ? all.join("\n") : `…\n${all.slice(-lines).join("\n")}`;
}
