import { errorOf, halfBitOf, powerOf, shortest, TENS, TENTHS } from "./decimals.ts";
import type { Digits } from "./digits.ts";

/** What a test of a number by itself says; `undefined` where it cannot tell. */
export type NumberTest = (value: number) => boolean | undefined;

/** How exact the floats of a size are. */
export interface Precision {
  /** Digits that are always enough. */
  readonly digits: number;
  /** Their last bits, counted in those of a float of 64 bits. */
  readonly lastBit: number;
  /** Whole numbers below are printed with all their digits. */
  readonly most: number;
}

export const DOUBLE: Precision = { digits: 17, lastBit: 1, most: 1e16 };
export const SINGLE: Precision = { digits: 9, lastBit: 2 ** 29, most: 2 ** 24 };

/**
 * Whether digits are in the shortest ones that a float is read back from, as Python prints them. Instead of printing it takes what lies behind the
 * point times a power of ten, exactly, and of the whole numbers that are read as the same float the one with the fewest digits.
 */
export function floatTest(digits: Digits, { digits: enough, lastBit, most }: Precision): NumberTest {
  const { found, needle } = digits;
  const isCoarse = lastBit !== 1;
  // Behind the last digit there are zeros here, but not in print.
  const endsInZero = needle.endsWith("0");
  return (value) => {
    const size = Math.abs(value);
    // Elsewhere Python writes an exponent.
    if (!(size >= 1e-4 && size < most)) return size === 0 ? needle === "0" : undefined;
    const whole = Math.floor(size);
    if (digits.afterWhole(whole) === found) return true;
    const part = size - whole;
    if (part === 0) return needle === "0";
    const power = powerOf(size);
    const start = power < -1 ? digits.after(0, 0, -1 - power) : 0;
    const places = enough - 1 - power;
    const product = part * (TENS[places] ?? 0);
    const half = halfBitOf(size) * lastBit * (TENS[places] ?? 0);
    const error = errorOf(product, part, places);
    const width = Math.min(places, enough);
    // Two times nine digits: no float has all of them.
    let [upper, lower, unit] = [0, 0, 0];
    if (width > 12) {
      unit = TENS[width - 9] ?? 0;
      upper = Math.floor(product * (TENTHS[width - 9] ?? 0));
      lower = shortest(product - upper * unit + error, half, isCoarse);
    } else {
      unit = 1e6;
      const all = shortest(product + error, half, isCoarse) * (TENS[15 - width] ?? 0);
      upper = Math.floor(all * 1e-6);
      lower = all - upper * 1e6;
    }
    // What divided it was not exact, and rounding may have gone beyond.
    if (lower < 0) {
      upper--;
      lower += unit;
    } else if (lower >= unit) {
      upper++;
      lower -= unit;
    }
    if (!(lower >= 0 && upper < 1e9)) return undefined;
    lower *= 1e9 / unit;
    const behindUpper = digits.afterNine(start, upper | 0);
    if (digits.afterNine(behindUpper, lower | 0) !== found) return false;
    if (!endsInZero) return true;
    return (
      (lower === 0 ? digits.afterShort(start, upper, 9) : digits.afterShort(behindUpper, lower, 9)) === found
    );
  };
}
