import { MetaflowConfigError } from "../errors.ts";

interface Rule {
  readonly mustBe: string;
  readonly holds: (given: unknown) => boolean;
}

const TEXT: Rule = { mustBe: "text", holds: (given) => typeof given === "string" };
const TEXTS: Rule = {
  mustBe: "an array of texts",
  holds: (given) => Array.isArray(given) && given.every(TEXT.holds),
};
const DATE: Rule = {
  mustBe: "a valid Date",
  holds: (given) => given instanceof Date && !Number.isNaN(given.getTime()),
};

const RULES: Readonly<Record<string, Rule>> = {
  limit: {
    mustBe: "a number of children",
    holds: (given) => given === Number.POSITIVE_INFINITY || (Number.isInteger(given) && Number(given) >= 0),
  },
  cursor: {
    mustBe: "the cursor of a page",
    holds: (given) => typeof given === "string" && /^\d+(\.\d+)?:/.test(given),
  },
  tags: TEXTS,
  status: TEXTS,
  user: TEXT,
  since: DATE,
  until: DATE,
  text: TEXT,
};

/** Checks what a page is asked by: callers without types may give anything. Throws MetaflowConfigError. */
export function checkQuery(query: unknown): void {
  if (typeof query !== "object" || query === null)
    throw new MetaflowConfigError("What a page is asked by must be an object");
  for (const [name, { mustBe, holds }] of Object.entries(RULES)) {
    const given = (query as Readonly<Record<string, unknown>>)[name];
    if (given !== undefined && !holds(given))
      throw new MetaflowConfigError(`A page's '${name}' must be ${mustBe}`);
  }
}
