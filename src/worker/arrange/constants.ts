/** A whole number between two others, or on one: what a decimal number is for whole ones. */
export interface Bound {
  readonly floor: bigint;
  /** Whether it is the floor itself. */
  readonly isWhole: boolean;
}

const NUMBER = /^([+-]?)(\d[\d_]*)?(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;
const INFINITE = /^[+-]?inf(inity)?$/i;
/** Digits that no number of 64 bits has. */
const MANY_DIGITS = 60;

/** A number as it is typed, as the nearest one; `undefined` for what is none. True and False count 1 and 0. */
export function numberOf(text: string): number | undefined {
  if (INFINITE.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true" ? 1 : 0;
  const match = NUMBER.exec(text);
  if (match === null || (match[2] ?? match[3] ?? "") === "") return undefined;
  return Number(text.replaceAll("_", ""));
}

/** The same exactly, for comparison with whole numbers. `undefined` where it is infinite, or as good as that. */
export function boundOf(text: string): Bound | undefined {
  if (/^(true|false)$/i.test(text)) return { floor: text.toLowerCase() === "true" ? 1n : 0n, isWhole: true };
  const match = NUMBER.exec(text.replaceAll("_", ""));
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const places = fraction.length - Number(exponent);
  if (digits === "") return { floor: 0n, isWhole: true };
  if (digits.length - places > MANY_DIGITS) return undefined;
  // Smaller than one by far.
  if (digits.length - places < -MANY_DIGITS) return { floor: sign === "-" ? -1n : 0n, isWhole: false };
  const value = BigInt(`${sign === "-" ? "-" : ""}${digits}`);
  return places <= 0
    ? { floor: value * 10n ** BigInt(-places), isWhole: true }
    : quotient(value, 10n ** BigInt(places));
}

/** A fraction, as what it is for whole numbers. */
export function quotient(dividend: bigint, divisor: bigint): Bound {
  const rest = dividend % divisor;
  return { floor: dividend / divisor - (rest < 0n ? 1n : 0n), isWhole: rest === 0n };
}

const buffer = new DataView(new ArrayBuffer(8));

/** The next larger number. */
export function above(value: number): number {
  if (value === Infinity || Number.isNaN(value)) return value;
  if (value === 0) return Number.MIN_VALUE;
  buffer.setFloat64(0, value);
  buffer.setBigInt64(0, buffer.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return buffer.getFloat64(0);
}

/** The next smaller number. */
export function below(value: number): number {
  return -above(-value);
}
