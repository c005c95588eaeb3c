import type { TableColumn } from "../../pickle/index.ts";
import { Digits } from "./digits.ts";
import { BLOCK_ROWS } from "./keys.ts";
import { SOME_ROWS, type Matcher } from "./matcher.ts";

/** How often times count in a second. */
const PER_SECOND: Readonly<Record<string, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
const MIDNIGHT = /^(-?\d{4,}-\d\d-\d\d)[ T]00:00:00(?:\.0+)?$/;
const DAY = 86_400;
/** Days before and after 1970 whose dates are kept: all that are counted in nanoseconds. */
const DAYS = 107_000;
/** What is kept of a part of texts that was looked into. */
const [ABSENT, PRESENT, NO_DATE] = [1, 2, 3];

/**
 * The rows of a column of dates without a zone whose text has a needle in it that lies in the date, in the time of day or in the fraction of a second. Each date
 * is printed once. `undefined` for other columns and needles.
 * @param isIn of a row by itself
 */
export function inTimes(
  { dtype, numbers, integers, timeText }: TableColumn,
  needle: string,
  isIn: (row: number) => boolean,
): Matcher | undefined {
  const perSecond = PER_SECOND[/^datetime64\[(m?s|us|ns)\]$/.exec(dtype)?.[1] ?? ""];
  if (numbers === undefined || integers === undefined || timeText === undefined) return undefined;
  if (perSecond === undefined || !/^[\d:-]+$/.test(needle)) return undefined;
  const digits = Digits.of(needle);
  const dates = new Uint8Array(2 * DAYS);
  const clocks = new Uint8Array(DAY);
  const inDate = (day: number): number => {
    const date = MIDNIGHT.exec(timeText(BigInt(day * DAY) * BigInt(perSecond)))?.[1];
    return date === undefined ? NO_DATE : date.includes(needle) ? PRESENT : ABSENT;
  };
  /** By seconds since 1970 and what is left of the next one; `undefined` where all of the text tells. */
  const test = (seconds: number, rest: number): boolean | undefined => {
    const day = Math.floor(seconds / DAY);
    if (day < -DAYS || day >= DAYS) return undefined;
    const date = (dates[day + DAYS] ||= inDate(day));
    if (date === NO_DATE) return undefined;
    const second = seconds - day * DAY;
    const clock = (clocks[second] ||= clockText(second).includes(needle) ? PRESENT : ABSENT);
    if (date === PRESENT || clock === PRESENT) return true;
    // However many digits are printed of the fraction, these are the first of nine.
    if (digits === undefined || digits.afterNine(0, rest * (1e9 / perSecond)) !== digits.found) return false;
    return undefined;
  };
  const values = new Float64Array(BLOCK_ROWS);
  const counts = new BigInt64Array(BLOCK_ROWS);
  const words = new Uint32Array(counts.buffer);
  const narrow = (at: number): boolean | undefined => {
    // Of the upper word, the upper and the lower half of the lower one: no product is too long for a number.
    const upper = (words[2 * at + 1] ?? 0) | 0;
    const lower = words[2 * at] ?? 0;
    const first = Math.floor(upper / perSecond);
    const middle = (upper - first * perSecond) * 65_536 + (lower >>> 16);
    const second = Math.floor(middle / perSecond);
    const last = (middle - second * perSecond) * 65_536 + (lower & 0xffff);
    const third = Math.floor(last / perSecond);
    return test(first * 2 ** 32 + second * 65_536 + third, last - third * perSecond);
  };
  return {
    narrow: async (from, to, wanted, slices) => {
      numbers(from, to, values);
      integers(from, to, counts);
      for (let at = 0; at < to - from; at++) {
        if (at % SOME_ROWS === 0 && slices.areDue) await slices.pause();
        if (wanted[at] === 0) continue;
        if (Number.isNaN(values[at]) || !(narrow(at) ?? isIn(from + at))) wanted[at] = 0;
      }
    },
  };
}

/** The time of day that a second has. */
function clockText(second: number): string {
  const minute = Math.floor(second / 60);
  return [Math.floor(minute / 60), minute % 60, second % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
