/** Lines that are drawn together. */
export const TOGETHER = 200;

/** Some lines of a text. */
export type Piece = readonly string[];

/** The lines of a text, some hundred together. */
export function piecesOf(text: string): readonly Piece[] {
  return text === "" ? [] : extended([], text);
}

/** The same with more of the text: its last line goes on with it. What was there before the last piece stays what it is. */
export function extended(pieces: readonly Piece[], more: string): readonly Piece[] {
  const last = pieces.at(-1) ?? [""];
  const [first = "", ...others] = more.split("\n");
  const lines = [...last.slice(0, -1), (last.at(-1) ?? "") + first, ...others];
  const made = Array.from({ length: Math.ceil(lines.length / TOGETHER) }, (_, index) =>
    lines.slice(index * TOGETHER, (index + 1) * TOGETHER),
  );
  return [...pieces.slice(0, -1), ...made];
}
