/** Compares this client's answers with what is expected of it, field by field. */
import { MetaflowError } from "../../src/client/index.ts";
import type { Asker } from "./asker.ts";
import { REPLACED, type Answers, expected, type Expected } from "./deviations.ts";
import type { Asked } from "./oracle.ts";

/** How the answers to one kind of question compare. */
export interface Tally {
  compared: number;
  /** How often each deviation of the contract changed what was expected. */
  readonly deviations: Map<number, number>;
  readonly mismatches: string[];
}

/** Asks this client all the questions and compares; one tally a kind of question. */
export async function compareAll(
  asked: readonly Asked[],
  answers: Answers,
  asker: Asker,
): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>();
  for (const one of asked) {
    const tally = tallies.get(one.question) ?? {
      compared: 0,
      deviations: new Map<number, number>(),
      mismatches: [],
    };
    tallies.set(one.question, tally);
    tally.compared += 1;
    const wanted = expected(one, answers);
    if (wanted.deviation !== undefined) {
      tally.deviations.set(wanted.deviation, (tally.deviations.get(wanted.deviation) ?? 0) + 1);
    }
    const mismatch = await compareOne(one, wanted, asker);
    if (mismatch !== undefined) tally.mismatches.push(`${describe(one)}: ${mismatch}`);
  }
  return tallies;
}

async function compareOne(asked: Asked, wanted: Expected, asker: Asker): Promise<string | undefined> {
  let answer: unknown;
  try {
    answer = await asker.answer(asked);
  } catch (thrown) {
    if (wanted.error === undefined) return `should be ${show(wanted.answer)}, but throws ${String(thrown)}`;
    return compareErrors(wanted.error, thrown);
  }
  if (wanted.error !== undefined)
    return `should throw ${wanted.error.class}: ${wanted.error.message}, but is ${show(answer)}`;
  if (wanted.oneOf !== undefined)
    return wanted.oneOf.includes(answer)
      ? undefined
      : `should be one of ${show(wanted.oneOf)}, but is ${show(answer)}`;
  if (wanted.answer === REPLACED)
    return JSON.stringify(answer).includes("\ufffd") ? undefined : `no byte was replaced in ${show(answer)}`;
  const [left, right] = isTagged(wanted.answer)
    ? [canonical(wanted.answer), canonical(answer)]
    : [wanted.answer, answer];
  if (isListing(left)) return compareListings(left, right);
  if (
    Array.isArray(left) &&
    left.length > 0 &&
    left.every(isListing) &&
    Array.isArray(right) &&
    right.length === left.length
  )
    return left
      .map((one, index) => compareListings(one, right[index]))
      .find((mismatch) => mismatch !== undefined);
  return same(left, right)
    ? undefined
    : `should be ${show(left)}, but is ${show(right)}${firstDifference(left, right)}`;
}

// Python's own exceptions become some MetaflowError that helps; Metaflow's keep their names and messages.
const NAMES: Readonly<Record<string, readonly string[]>> = {
  DataException: ["DataException", "DatastoreError"],
  KeyError: ["MetaflowKeyError"],
};

function compareErrors(wanted: NonNullable<Asked["error"]>, thrown: unknown): string | undefined {
  const stated = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  if (!(thrown instanceof MetaflowError))
    return `should throw a MetaflowError (Python: ${wanted.class}), but throws ${stated}`;
  if (thrown.code === "" || thrown.message === "") return `the error has no code or no message: ${stated}`;
  const metaflowOwn = wanted.class.startsWith("Metaflow") || wanted.class in NAMES;
  if (!metaflowOwn) return undefined;
  const names = NAMES[wanted.class] ?? [wanted.class];
  if (!names.includes(thrown.name)) return `should throw ${names.join(" or ")}, but throws ${stated}`;
  if (wanted.class === "KeyError") {
    if (wanted.message === "None") return undefined; // Of `artifact[id]`, which has no key to tell.
    const key = wanted.message.replaceAll(/^['"]|['"]$/g, "");
    return thrown.message.includes(key) ? undefined : `the message does not name the key ${key}: ${stated}`;
  }
  return thrown.message === wanted.message
    ? undefined
    : `should say '${wanted.message}', but says '${thrown.message}'`;
}

type Listing = readonly (readonly [string, number])[];

function isListing(it: unknown): it is Listing {
  return (
    Array.isArray(it) &&
    it.length > 0 &&
    it.every(
      (one) =>
        Array.isArray(one) && one.length === 2 && typeof one[1] === "number" && typeof one[0] === "string",
    )
  );
}

/** Same order, but for equals: what was made in the same millisecond may come in any order. */
function compareListings(wanted: Listing, answer: unknown): string | undefined {
  const grouped = (listing: Listing): string =>
    JSON.stringify(
      listing.map(([, time], index) => [
        time,
        listing
          .filter(
            ([, other], position) => other === time && runOf(listing, index) === runOf(listing, position),
          )
          .map(([name]) => name)
          .sort(),
      ]),
    );
  if (!isListing(answer)) return `should be ${show(wanted)}, but is ${show(answer)}`;
  return grouped(wanted) === grouped(answer)
    ? undefined
    : `should be ${show(wanted)}, but is ${show(answer)}`;
}

/** Where the run of equal times begins that the element at `index` belongs to. */
function runOf(listing: Listing, index: number): number {
  let start = index;
  while (start > 0 && listing[start - 1]?.[1] === listing[index]?.[1]) start -= 1;
  return start;
}

function isTagged(it: unknown): boolean {
  return typeof it === "object" && it !== null && "t" in it;
}

/** The tagged form with references numbered in the order of their first mention, and sets sorted: both are free in the contract. */
function canonical(node: unknown): unknown {
  const numbers = new Map<unknown, number>();
  const walk = (it: unknown): unknown => {
    if (Array.isArray(it)) return it.map(walk);
    if (typeof it !== "object" || it === null) return it;
    const { t, id, ...rest } = it as Record<string, unknown>;
    const out: Record<string, unknown> = t === undefined ? {} : { t };
    if (id !== undefined) {
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      out["id"] = numbers.get(id);
    }
    for (const name of Object.keys(rest).sort()) out[name] = walk(rest[name]);
    if (t === "set" || t === "frozenset")
      out["v"] = (out["v"] as unknown[]).map((one) => JSON.stringify(one)).sort();
    return out;
  };
  return walk(node);
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) =>
    same((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  );
}

function firstDifference(a: unknown, b: unknown): string {
  const [left, right] = [stringify(a), stringify(b)];
  if (left.length < 200 && right.length < 200) return "";
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return ` (at ${at}: ${left.slice(Math.max(0, at - 40), at + 60)} | ${right.slice(Math.max(0, at - 40), at + 60)})`;
}

function stringify(it: unknown): string {
  return it === undefined ? "undefined" : JSON.stringify(it);
}

function show(it: unknown): string {
  const text = stringify(it);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function describe({ question, object, attempt, namespace, args }: Asked): string {
  const parts = [
    object ?? "",
    attempt === null ? "" : `attempt=${attempt}`,
    namespace === null ? "" : `in ${namespace}`,
    args.join(" "),
  ];
  return `${question}(${parts.filter((part) => part !== "").join(", ")})`;
}

/** One line a class: how many answers were compared, how many of them by a deviation, how many differ. */
export function table(tallies: ReadonlyMap<string, Tally>): string {
  const rows = new Map<string, { compared: number; deviations: Map<number, number>; mismatches: number }>();
  for (const [question, tally] of tallies) {
    const name = question.split(".")[0] ?? question;
    const row = rows.get(name) ?? { compared: 0, deviations: new Map<number, number>(), mismatches: 0 };
    rows.set(name, row);
    row.compared += tally.compared;
    row.mismatches += tally.mismatches.length;
    for (const [number, count] of tally.deviations)
      row.deviations.set(number, (row.deviations.get(number) ?? 0) + count);
  }
  const lines = [...rows].map(([name, { compared, deviations, mismatches }]) => {
    const by = [...deviations].sort(([a], [b]) => a - b).map(([number, count]) => `(${number}) ${count}`);
    return `| ${name} | ${compared} | ${by.join(", ")} | ${mismatches} |`;
  });
  return ["| class | answers compared | by a deviation | different |", "|---|--:|---|--:|", ...lines].join(
    "\n",
  );
}
