import { CorruptRecord, messageOf } from "../errors.ts";

/** What a card shows while its task runs, as Metaflow stores it. */
export interface CardData {
  /** The HTML with the same token can show these data; `final` is the last. */
  readonly reload_token: string;
  /** By the component's id; what a card of one's own writes may be anything. */
  readonly data: unknown;
  /** Seconds since the epoch. */
  readonly created_on: number;
}

/** Python's `json` writes numbers that JSON does not have. */
const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};
/** Stands for such a number while the rest is parsed: no text of a component begins with it. */
const STAND_IN = "\u0000not finite:";

/** Parses a card's runtime data. Throws CorruptRecord for what is no JSON object, naming the place. */
export function parseCardData(text: string, place: string): CardData {
  let parsed: unknown;
  try {
    parsed = parsePythonJson(text);
  } catch (cause) {
    throw new CorruptRecord(`${place} is not valid JSON: ${messageOf(cause)}`, { key: place, cause });
  }
  if (typeof parsed !== "object" || parsed === null || !("reload_token" in parsed)) {
    throw new CorruptRecord(`${place} does not hold the data of a card`, { key: place });
  }
  return parsed as CardData;
}

function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (!/NaN|Infinity/.test(text)) throw cause;
    return JSON.parse(withStandIns(text), (_, value: unknown) =>
      typeof value === "string" && value.startsWith(STAND_IN)
        ? NOT_FINITE[value.slice(STAND_IN.length)]
        : value,
    ) as unknown;
  }
}

/** The same JSON with texts for the numbers that it cannot hold; what stands within texts stays as it is. */
function withStandIns(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const end = quote < 0 ? text.length : quote;
    parts.push(
      text.slice(at, end).replaceAll(/-?\bInfinity\b|\bNaN\b/g, (word) => JSON.stringify(STAND_IN + word)),
    );
    at = quote < 0 ? end : endOfText(text, quote);
    parts.push(text.slice(end, at));
  }
  return parts.join("");
}

/** Where the text that begins at a quote is over. */
function endOfText(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}
