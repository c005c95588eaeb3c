/**
 * The line (from 0) of a step's `def` in a flow's source: the first `def NAME` that has `@step` among the decorators above it, else the
 * first `def NAME` in a class; `undefined` where there is none (a step inherited from another file, source that changed).
 */
export function lineOfStep(source: string, step: string): number | undefined {
  const lines = source.split(/\r\n|\r|\n/);
  const definition = new RegExp(String.raw`^\s+(?:async\s+)?def\s+${escaped(step)}\s*\(`);
  const candidates = lines.flatMap((line, index) => (definition.test(line) ? [index] : []));
  return candidates.find((line) => isDecorated(lines, line)) ?? candidates[0];
}

/** The line (from 0) of the class that defines a flow, `undefined` where there is none. */
export function lineOfFlow(source: string, flow: string): number | undefined {
  const definition = new RegExp(String.raw`^\s*class\s+${escaped(flow)}\s*[(:]`);
  const line = source.split(/\r\n|\r|\n/).findIndex((text) => definition.test(text));
  return line < 0 ? undefined : line;
}

// Decorators may span lines, so everything between this `def` and the statement before it that is less indented or another def is looked at.
function isDecorated(lines: readonly string[], definition: number): boolean {
  for (let line = definition - 1; line >= 0; line -= 1) {
    const text = (lines[line] ?? "").trim();
    if (/^@(?:metaflow\.|\w+\.)?step\b/.test(text)) return true;
    if (/^(?:async\s+def|def|class|return|self\.)\b/.test(text)) return false;
  }
  return false;
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
