import { FilterError } from "./tree.ts";
import type { Place, Word } from "./tree.ts";

/** A piece of a filter's text. */
export type Token =
  | (Word & {
      readonly t: "word";
      /** As a regular expression: only the quote itself is escaped. */
      readonly pattern: string;
    })
  | (Place & { readonly t: "sign"; readonly text: string });

const SIGNS = /==|!=|<>|<=|>=|[<>=~()[\],]/y;
const SPACE = /\s+/y;
/** A date with its time keeps the space between them. */
const DATE = /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?=[\s,\])<>=!~]|$)/y;
const BARE = /[^\s"'`<>=~()[\],!]+|!/y;

/** The words and signs of a filter. Throws where a quote is not closed. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const next = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const space = next(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const from = at;
    const sign = next(SIGNS);
    if (sign !== undefined) {
      at += sign.length;
      tokens.push({ t: "sign", text: sign, from, to: at });
      continue;
    }
    const quote = text[at] ?? "";
    if (`"'\``.includes(quote)) {
      const end = closing(text, at, quote);
      if (end < 0) throw new FilterError("open-quote", quote, { from, to: text.length });
      at = end + 1;
      const inside = text.slice(from + 1, end);
      tokens.push({
        t: "word",
        text: inside.replace(/\\([\\"'`])/g, "$1"),
        pattern: inside.replaceAll(`\\${quote}`, quote),
        isQuoted: true,
        from,
        to: at,
      });
      continue;
    }
    const bare = next(DATE) ?? next(BARE) ?? quote;
    at += bare.length;
    tokens.push({ t: "word", text: bare, pattern: bare, isQuoted: false, from, to: at });
  }
  return tokens;
}

/** Where a quoted text ends: at its quote, unless a backslash stands before it. */
function closing(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}
