import { quotient } from "./constants.ts";
import type { Bound } from "./constants.ts";

const SECOND = 1_000_000_000n;
/** Nanoseconds of numpy's units; months and years have no length. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["W", 604_800n * SECOND],
  ["D", 86_400n * SECOND],
  ["h", 3600n * SECOND],
  ["m", 60n * SECOND],
  ["s", SECOND],
  ["ms", 1_000_000n],
  ["us", 1000n],
  ["ns", 1n],
]);
/** What people call lengths of time. */
const LENGTHS: ReadonlyMap<string, string> = new Map([
  ["w", "W"],
  ["week", "W"],
  ["d", "D"],
  ["day", "D"],
  ["h", "h"],
  ["hour", "h"],
  ["m", "m"],
  ["min", "m"],
  ["minute", "m"],
  ["s", "s"],
  ["sec", "s"],
  ["second", "s"],
  ["ms", "ms"],
  ["us", "us"],
  ["ns", "ns"],
]);
const DTYPE = /^(datetime|timedelta)64\[(\d*)(W|D|h|m|s|ms|us|ns)(?:, (.+))?\]$/;
const STAMP =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;
const LENGTH = /([+-]?)(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?|([+-]?\d+(?:\.\d{1,9})?)\s*([a-z]+)/gi;

/** How the dates or lengths of time of a column count. */
export interface Clock {
  readonly kind: "datetime" | "timedelta";
  /** Nanoseconds of one. */
  readonly unit: bigint;
  /** The name of the zone that dates are shown in. */
  readonly zone: string | undefined;
}

/** How a column counts, by its dtype; `undefined` where it counts no nanoseconds. */
export function clockOf(dtype: string): Clock | undefined {
  const match = DTYPE.exec(dtype);
  const unit = UNITS.get(match?.[3] ?? "");
  if (match === null || unit === undefined) return undefined;
  const multiple = match[2] === undefined || match[2] === "" ? 1n : BigInt(match[2]);
  return { kind: match[1] === "datetime" ? "datetime" : "timedelta", unit: unit * multiple, zone: match[4] };
}

/** Python's own dates and lengths of time, which each stand by themselves. */
const DATES: Clock = { kind: "datetime", unit: 1n, zone: undefined };
const SPANS: Clock = { kind: "timedelta", unit: 1n, zone: undefined };

/** How a text is read as a date, or as a length of time; `undefined` for one that is neither. */
export function clockOfText(text: string): Clock | undefined {
  return [DATES, SPANS].find((clock) => timeBound(text, clock) !== undefined);
}

/** A date as ISO text, or a length of time, as the column counts; `undefined` for a text that is none. */
export function timeBound(text: string, { kind, unit, zone }: Clock): Bound | undefined {
  const nanoseconds = kind === "datetime" ? stampOf(text, zone) : lengthOf(text);
  return nanoseconds === undefined ? undefined : quotient(nanoseconds, unit);
}

function stampOf(text: string, zone: string | undefined): bigint | undefined {
  const match = STAMP.exec(text.trim());
  if (match === null) return undefined;
  const [, year = "", month = "01", day = "01", hour = "00", minute = "00", second = "00", digits = "", own] =
    match;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // What is no day of the calendar, such as the 30th of February, is moved by some engines.
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  const offset = own !== undefined ? offsetOf(own) : zone === undefined ? 0 : offsetIn(zone, local);
  if (offset === undefined) return undefined;
  return BigInt(local - offset) * 1_000_000n + BigInt(digits.padEnd(9, "0"));
}

/** Milliseconds of `+02:00`. */
function offsetOf(text: string): number {
  if (text === "Z") return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** What a zone adds at a local time. */
function offsetIn(zone: string, local: number): number | undefined {
  const fixed = /^(?:UTC|GMT)?([+-]\d\d:\d\d)$/.exec(zone);
  if (fixed?.[1] !== undefined) return offsetOf(fixed[1]);
  try {
    const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
    const at = (time: number): number => {
      const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "";
      const found = /([+-]\d\d:\d\d)/.exec(name)?.[1];
      return found === undefined ? 0 : offsetOf(found);
    };
    // The offset at the time that it leads to.
    return at(local - at(local));
  } catch {
    return undefined;
  }
}

/** Python: `Timedelta("1 days 02:00:00")`, `2h`, `90 s`. */
function lengthOf(text: string): bigint | undefined {
  let [sum, end] = [0n, 0];
  for (const match of text.matchAll(LENGTH)) {
    if (/[^\s,+]/.test(text.slice(end, match.index))) return undefined;
    end = match.index + match[0].length;
    const [, sign = "", hours, minutes = "0", seconds = "0", digits = "", amount, word = ""] = match;
    if (hours !== undefined) {
      const whole = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds);
      const own = whole * SECOND + BigInt(digits.padEnd(9, "0"));
      sum += sign === "-" ? -own : own;
      continue;
    }
    const unit = UNITS.get(LENGTHS.get(word.toLowerCase().replace(/(?<=..)s$/, "")) ?? "");
    if (unit === undefined || amount === undefined) return undefined;
    const [whole = "0", fraction = ""] = amount.split(".");
    const part = (unit * BigInt(fraction.padEnd(9, "0"))) / SECOND;
    sum += BigInt(whole) * unit + (amount.startsWith("-") ? -part : part);
  }
  return end === 0 || text.slice(end).trim() !== "" ? undefined : sum;
}
