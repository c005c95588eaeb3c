/** JSON, or its beginning, with a line for each member: only the space between its words is changed, so that no number is. */
export function indentedJson(text: string): string {
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const breakLine = (): void => {
    lines.push(line);
    line = "  ".repeat(depth);
  };
  // Strings whole, brackets and commas one by one, everything else that is no space; what is unfinished stays as it is.
  for (const [word] of text.matchAll(/"(?:[^"\\]|\\[^])*"?|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    switch (word) {
      case "{":
      case "[":
        line += word;
        depth++;
        breakLine();
        break;
      case "}":
      case "]":
        depth = Math.max(0, depth - 1);
        // An empty one stays on its line.
        if (/^\s*$/.test(line) && /[[{]$/.test(lines.at(-1) ?? "")) line = `${lines.pop() ?? ""}${word}`;
        else {
          breakLine();
          line += word;
        }
        break;
      case ",":
        line += word;
        breakLine();
        break;
      case ":":
        line += ": ";
        break;
      default:
        line += word;
    }
  }
  lines.push(line);
  return lines.join("\n");
}
