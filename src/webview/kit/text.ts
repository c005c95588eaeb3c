/** A stretch of text that can be shown as it is, or one character that must be named to be seen. */
export interface Segment {
  readonly kind: "plain" | "control";
  readonly text: string;
}

// Control characters but tab and newline; what is invisible or turns the direction of what follows (bidi controls, zero-width, byte
// order mark, line separators, tags); halves of surrogate pairs. `\p{C}` also has private use, which fonts show in their own way.
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** Splits text so that no character in it is hidden: what cannot be seen, or changes how the rest is seen, is named. */
export function visible(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > end) segments.push({ kind: "plain", text: text.slice(end, match.index) });
    segments.push({ kind: "control", text: nameOf(match[0]) });
    end = match.index + match[0].length;
  }
  if (end < text.length) segments.push({ kind: "plain", text: text.slice(end) });
  return segments;
}

/** The same as one line of plain text: newlines and tabs as Python writes them. */
export function visibleLine(text: string): string {
  return visible(text)
    .map((segment) => segment.text)
    .join("")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
}

/** As Python writes it where that is short, else by number. Their Unicode pictures would be shorter, but many fonts have none. */
function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `‹U+${digits.toUpperCase().padStart(4, "0")}›`;
}
