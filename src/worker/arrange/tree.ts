import type { FilterProblem } from "../../protocol/arrange.ts";
import type { Missing } from "../../pickle/index.ts";

/** A part of the filter's text: `from` included, `to` excluded. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** A name or a value as it was typed. */
export interface Word extends Place {
  /** Without quotes and escapes. */
  readonly text: string;
  readonly isQuoted: boolean;
}

/** How a value is compared. */
export type Comparison = "==" | "<" | "<=" | ">" | ">=";

/** What a filter says. `!=` is `not ==`, so what is missing is unlike everything. */
export type Tree =
  | { readonly t: "and" | "or"; readonly parts: readonly Tree[] }
  | { readonly t: "not"; readonly part: Tree }
  | { readonly t: "compare"; readonly name: Word; readonly by: Comparison; readonly value: Word }
  | { readonly t: "in"; readonly name: Word; readonly values: readonly Word[] }
  | { readonly t: "between"; readonly name: Word; readonly low: Word; readonly high: Word }
  | { readonly t: "contains"; readonly name: Word; readonly value: Word }
  | { readonly t: "matches"; readonly name: Word; readonly pattern: Word }
  | { readonly t: "missing"; readonly name: Word; readonly kinds: readonly Missing[] }
  | { readonly t: "anywhere"; readonly text: string };

/** A filter that is none. */
export class FilterError extends Error {
  readonly problem: FilterProblem;

  constructor(code: FilterProblem["code"], about: string, { from, to }: Place) {
    super(`${code} at ${from}: ${about}`);
    this.name = "FilterError";
    this.problem = { code, about, from, to };
  }
}
