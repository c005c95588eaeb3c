/** Floats as whole numbers of a power of ten: exactly, and as the fewest digits that are read as the same float. */

/** Splits a float into two of 26 bits. By Dekker, "A floating-point technique for extending the available precision". */
const SPLITTER = 2 ** 27 + 1;
/** So close to the middle between two numbers, or to an end of what is read as the same float, it is not told on which side it is. */
const CLOSE = 1e-3;
/** By the exponent as it stands in a float: half of its last bit, and the power of ten in the least float that has it. */
const HALF_BITS = Float64Array.from({ length: 2048 }, (_, exponent) => 2 ** (exponent - 1076));
const POWERS = Int8Array.from({ length: 2048 }, (_, exponent) =>
  Math.floor(((exponent - 1023) * Math.LN2) / Math.LN10),
);
/** From 10^-4 on. */
const SIZES = Float64Array.from({ length: 21 }, (_, at) => Number(`1e${at - 4}`));
/** Powers of ten from 1 on; each of them is exact. */
export const TENS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
/** Nearly what divides by them. */
export const TENTHS = TENS.map((ten) => 1 / ten);
const HIGH_TENS = TENS.map(upperPart);
const LOW_TENS = TENS.map((ten) => ten - upperPart(ten));

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

function upperPart(value: number): number {
  const large = SPLITTER * value;
  return large - (large - value);
}

/** What a product with a power of ten was rounded by: with this it is exact. */
export function errorOf(product: number, value: number, power: number): number {
  const [tenHigh, tenLow] = [HIGH_TENS[power] ?? 0, LOW_TENS[power] ?? 0];
  const high = upperPart(value);
  const low = value - high;
  return high * tenHigh - product + high * tenLow + low * tenHigh + low * tenLow;
}

/** Half of the last bit of a positive float. */
export function halfBitOf(value: number): number {
  float[0] = value;
  return HALF_BITS[(words[1] ?? 0) >>> 20] ?? 0;
}

/** The power of ten in a float from 10^-4 up to 10^16. */
export function powerOf(value: number): number {
  float[0] = value;
  const power = POWERS[(words[1] ?? 0) >>> 20] ?? 0;
  return value >= (SIZES[power + 5] ?? 0) ? power + 1 : power;
}

/**
 * The whole number with the most zeros at its end that is less than `half` away, the nearest of them; `NaN` where that is hard to tell. `half` is more than
 * a half and less than 12; of floats of 32 bits, which are `isCoarse`, less than 60.
 */
export function shortest(value: number, half: number, isCoarse: boolean): number {
  if (isCoarse) {
    const thousands = Math.floor(value * 1e-3 + 0.5) * 1000;
    const apart = Math.abs(value - thousands);
    if (apart < half + CLOSE) return apart < half - CLOSE ? thousands : NaN;
  }
  const hundreds = Math.floor(value * 1e-2 + 0.5) * 100;
  const byHundreds = Math.abs(value - hundreds);
  if (byHundreds < half + CLOSE) return byHundreds < half - CLOSE && byHundreds < 50 - CLOSE ? hundreds : NaN;
  const tens = Math.floor(value * 0.1 + 0.5) * 10;
  const byTens = Math.abs(value - tens);
  if (byTens < half + CLOSE) return byTens < half - CLOSE && byTens < 5 - CLOSE ? tens : NaN;
  const ones = Math.floor(value + 0.5);
  return Math.abs(value - ones) < 0.5 - CLOSE ? ones : NaN;
}
