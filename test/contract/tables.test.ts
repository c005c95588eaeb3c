import { beforeAll, describe, expect, it } from "vitest";
import { openPickle, type PyNode } from "../../src/pickle/index.ts";
import { FUZZ_TIMEOUT_MS, mutants } from "../helpers/fuzzing.ts";
import { STACKS, tableCases, torchCases, type TableCase } from "./libraryCases.ts";
import { lookAt, shownOtherwise } from "./shownForm.ts";

/** What is shown otherwise than its library says it, and why that is so. */
const UNLIKE: Readonly<Record<string, string>> = {
  "numpy arrays: g": "a long double is shown as the nearest float",
  "numpy arrays: g big-endian": "the same",
  "numpy arrays: complex G": "the same of complex numbers",
  "awkward scalars: array of long doubles": "the same",
  "numpy arrays: timedelta64[10s]": "numpy's own text overflows",
  "numpy arrays: timedelta64[25us]": "numpy's own text overflows",
  "numpy arrays: chararray":
    "the class strips its texts when it is asked for one; the array holds what is shown",
  "numpy arrays: chararray of bytes": "the same",
  "pandas series: objects of other types": "a class is shown by its name",
  "pandas series: interval of dates":
    "pandas 1 prints no times where they are midnight; a pickle does not say who reads it",
  "pandas series: Arrow duration": "pandas 1 gives Python's timedelta, pandas 2 its own",
  "pyarrow: scalar": "shown as the call that makes it",
  "pyarrow: buffer": "shown as the call that makes it",
  "scipy sparse: csr of complex numbers": "toarray() adds to zeros, which loses the sign of a zero",
};

/** Families that are shown by views. */
const VIEWED = /^(scipy sparse|pyarrow|polars|Pillow|scikit-learn|tensors|modules)$/;
const MUTANTS = 4000;
const LOOKS = 40;

/** What goes wrong where some bytes of a pickle are others. */
async function harmOf(cases: readonly TableCase[]): Promise<string[]> {
  const wrong: string[] = [];
  const viewed = cases.filter(({ family }) => VIEWED.test(family));
  for (const { one, bytes, name } of mutants(viewed, MUTANTS, 11)) {
    try {
      const { root, complete } = await openPickle(bytes);
      await complete.catch(() => undefined);
      await lookAt(root, LOOKS);
      JSON.stringify(await root.tagged());
    } catch (error) {
      wrong.push(`${one.family}: ${one.name}, ${name}: ${String(error)}`);
    }
  }
  return wrong;
}

interface Tally {
  cases: number;
  right: number;
  opaque: number;
  readonly wrong: string[];
}

async function tallied(cases: readonly TableCase[]): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>();
  for (const one of cases) {
    const tally = tallies.get(one.family) ?? { cases: 0, right: 0, opaque: 0, wrong: [] };
    tallies.set(one.family, tally);
    tally.cases += 1;
    const { root } = await openPickle(Buffer.from(one.data, "base64"));
    const why = await shownOtherwise(root, one.says);
    if (why === undefined) tally.right += 1;
    else if (await saysWhy(root)) tally.opaque += 1;
    else tally.wrong.push(`${one.name}: ${why}`);
  }
  return tallies;
}

/** Whether a value, or one in it, tells that it is not read. */
async function saysWhy(node: PyNode): Promise<boolean> {
  if (node.preview.includes("not read here")) return true;
  const children = await node.children({ to: 20 });
  return children.some(({ value }) => value.preview.includes("not read here"));
}

/** How many awkward scalars are compared. */
function scalarsIn(cases: readonly TableCase[]): number {
  return cases
    .filter(({ family }) => family === "awkward scalars")
    .reduce((sum, { says }) => sum + (says.table?.cells.flat().length ?? 0), 0);
}

function wrongIn(tallies: ReadonlyMap<string, Tally>): string[] {
  const wrong = [...tallies].flatMap(([family, tally]) => tally.wrong.map((why) => `${family}: ${why}`));
  return wrong.filter((one) => !Object.keys(UNLIKE).some((known) => one.startsWith(`${known}: `)));
}

function report(title: string, tallies: ReadonlyMap<string, Tally>): string {
  const lines = [...tallies].map(([family, { cases, right, opaque, wrong }]) => {
    const counts = [cases, right, opaque, wrong.length].map((count) => String(count).padStart(6));
    return `${family.padEnd(22)} |${counts.join(" |")} | ${(wrong[0] ?? "").slice(0, 150)}`;
  });
  return [`${title.padEnd(22)} | cases | right |opaque | wrong | the first`, ...lines].join("\n");
}

describe.each(STACKS)("how values of the %s libraries are shown", (stack) => {
  let cases: TableCase[] = [];

  beforeAll(async () => {
    cases = await tableCases(stack);
    expect(cases.length).toBeGreaterThan(500);
  }, 600_000);

  it("has the type, shape, length and the cells that the libraries say", async () => {
    const tallies = await tallied(cases);
    console.log(report(`family (${stack})`, tallies));
    expect(scalarsIn(cases)).toBeGreaterThan(10_000);
    expect(wrongIn(tallies)).toEqual([]);
  });

  it(
    "does no harm where bytes of it are others",
    async () => {
      expect(await harmOf(cases)).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe("how values of torch are shown", () => {
  it("has the type, shape, length and the cells that torch says", async () => {
    const tallies = await tallied(await torchCases());
    console.log(report("family (torch)", tallies));
    expect(wrongIn(tallies)).toEqual([]);
  });

  it(
    "does no harm where bytes of it are others",
    async () => {
      expect(await harmOf(await torchCases())).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );
});
