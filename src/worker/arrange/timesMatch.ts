import type { TableColumn } from "../../pickle/index.ts";
import type { Needle } from "./containing.ts";
import { BLOCK_ROWS } from "./keys.ts";
import { SOME_ROWS, type Matcher } from "./matcher.ts";

/** How often times count in a second. */
const PER_SECOND: Readonly<Record<string, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };
const MIDNIGHT = /^(-?\d{4,}-\d\d-\d\d)[ T]00:00:00(?:\.0+)?$/;
const DAY = 86_400;
/** Days before and after 1970 whose dates are kept: all that are counted in nanoseconds. */
const DAYS = 107_000;
/** What is kept of a part of texts that was looked into; 0 where none was. */
const [ABSENT, PRESENT, NO_DATE] = [1, 2, 3];

/** Whether a needle is in dates and in times of day, as far as that was asked: of one type they are printed alike in all columns. */
class Known {
  readonly dates = new Uint8Array(2 * DAYS);
  readonly clocks = new Uint8Array(DAY);
}

/** What is known of the needles of searches. */
const known = new WeakMap<Needle, Map<string, Known>>();

function knownOf(needle: Needle, dtype: string): Known {
  const all = known.get(needle) ?? new Map<string, Known>();
  known.set(needle, all);
  const own = all.get(dtype) ?? new Known();
  all.set(dtype, own);
  return own;
}

/**
 * The rows of a column of dates without a zone whose text has a needle in it that lies in the date, in the time of day or in the fraction of a second. Each date
 * is printed once. `undefined` for other columns and needles.
 * @param isIn of a row by itself
 */
export function inTimes(
  { dtype, numbers, integers, timeText }: TableColumn,
  needle: Needle,
  isIn: (row: number) => boolean,
): Matcher | undefined {
  const { text, digits } = needle;
  const perSecond = PER_SECOND[/^datetime64\[(m?s|us|ns)\]$/.exec(dtype)?.[1] ?? ""];
  if (numbers === undefined || integers === undefined || timeText === undefined) return undefined;
  if (perSecond === undefined || !/^[\d:-]+$/.test(text)) return undefined;
  const { dates, clocks } = knownOf(needle, dtype);
  const inDate = (day: number): number => {
    const date = MIDNIGHT.exec(timeText(BigInt(day * DAY) * BigInt(perSecond)))?.[1];
    return date === undefined ? NO_DATE : date.includes(text) ? PRESENT : ABSENT;
  };
  /** By seconds since 1970 and what is left of the next one; `undefined` where all of the text tells. */
  const test = (seconds: number, rest: number): boolean | undefined => {
    const day = Math.floor(seconds / DAY);
    if (!(day >= -DAYS && day < DAYS)) return undefined;
    const date = (dates[day + DAYS] ||= inDate(day));
    if (date === NO_DATE) return undefined;
    const second = seconds - day * DAY;
    const clock = (clocks[second] ||= clockText(second).includes(text) ? PRESENT : ABSENT);
    if (date === PRESENT || clock === PRESENT) return true;
    // However many digits are printed of the fraction, these are the first of nine.
    if (digits === undefined || digits.afterNine(0, rest * (1e9 / perSecond)) !== digits.found) return false;
    return undefined;
  };
  const values = new Float64Array(BLOCK_ROWS);
  const counts = new BigInt64Array(BLOCK_ROWS);
  const words = new Int32Array(counts.buffer);
  const narrow = (at: number, value: number): boolean | undefined => {
    const near = Math.floor(value / perSecond);
    // The number is not exact, but it is by less than half a second: what is left tells by its lower word whether it is of the second before or behind.
    const rest = (words[2 * at] ?? 0) - Math.imul(near, perSecond);
    const left = rest | 0;
    if (left < 0) return test(near - 1, left + perSecond);
    return left < perSecond ? test(near, left) : test(near + 1, left - perSecond);
  };
  return {
    narrow: async (from, to, wanted, slices) => {
      numbers(from, to, values);
      integers(from, to, counts);
      const count = to - from;
      for (let first = 0; first < count; first += SOME_ROWS) {
        if (slices.areDue) await slices.pause();
        const last = Math.min(count, first + SOME_ROWS);
        for (let at = first; at < last; at++) {
          const value = values[at] ?? NaN;
          if (wanted[at] === 0) continue;
          if (value !== value || !(narrow(at, value) ?? isIn(from + at))) wanted[at] = 0;
        }
      }
    },
  };
}

const PAIRS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/** The time of day that a second has. */
function clockText(second: number): string {
  const minute = Math.floor(second / 60);
  return `${PAIRS[Math.floor(minute / 60)]}:${PAIRS[minute % 60]}:${PAIRS[second % 60]}`;
}
