import type { Slices } from "../../base/slices.ts";

/** A value that sorts. */
export type Key = number | bigint | string;

/** Orders values as Python does, exactly; numbers before texts, which Python does not compare. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a === "string") return typeof b === "string" ? compareTexts(a, b) : 1;
  if (typeof b === "string") return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Half of a pair that stands for one character. */
const HALF = /[\ud800-\udfff]/;

/** By code points, as Python. JavaScript compares units, which differs where one text has a pair of them. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  if (!HALF.test(a) && !HALF.test(b)) return a < b ? -1 : 1;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return placeOf(one) - placeOf(other);
  }
  return a.length - b.length;
}

/** Texts that are looked through between two looks at the clock. */
const AT_ONCE = 64;

/** Whether all texts sort as their units do, so that `<` orders them. */
export async function sortByUnits(texts: readonly Key[], slices: Slices): Promise<boolean> {
  for (const [at, text] of texts.entries()) {
    if (at % AT_ONCE === 0 && slices.areDue) await slices.pause();
    if (typeof text !== "string" || HALF.test(text)) return false;
  }
  return true;
}

/** A half of a pair stands for what lies behind every single unit. */
function placeOf(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
