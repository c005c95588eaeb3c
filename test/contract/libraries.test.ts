import { beforeAll, describe, expect, it } from "vitest";
import {
  DataFrame,
  NdArray,
  NpDateTime,
  NpRecord,
  NpTimeDelta,
  NpVoid,
  openPickle,
  PandasIndex,
  PandasScalar,
  PyAwareDateTime,
  PyComplex,
  PyDate,
  PyDateTime,
  PyDecimal,
  pyRepr,
  Series,
  type Json,
  type Tagged,
} from "../../src/pickle/index.ts";
import { toJson } from "../../src/worker/json.ts";
import { FUZZ_TIMEOUT_MS, mutants } from "../helpers/fuzzing.ts";
import { libraryCases, STACKS, type LibraryCase } from "./libraryCases.ts";
import { lookAt } from "./shownForm.ts";
import { difference, sorted } from "./taggedForm.ts";

/** What is told otherwise than its library tells it, and why that is so. All else has to be right in every stack, protocol and pickler. */
const UNLIKE: Readonly<Record<string, string>> = {
  "numpy arrays: axes changed":
    "numpy 2.4 writes the order of axes beside a buffer (protocol 5): shown as the call that it is",
};

/** The same of the oldest stack. */
const UNLIKE_OLD: Readonly<Record<string, string>> = {
  ...UNLIKE,
  "pandas series: interval of dates":
    "pandas 1 prints no times where they are midnight; a pickle does not say who reads it",
  "pandas series: Arrow duration": "pandas 1 gives Python's timedelta, pandas 2 its own",
};

/** How many nodes of one value are looked at. */
const LOOKS = 300;
const MUTANTS = 4000;

interface Tally {
  cases: number;
  right: number;
  opaque: number;
  readonly wrong: string[];
}

describe.each(STACKS)("what the %s libraries pickle", (stack) => {
  let cases: LibraryCase[] = [];

  beforeAll(async () => {
    cases = await libraryCases(stack);
    expect(cases.length).toBeGreaterThan(1700);
  }, 600_000);

  it("is what they say themselves, but for what is known to be told otherwise", async () => {
    const tallies = new Map<string, Tally>();
    for (const one of cases) {
      if (one.tagged === null) continue;
      const tally = tallies.get(one.family) ?? { cases: 0, right: 0, opaque: 0, wrong: [] };
      tallies.set(one.family, tally);
      await compare(one, one.tagged, tally);
    }
    console.log(table(stack, tallies));
    const unlike = stack === "old" ? UNLIKE_OLD : UNLIKE;
    const wrong = [...tallies].flatMap(([family, tally]) => tally.wrong.map((why) => `${family}: ${why}`));
    expect(wrong.filter((one) => !Object.keys(unlike).some((known) => one.startsWith(`${known},`)))).toEqual(
      [],
    );
  });

  it("can be looked at, whatever it is", async () => {
    const wrong: string[] = [];
    for (const one of cases) {
      try {
        const { root } = await openPickle(Buffer.from(one.data, "base64"));
        await lookAt(root, LOOKS);
        await root.toValue();
      } catch (error) {
        wrong.push(`${one.family}: ${told(one)}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has natural values that are the same", async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const one of cases) {
      if (one.tagged === null) continue;
      const { root } = await openPickle(Buffer.from(one.data, "base64"));
      const [answer, value] = [await root.tagged(), await root.toValue()];
      const found = headOf(value);
      if (found === undefined || JSON.stringify(answer["head"]).includes("{")) continue;
      compared += 1;
      const why = difference(found, answer["head"], "");
      if (why !== undefined) wrong.push(`${one.family}: ${told(one)}: ${why}`);
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(900);
  });

  it("is JSON on the clipboard: arrays of numbers, and frames by their columns", async () => {
    const texts = new Map<string, unknown>();
    for (const one of cases) {
      const { root, complete } = await openPickle(Buffer.from(one.data, "base64"));
      await complete;
      texts.set(`${one.family}: ${one.name}`, JSON.parse((await toJson(root)).text));
    }
    expect(texts.get("pandas frames: one column")).toEqual({ only: [1.5, null] });
    expect(texts.get("pandas frames: duplicate columns of one kind")).toEqual({ a: [3], b: [2] });
    expect(texts.get("pandas series: category")).toEqual(["a", "b", "a", null]);
    expect(texts.get("numpy arrays: Fortran order")).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10, 11],
      [12, 13, 14, 15, 16, 17],
      [18, 19, 20, 21, 22, 23],
    ]);
  });

  it(
    "does no harm where bytes of it are others",
    async () => {
      const wrong: string[] = [];
      for (const { one, bytes, name } of mutants(cases, MUTANTS, 7)) {
        try {
          const { root, complete } = await openPickle(bytes);
          await complete.catch(() => undefined);
          JSON.stringify(await root.tagged());
          await lookAt(root, 30);
          pyRepr(await root.toValue());
        } catch (error) {
          wrong.push(`${one.family}: ${told(one)}, ${name}: ${String(error)}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );
});

/** What a natural value begins with, as its lossless form has it; `undefined` for what has no such beginning. */
function headOf(value: unknown): Json | undefined {
  if (value instanceof DataFrame) return value.rows(0, 5).map((row) => row.map(plain));
  if (value instanceof Series || value instanceof PandasIndex) {
    return Array.from({ length: Math.min(5, value.length) }, (_, at) => plain(value.at(at)));
  }
  // What is missing among texts is what numpy was told to put there.
  if (!(value instanceof NdArray) || value.dtype === "|O" || value.dtype === "|T16") return undefined;
  const size = value.shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: Math.min(10, size) }, (_, at) => {
    let rest = at;
    const indices = [...value.shape].reverse().map((length) => {
      const index = rest % length;
      rest = Math.floor(rest / length);
      return index;
    });
    return plain(value.at(...indices.reverse()));
  });
}

/** A value as it stands in a head. */
function plain(value: unknown): Json {
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "nan";
    if (Object.is(value, -0)) return "-0";
    return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
  }
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof PyComplex) return [plain(value.re), plain(value.im)];
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (value instanceof NpVoid) return Buffer.from(value.bytes).toString("hex");
  if (value instanceof NpTimeDelta) return plain(value.count);
  if (value instanceof NpRecord) return value.values.map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof PyDateTime || value instanceof PyAwareDateTime) return value.isoformat();
  if (value instanceof NpDateTime || value instanceof PandasScalar) return value.toString();
  if (value instanceof PyDecimal || value instanceof PyDate) return value.toString();
  return value as Json; // A text, a boolean or nothing.
}

async function compare(one: LibraryCase, tagged: Tagged, tally: Tally): Promise<void> {
  tally.cases += 1;
  const document = await openPickle(Buffer.from(one.data, "base64"));
  const answer = sorted(await document.root.tagged());
  const why = document.problem?.message ?? difference(answer, sorted(tagged), "");
  if (why === undefined) {
    tally.right += 1;
    return;
  }
  if (JSON.stringify(answer).includes('"t":"opaque"')) tally.opaque += 1;
  tally.wrong.push(`${told(one)}: ${why}`);
}

function told({ name, protocol, pickler }: LibraryCase): string {
  return `${name}, protocol ${protocol}, ${pickler} pickler`;
}

/** How many of each family are right, how many are not known at all, and the first one that is something else. */
function table(stack: string, tallies: ReadonlyMap<string, Tally>): string {
  const lines = [...tallies].map(([family, { cases, right, opaque, wrong }]) => {
    const counts = [cases, right, opaque, wrong.length - opaque].map((count) => String(count).padStart(6));
    return `${family.padEnd(22)} |${counts.join(" |")} | ${(wrong[0] ?? "").slice(0, 150)}`;
  });
  const head = `${`family (${stack})`.padEnd(22)} | cases | right |opaque | wrong | the first`;
  return [head, ...lines].join("\n");
}
