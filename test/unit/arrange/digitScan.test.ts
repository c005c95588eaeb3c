import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PLAIN } from "../../../src/pickle/numpy/dtype.ts";
import { elementText } from "../../../src/pickle/numpy/elementText.ts";
import { readHalf } from "../../../src/pickle/numpy/elements.ts";
import { Digits } from "../../../src/worker/arrange/digits.ts";
import { digitScan } from "../../../src/worker/arrange/digitScan.ts";

const float64 = { ...PLAIN, kind: "f", itemsize: 8, littleEndian: true } as const;
const DTYPES = {
  float64: (value: number) => elementText(float64, value, ""),
  float32: (value: number) => elementText({ ...float64, itemsize: 4 }, value, ""),
  float16: (value: number) => elementText({ ...float64, itemsize: 2 }, value, ""),
  int64: String,
};
type Dtype = keyof typeof DTYPES;

const bits = new DataView(new ArrayBuffer(8));

/** A float of 64 bits by its bits. */
function floatOf(high: number, low: number): number {
  bits.setUint32(0, high);
  bits.setUint32(4, low);
  return bits.getFloat64(0);
}

const doubles = fc.oneof(
  // Any bits: subnormals, infinities and NaN among them.
  fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff)).map(([high, low]) => floatOf(high, low)),
  // All exponents of what is printed without one, and those around.
  fc
    .tuple(fc.integer({ min: -20, max: 60 }), fc.double({ min: 1, max: 2, noNaN: true }))
    .map(([power, size]) => size * 2 ** power),
  fc.double({ noNaN: true, min: -1, max: 1 }),
  // Powers of two, with their neighbours.
  fc
    .tuple(fc.integer({ min: -1074, max: 1023 }), fc.integer({ min: -3, max: 3 }))
    .map(([power, last]) => 2 ** power * (1 + last * 2 ** -52)),
  // What people write down, with its neighbours.
  fc
    .tuple(
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.integer({ min: -16, max: 8 }),
      fc.integer({ min: -2, max: 2 }),
    )
    .map(([digits, power, last]) => Number(`${digits}e${power}`) * (1 + last * 2 ** -52)),
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: -21, max: 2 }))
    .map(([digits, power]) => Number(`${digits}e${power}`)),
  // What lies in the middle between two shorter ones.
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 1, max: 8 })).map(([whole, power]) => whole / 2 ** power),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    0.5,
    1,
    -1,
    9.5,
    99.5,
    2 ** 50 + 0.25,
    2 ** 53,
    2 ** 63,
    1e16,
    1e-4,
    5e-324,
    Infinity,
    -Infinity,
    NaN,
  ),
);
const VALUES: Readonly<Record<Dtype, fc.Arbitrary<number>>> = {
  float64: doubles,
  float32: doubles.map(Math.fround),
  float16: fc.nat(0xffff).map(readHalf),
  int64: fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -2000, max: 2000 })),
};

/** Digits that are in what is printed, or nearly, or any. */
const needleOf = (text: string): fc.Arbitrary<string> => {
  const parts = text.match(/\d+/g) ?? ["0"];
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(...parts), fc.nat(20), fc.integer({ min: 1, max: 20 }))
      .map(([part, from, length]) => part.slice(from % part.length).slice(0, length)),
    fc.tuple(fc.constantFrom(...parts), fc.nat(9)).map(([part, digit]) => part.slice(-6) + String(digit)),
    fc.stringMatching(/^\d{1,5}$/),
    fc.stringMatching(/^\d?0{1,3}$/),
  );
};

/** Which of some numbers have digits, as WebAssembly tells; `undefined` where it does not tell. */
function told(dtype: string, needle: string, values: readonly number[]): (boolean | undefined)[] {
  const wanted = new Uint8Array(values.length).fill(1);
  const open = digitScan(dtype, Digits.of(needle)!)!.narrow(
    (from, to, into) => {
      into.set(values.slice(from, to));
    },
    0,
    values.length,
    wanted,
  );
  const answers: (boolean | undefined)[] = Array.from(wanted, (one) => one === 1);
  for (const [index, at] of open.at.entries()) {
    expect(Object.is(open.values[index], values[at])).toBe(true);
    expect(wanted[at]).toBe(1);
    answers[at] = undefined;
  }
  return answers;
}

describe("digitScan", () => {
  it.each(Object.keys(DTYPES) as Dtype[])("says the same as printing a %s", (dtype) => {
    const print = DTYPES[dtype];
    const cases = fc
      .array(VALUES[dtype], { minLength: 1, maxLength: 40 })
      .chain((values) => needleOf(print(values[0]!)).map((needle) => ({ values, needle })));
    fc.assert(
      fc.property(cases, ({ values, needle }) => {
        for (const [at, answer] of told(dtype, needle, values).entries()) {
          const text = print(values[at]!);
          // What is missing is not printed.
          const isIn = text !== "nan" && text.includes(needle);
          if (answer !== undefined) expect([text, answer]).toEqual([text, isIn]);
        }
      }),
      { numRuns: 4000 },
    );
  });

  it("tells of nearly all of the numbers that people have", () => {
    const some = (make: (at: number) => number): number[] =>
      Array.from({ length: 1000 }, (_, at) => make(at));
    const kinds = [
      some((at) => Math.sin(at + 1)),
      some((at) => Math.exp(at / 100) + 0.1),
      some((at) => (at * 7919) / 100),
      some((at) => at * 1_000_003),
    ];
    for (const values of kinds)
      for (const needle of ["1234", "7", "0"])
        expect(told("float64", needle, values).filter((one) => one === undefined).length).toBeLessThan(20);
  });

  it("looks at those alone that are wanted", () => {
    const wanted = Uint8Array.of(0, 1, 0, 1);
    digitScan("float64", Digits.of("5")!)!.narrow(
      (_from, _to, into) => {
        into.set([5, 5, 6, 6]);
      },
      0,
      4,
      wanted,
    );
    expect([...wanted]).toEqual([0, 1, 0, 0]);
  });

  it("looks for the digits of each, one after the other", () => {
    const scans = ["12", "34"].map((needle) => digitScan("float64", Digits.of(needle)!)!);
    for (let round = 0; round < 2; round++)
      expect(
        scans.map((scan) => {
          const wanted = Uint8Array.of(1, 1);
          scan.narrow(
            (_from, _to, into) => {
              into.set([0.12, 0.34]);
            },
            0,
            2,
            wanted,
          );
          return [...wanted];
        }),
      ).toEqual([
        [1, 0],
        [0, 1],
      ]);
  });

  it("leaves numbers that are printed otherwise to others", () => {
    expect(digitScan("bool", Digits.of("1")!)).toBeUndefined();
    expect(digitScan("longdouble", Digits.of("1")!)).toBeUndefined();
  });
});

describe("a search without WebAssembly", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it("finds the same", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const { digitScan: plain } = await import("../../../src/worker/arrange/digitScan.ts");
    expect(plain("float64", Digits.of("1")!)).toBeUndefined();
    const { Needle, columnWith } = await import("../../../src/worker/arrange/containing.ts");
    const { numbersColumn } = await import("./tables.ts");
    const { Slices } = await import("../../../src/base/slices.ts");
    const wanted = new Uint8Array(4).fill(1);
    const column = numbersColumn("x", Float64Array.of(0.123, 0.321, NaN, 12.5));
    await columnWith(column, new Needle("12", false)).narrow(0, 4, wanted, new Slices());
    expect([...wanted]).toEqual([1, 0, 0, 1]);
  });
});
