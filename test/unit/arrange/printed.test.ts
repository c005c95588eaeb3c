import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLAIN } from "../../../src/pickle/numpy/dtype.ts";
import { elementText } from "../../../src/pickle/numpy/elementText.ts";
import { numberTest, printerOf } from "../../../src/worker/arrange/printed.ts";

const FLOATS = {
  float64: { ...PLAIN, kind: "f", itemsize: 8, littleEndian: true },
  float32: { ...PLAIN, kind: "f", itemsize: 4, littleEndian: true },
} as const;

/** Floats of all sizes, those that people write down among them, and the neighbours of these. */
const floats = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ noNaN: true, min: -20, max: 20 }),
  fc.double({ noNaN: true, min: 1e-6, max: 0.1 }),
  fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -16, max: 8 }))
    .map(([digits, power]) => Number(`${digits}e${power}`)),
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: -21, max: 2 }))
    .map(([digits, power]) => Number(`${digits}e${power}`)),
  fc
    .tuple(fc.integer({ min: -20, max: 60 }), fc.integer({ min: -2, max: 2 }))
    .map(([power, bits]) => 2 ** power * (1 + bits * 2 ** -52)),
);

/** A part of a text, or another needle. */
const needlesOf = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 6 }))
      .map(([from, length]) => text.slice(from, from + length)),
    fc.stringMatching(/^-?\d{0,4}\.?\d{1,4}$/),
    fc.stringMatching(/^\d?0{1,3}$/),
    fc.constantFrom("-", ".", "e", "e-05", "inf", "-0", "-0.", ".0", "0.0", "00", "9".repeat(60)),
  );

const RUNS = 2000;

describe("numberTest", () => {
  it.each(["float64", "float32"] as const)("says the same as printing a %s", (dtype) => {
    const cases = floats
      .map((value) => (dtype === "float32" ? Math.fround(value) : value))
      .chain((value) => {
        const text = elementText(FLOATS[dtype], value, "nan");
        return needlesOf(text).map((needle) => ({ value, text, needle }));
      });
    let [told, all] = [0, 0];
    fc.assert(
      fc.property(cases, ({ value, text, needle }) => {
        const answer = numberTest(dtype, needle)?.(value);
        const isCommon = /^\d+$/.test(needle) && Math.abs(value) >= 1e-4 && Math.abs(value) < 2 ** 24;
        if (isCommon) all++;
        if (isCommon && answer !== undefined) told++;
        expect(answer ?? text.includes(needle)).toBe(text.includes(needle));
      }),
      { numRuns: RUNS },
    );
    expect(told / all).toBeGreaterThan(0.95);
  });

  it("says the same as printing a whole number", () => {
    const whole = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -2000, max: 2000 }));
    const cases = whole.chain((value) => needlesOf(String(value)).map((needle) => ({ value, needle })));
    fc.assert(
      fc.property(cases, ({ value, needle }) => {
        expect(numberTest("int64", needle)?.(value)).toBe(String(value).includes(needle));
      }),
      { numRuns: RUNS },
    );
  });

  it("tells nothing of whole numbers that a number may not be, and of floats with an exponent", () => {
    expect(numberTest("uint64", "12")?.(2 ** 60)).toBeUndefined();
    expect(printerOf("uint64")?.(2 ** 60)).toBeUndefined();
    expect(numberTest("float64", "12")?.(1.2e-7)).toBeUndefined();
    expect(printerOf("float64")?.(1.2e-7)).toBe("1.2e-07");
  });
});

describe("printerOf", () => {
  it("prints as Python does, or leaves it to others", () => {
    const print = printerOf("float64");
    // Python: [str(x) for x in (1.0, 0.1, 123456789012345.0, -2.5, 1e-5, 1e16, 0.0, math.inf)]
    expect([1, 0.1, 123456789012345, -2.5, 1e-5, 1e16, 0, Infinity].map((value) => print?.(value))).toEqual([
      "1.0",
      "0.1",
      "123456789012345.0",
      "-2.5",
      "1e-05",
      "1e+16",
      "0.0",
      "inf",
    ]);
    expect(printerOf("float32")).toBeUndefined();
  });
});
