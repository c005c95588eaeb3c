import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { openPickle, type Table } from "../../src/pickle/index.ts";
import type { Profile } from "../../src/protocol/profile.ts";
import { profileColumns, profileWhole } from "../../src/worker/profile/index.ts";
import { cachedFolder } from "../../tools/cache.mjs";
import { ensurePython } from "../../tools/python.mjs";

const SCRIPT = join(import.meta.dirname, "profiles.py");
const STACK = join(import.meta.dirname, "../fixtures/pickle/new-stack.txt");

/** What pandas says of a column. */
interface Answer {
  readonly missing: Readonly<Record<string, number>>;
  readonly distinct: number;
  readonly top?: readonly (readonly [string, number])[];
  readonly min?: string;
  readonly max?: string;
  readonly mean?: string;
  readonly std?: string;
  readonly zeros?: number;
  readonly negatives?: number;
  readonly histogram?: readonly number[];
}

interface Case {
  readonly name: string;
  readonly labels: readonly string[];
  readonly data: string;
  readonly columns: readonly Answer[];
  readonly whole?: Answer;
}

const cases = new Map<string, Case>();
const options = { exact: true, signal: new AbortController().signal };

async function tableOf({ data }: Case): Promise<Table> {
  const document = await openPickle(new Uint8Array(Buffer.from(data, "base64")));
  await document.complete;
  return document.root.table()!;
}

async function profilesOf(table: Table): Promise<Profile[]> {
  const profiles: Profile[] = [];
  while (profiles.length < table.columnCount)
    profiles.push(
      ...(await profileColumns(table, { from: profiles.length, to: table.columnCount }, options)),
    );
  return profiles;
}

/** A frame's profiles by the names of its columns, and pandas' answers. */
async function compared(name: string): Promise<Map<string, { ours: Profile; theirs: Answer }>> {
  const one = cases.get(name)!;
  const profiles = await profilesOf(await tableOf(one));
  return new Map(one.labels.map((label, at) => [label, { ours: profiles[at]!, theirs: one.columns[at]! }]));
}

beforeAll(async () => {
  const python = await ensurePython({ requirements: STACK });
  const key = createHash("sha1")
    .update(python)
    .update(await readFile(SCRIPT));
  const folder = await cachedFolder(`profiles/${key.digest("hex").slice(0, 12)}`, async (target: string) => {
    await promisify(execFile)(python, [SCRIPT, join(target, "cases.jsonl")]);
  });
  const lines = (await readFile(join(folder, "cases.jsonl"), "utf8")).trimEnd().split("\n");
  for (const line of lines) {
    const one = JSON.parse(line) as Case;
    cases.set(one.name, one);
  }
}, 300_000);

/** Python's words for a float. */
function numberOf(text: string): number {
  return Number(text.replace("inf", "Infinity"));
}

function expectSame(ours: Profile, theirs: Answer): void {
  expect(ours.missing).toEqual(theirs.missing);
  expect(ours.distinct).toEqual({ count: theirs.distinct, exact: true });
  expect(ours.measures?.min).toBe(theirs.min);
  expect(ours.measures?.max).toBe(theirs.max);
  if (theirs.zeros !== undefined) expect(ours.measures).toMatchObject({ zeros: theirs.zeros });
  if (theirs.negatives !== undefined) expect(ours.measures).toMatchObject({ negatives: theirs.negatives });
  for (const what of ["mean", "std"] as const) {
    const theirText = theirs[what];
    if (theirText === undefined || Number.isNaN(numberOf(theirText))) continue;
    const [own, known] = [numberOf(ours.measures?.[what] ?? ""), numberOf(theirText)];
    if (Number.isFinite(known)) expect(Math.abs(own - known)).toBeLessThanOrEqual(Math.abs(known) * 1e-9);
    else expect(own).toBe(known);
  }
}

describe("the profile of a column", () => {
  it("tells of numbers what pandas tells, of large integers to the last digit", async () => {
    for (const [label, { ours, theirs }] of await compared("numbers")) {
      if (label === "bool") {
        expect(ours.top?.values.map(({ text, count }) => [text, count])).toEqual(theirs.top);
        continue;
      }
      // Doubles do not tell all of them apart: then the count says so.
      if (label === "far") expect(ours.distinct?.exact).toBe(false);
      // What 1e308 and its opposite leave of a sum is a matter of their order.
      if (label === "far apart") continue;
      expectSame(
        label === "far" ? { ...ours, distinct: { count: theirs.distinct, exact: true } } : ours,
        theirs,
      );
    }
  });

  it("tells of times what pandas tells, to the nanosecond and in their zone", async () => {
    for (const { ours, theirs } of (await compared("times")).values()) {
      expect(ours.missing).toEqual(theirs.missing);
      expect(ours.distinct).toEqual({ count: theirs.distinct, exact: true });
      expect([ours.measures?.min, ours.measures?.max]).toEqual([theirs.min, theirs.max]);
      // A mean is told to the microsecond: pandas sums in 64 bits, rounds and cuts off.
      expect(ours.measures?.mean?.slice(0, 18)).toBe(theirs.mean?.slice(0, 18));
      expect(ours.histogram?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(
        500 - (theirs.missing["nat"] ?? 0),
      );
      expect(ours.histogram?.bins[0]?.from).toBe(theirs.min);
    }
  });

  it("has numpy's histogram of floats, to a value on a bound", async () => {
    let looked = 0;
    for (const [label, { ours, theirs }] of await compared("numbers")) {
      // Where values lie on the bounds, it is a matter of the last bit where they are counted.
      if (theirs.histogram === undefined || label === "half" || label === "close") continue;
      looked++;
      const counts = ours.histogram!.bins.map(({ count }) => count);
      expect(counts).toHaveLength(64);
      const apart = counts.map((count, at) => Math.abs(count - theirs.histogram![at]!));
      expect(Math.max(...apart), label).toBeLessThanOrEqual(1);
    }
    expect(looked).toBe(3);
  });

  it("has a bin for each of a few whole numbers, and leaves infinite ones out", async () => {
    const columns = await compared("numbers");
    const small = columns.get("small")!.ours;
    expect(small.histogram?.bins.map(({ from, to }) => [from, to])).toEqual(
      [-3, -2, -1, 0, 1, 2, 3].map((value) => [String(value), String(value)]),
    );
    const infinite = columns.get("infinite")!.ours;
    expect(infinite.measures?.infinite).toEqual({ above: 1000, below: 1000 });
    expect(infinite.histogram?.bins).toEqual([{ from: "1.5", to: "1.5", count: 1000 }]);
    const large = columns.get("large")!.ours;
    expect(large.histogram?.bins).toHaveLength(50);
    expect(large.histogram?.bins[0]?.from).toBe(large.measures?.min);
  });

  it("says what is constant, and that nothing is there", async () => {
    const columns = await compared("numbers");
    expect(columns.get("constant")!.ours.constant).toBe("3");
    expect(columns.get("nothing")!.ours).toEqual({
      rows: { read: 3000, of: 3000 },
      missing: { nan: 3000 },
      distinct: { count: 0, exact: true },
    });
  });

  it("tells nullable columns, texts and objects as pandas counts them, each kind of missing by itself", async () => {
    for (const name of ["nullable", "objects"]) {
      for (const [label, { ours, theirs }] of await compared(name)) {
        expect(ours.missing, label).toEqual(theirs.missing);
        expect(ours.distinct, label).toEqual({ count: theirs.distinct, exact: true });
        if (theirs.top !== undefined && label !== "mixed")
          expect(sorted(ours.top?.values ?? []), label).toEqual(theirs.top);
        if (theirs.min !== undefined) expectSame(ours, theirs);
      }
    }
    const mixed = (await compared("objects")).get("mixed")!.ours;
    expect(mixed.kinds).toEqual({ text: 100, number: 200, bytes: 100 });
    expect(mixed.top?.values).toContainEqual({ text: "1", kind: "text", count: 100 });
    expect(mixed.top?.values).toContainEqual({ text: "1", kind: "number", count: 100 });
  });

  it("is of nothing where there are no rows, and none where there are no columns", async () => {
    for (const { ours } of (await compared("empty")).values())
      expect(ours).toEqual({ rows: { read: 0, of: 0 }, missing: {}, distinct: { count: 0, exact: true } });
    expect(await profilesOf(await tableOf(cases.get("no columns")!))).toEqual([]);
  });

  it("is of all elements of an array with several axes, in either order", async () => {
    for (const name of ["array C", "array F"]) {
      const one = cases.get(name)!;
      const profile = await profileWhole(await tableOf(one), options);
      expect(profile?.rows).toEqual({ read: 24_000, of: 24_000 });
      expectSame(profile!, one.whole!);
    }
  });
});

/** As the answers are: by count, then by text. */
function sorted(values: readonly { readonly text: string; readonly count: number }[]): [string, number][] {
  return values
    .map(({ text, count }): [string, number] => [text, count])
    .sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1));
}
