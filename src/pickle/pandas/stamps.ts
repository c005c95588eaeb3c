import { datetimeText } from "../numpy/calendar.ts";
import type { Zone } from "./zones.ts";

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["s", 1_000_000_000n],
  ["ms", 1_000_000n],
  ["us", 1000n],
  ["ns", 1n],
]);
const DAY_NS = 86_400_000_000_000n;

/** Nanoseconds of a unit; `undefined` for those that pandas has not. */
export function nanosecondsOf(unit: string): bigint | undefined {
  return UNITS.get(unit);
}

/** Python: `Timestamp.isoformat()`: microseconds where there are any, nanoseconds where there are any. */
export function stampText(nanoseconds: bigint, zone: Zone | undefined): string {
  const offset = zone?.offsetAt(Number(floorDiv(nanoseconds, 1_000_000n)));
  const local = nanoseconds + BigInt(offset ?? 0) * 1_000_000_000n;
  const days = floorDiv(local, DAY_NS);
  const rest = local - days * DAY_NS;
  const fraction = rest % 1_000_000_000n;
  const seconds = Number(rest / 1_000_000_000n);
  const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => two(Math.floor(part)))
    .join(":");
  return `${dateText(days)}T${time}${fractionText(fraction)}${offset === undefined ? "" : offsetText(offset)}`;
}

function fractionText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "";
  const digits = nanoseconds.toString().padStart(9, "0");
  return `.${nanoseconds % 1000n === 0n ? digits.slice(0, 6) : digits}`;
}

function offsetText(seconds: number): string {
  const size = Math.abs(seconds);
  const text = `${seconds < 0 ? "-" : "+"}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}`;
  return size % 60 === 0 ? text : `${text}:${two(size % 60)}`;
}

/** Python: `Timedelta.isoformat()`: `P1DT2H0M0.5S`. */
export function deltaText(nanoseconds: bigint): string {
  const days = floorDiv(nanoseconds, DAY_NS);
  const rest = nanoseconds - days * DAY_NS;
  const seconds = rest / 1_000_000_000n;
  const fraction = (rest % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  const last = `${seconds % 60n}${fraction === "" ? "" : `.${fraction}`}`;
  return `P${days}DT${seconds / 3600n}H${(seconds / 60n) % 60n}M${last}S`;
}

/** The date of a day counted from 1970-01-01: `2024-01-31`. */
export function dateText(days: bigint): string {
  return datetimeText(days, "D", 1);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Python: `a // b` for `b` above 0. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const rest = ((a % b) + b) % b;
  return (a - rest) / b;
}
