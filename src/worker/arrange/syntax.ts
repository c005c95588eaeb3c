import type { Missing } from "../../pickle/index.ts";
import { MISSING_KINDS } from "../missing.ts";
import { tokensOf } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { FilterError } from "./tree.ts";
import type { Comparison, Place, Tree, Word } from "./tree.ts";

const MOST_CHARACTERS = 20_000;
/** Parentheses inside each other. */
const MOST_DEPTH = 64;

const KINDS: ReadonlyMap<string, readonly Missing[]> = new Map<string, readonly Missing[]>([
  ["null", MISSING_KINDS],
  ["missing", MISSING_KINDS],
  ...MISSING_KINDS.map((kind) => [kind, [kind]] as const),
]);
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ["==", "=="],
  ["=", "=="],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
]);

/**
 * What a filter says: `loss < 0.2 and name in ["a", "b"] or name ~ "regex"`. `undefined` for one that says nothing. Throws FilterError with the place where it
 * cannot be read.
 */
export function parseFilter(text: string): Tree | undefined {
  if (text.length > MOST_CHARACTERS)
    throw new FilterError("too-long", String(MOST_CHARACTERS), { from: MOST_CHARACTERS, to: text.length });
  const tokens = tokensOf(text);
  if (tokens.length === 0) return undefined;
  return new Parser(text, tokens).whole();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  whole(): Tree {
    const tree = this.#any();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new FilterError("unexpected", this.#source(rest), rest);
    return tree;
  }

  #any(): Tree {
    const parts = [this.#all()];
    while (this.#takes("or")) parts.push(this.#all());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { t: "or", parts };
  }

  #all(): Tree {
    const parts = [this.#one()];
    while (this.#takes("and")) parts.push(this.#one());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { t: "and", parts };
  }

  /** INVARIANT: recurses for parentheses alone, whose depth is bounded. */
  #one(): Tree {
    let isNegative = false;
    while (this.#takes("not") || this.#takes("!")) isNegative = !isNegative;
    const part = this.#takesSign("(") ? this.#inside() : this.#test();
    return isNegative ? { t: "not", part } : part;
  }

  #inside(): Tree {
    if (++this.#depth > MOST_DEPTH) throw new FilterError("too-deep", "(", this.#before());
    const tree = this.#any();
    if (!this.#takesSign(")")) throw this.#expected("closing-expected", ")");
    this.#depth--;
    return tree;
  }

  /** A test of a column, or a text that any column may have. */
  #test(): Tree {
    const name = this.#words();
    if (name === undefined) throw this.#expected("value-expected");
    const sign = this.#tokens[this.#at];
    if (sign?.t === "sign") {
      const by = COMPARISONS.get(sign.text);
      if (by !== undefined || sign.text === "!=" || sign.text === "<>") {
        this.#at++;
        const test = this.#compared(name, by ?? "==", this.#value());
        return by === undefined ? { t: "not", part: test } : test;
      }
      if (this.#takesSign("~")) return { t: "matches", name, pattern: this.#pattern() };
    }
    if (this.#takes("is")) return this.#missing(name);
    const isNegative = this.#isBefore("not", "in", "between", "contains") && this.#takes("not");
    const test = this.#named(name);
    if (test === undefined) return { t: "anywhere", text: name.text };
    return isNegative ? { t: "not", part: test } : test;
  }

  #named(name: Word): Tree | undefined {
    if (this.#takes("in")) return { t: "in", name, values: this.#list() };
    if (this.#takes("contains")) return { t: "contains", name, value: this.#value() };
    if (!this.#takes("between")) return undefined;
    const low = this.#value();
    if (!this.#takes("and")) throw this.#expected("and-expected");
    return { t: "between", name, low, high: this.#value() };
  }

  /** What equals None is what is None, as people write it. */
  #compared(name: Word, by: Comparison, value: Word): Tree {
    const kinds = value.isQuoted ? undefined : KINDS.get(value.text.toLowerCase());
    return by === "==" && kinds !== undefined
      ? { t: "missing", name, kinds }
      : { t: "compare", name, by, value };
  }

  #missing(name: Word): Tree {
    const isNegative = this.#takes("not");
    const token = this.#tokens[this.#at];
    const kinds = token?.t === "word" ? KINDS.get(token.text.toLowerCase()) : undefined;
    if (kinds === undefined) throw this.#expected("kind-expected");
    this.#at++;
    const test: Tree = { t: "missing", name, kinds };
    return isNegative ? { t: "not", part: test } : test;
  }

  #list(): Word[] {
    const end = this.#takesSign("[") ? "]" : this.#takesSign("(") ? ")" : undefined;
    if (end === undefined) throw this.#expected("list-expected");
    const values: Word[] = [];
    while (!this.#takesSign(end)) {
      if (values.length > 0 && !this.#takesSign(",")) throw this.#expected("closing-expected", end);
      if (this.#takesSign(end)) break;
      values.push(this.#value());
    }
    return values;
  }

  #value(): Word {
    const token = this.#tokens[this.#at];
    if (token?.t !== "word" || this.#isKeyword(this.#at)) throw this.#expected("value-expected");
    this.#at++;
    return token;
  }

  #pattern(): Word {
    const token = this.#tokens[this.#at];
    const { from, to, isQuoted } = this.#value();
    return { from, to, isQuoted, text: token?.t === "word" ? token.pattern : "" };
  }

  /** Words in a row: the name of a column may have spaces in it, and so may what is looked for. */
  #words(): Word | undefined {
    const first = this.#tokens[this.#at];
    if (first?.t !== "word" || this.#isKeyword(this.#at)) return undefined;
    this.#at++;
    if (first.isQuoted) return first;
    let last: Token = first;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.t !== "word" || token.isQuoted || this.#isKeyword(this.#at)) break;
      last = token;
      this.#at++;
    }
    return {
      text: this.#text.slice(first.from, last.to),
      isQuoted: false,
      from: first.from,
      to: last.to,
    };
  }

  #isKeyword(at: number): boolean {
    const token = this.#tokens[at];
    if (token?.t !== "word" || token.isQuoted) return false;
    return /^(and|or|not|in|is|between|contains|!)$/i.test(token.text);
  }

  #is(at: number, word: string): boolean {
    const token = this.#tokens[at];
    return token?.t === "word" && !token.isQuoted && token.text.toLowerCase() === word;
  }

  #isBefore(word: string, ...next: readonly string[]): boolean {
    return this.#is(this.#at, word) && next.some((one) => this.#is(this.#at + 1, one));
  }

  #takes(word: string): boolean {
    if (!this.#is(this.#at, word)) return false;
    this.#at++;
    return true;
  }

  #takesSign(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.t !== "sign" || token.text !== text) return false;
    this.#at++;
    return true;
  }

  /** The place of what is there instead; at the end, behind the last word. */
  #expected(code: FilterError["problem"]["code"], what?: string): FilterError {
    const before = this.#tokens[this.#at - 1];
    const about = what ?? (before === undefined ? "" : this.#source(before));
    const found = this.#tokens[this.#at];
    return new FilterError(code, about, found ?? { from: this.#text.length, to: this.#text.length });
  }

  #before(): Place {
    return this.#tokens[this.#at - 1] ?? { from: 0, to: 0 };
  }

  #source({ from, to }: Place): string {
    return this.#text.slice(from, to);
  }
}
