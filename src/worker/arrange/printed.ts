import { reprFloat } from "../../pickle/natural/repr.ts";
import { Digits } from "./digits.ts";
import { DOUBLE, floatTest, SINGLE, type NumberTest, type Precision } from "./floatDigits.ts";

/** Prints a number as Python does; `undefined` for one that takes more than that. */
export type Print = (value: number) => string | undefined;

/** A short way to the text of a column's numbers, for most of them; `undefined` where there is none. */
export function printerOf(dtype: string): Print | undefined {
  if (WHOLE.test(dtype)) return (value) => (Number.isSafeInteger(value) ? String(value) : undefined);
  return /^float64$/i.test(dtype) ? reprFloat : undefined;
}

/**
 * Says of most numbers of a column without printing them whether a text is in theirs; `undefined` where only printing tells.
 * @param digits the text, where it is a row of digits
 */
export function numberTest(
  dtype: string,
  needle: string,
  digits: Digits | undefined = Digits.of(needle),
): NumberTest | undefined {
  if (WHOLE.test(dtype)) return digits === undefined ? beginTest(needle) : wholeTest(digits);
  const precision = /^float64$/i.test(dtype) ? DOUBLE : /^float32$/i.test(dtype) ? SINGLE : undefined;
  if (precision === undefined) return undefined;
  return digits === undefined ? plainTest(needle, precision) : floatTest(digits, precision);
}

const WHOLE = /^u?int\d+$/i;

function wholeTest(digits: Digits): NumberTest {
  const { found } = digits;
  return (value) => (Number.isSafeInteger(value) ? digits.afterWhole(Math.abs(value)) === found : undefined);
}

/** Of what is no row of digits only the beginning of whole numbers can be. */
function beginTest(needle: string): NumberTest {
  const isBeginning = beginning(needle.slice(1));
  const isSigned = needle.startsWith("-");
  return (value) => (Number.isSafeInteger(value) ? isSigned && value < 0 && isBeginning(-value) : undefined);
}

/** Of what is no row of digits, in floats without an exponent. */
function plainTest(needle: string, { most, lastBit }: Precision): NumberTest {
  const match = /^(-?)(\d*)(\.?)(\d*)$/.exec(needle);
  const [, sign = "", before = "", point = "", behind = ""] = match ?? [];
  const isBeginning = beginning(before);
  const [beforeUnit, behindUnit] = [10 ** before.length, 10 ** behind.length];
  return (value) => {
    const size = Math.abs(value);
    if (size === 0) return (Object.is(value, -0) ? "-0.0" : "0.0").includes(needle);
    if (!(size >= 1e-4 && size < most)) return undefined;
    if (match === null || sign + point === "" || (sign !== "" && value > 0)) return false;
    const whole = Math.floor(size);
    if (point === "") return isBeginning(whole);
    // What may be in it is printed.
    const end = sign === "" ? whole - Math.floor(whole / beforeUnit) * beforeUnit : whole;
    if (end !== Number(before) || (sign !== "" && before === "")) return false;
    const apart = (size - whole) * behindUnit - Number(behind);
    // What is printed is another number, though not by more than its last bit.
    const blur = size * lastBit * 2 ** -50 * behindUnit;
    return apart > -blur && apart < 1 + blur ? undefined : false;
  };
}

/** Whether a whole number begins with digits. */
function beginning(digits: string): (whole: number) => boolean {
  if (digits === "") return () => true;
  const [number, unit] = [Number(digits), 10 ** digits.length];
  const isNumber = String(number) === digits;
  return (whole) => {
    let rest = whole;
    while (rest >= unit) rest = Math.floor(rest / 10);
    return isNumber && rest === number;
  };
}
