import { PyTimeDelta } from "../natural/temporal.ts";
import { isoOffset, isoTime } from "../natural/time.ts";
import { datetimeText, floorDiv } from "../numpy/calendar.ts";
import type { Zone } from "./zones.ts";

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["s", 1_000_000_000n],
  ["ms", 1_000_000n],
  ["us", 1000n],
  ["ns", 1n],
]);
const DAY_NS = 86_400_000_000_000n;
const DAY_US = 86_400_000_000n;

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
  const time = clockText(Number(rest / 1_000_000_000n));
  return `${dateText(days)}T${time}${fractionText(fraction)}${offset === undefined ? "" : isoOffset(offset * 1e6)}`;
}

function fractionText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "";
  const digits = nanoseconds.toString().padStart(9, "0");
  return `.${nanoseconds % 1000n === 0n ? digits.slice(0, 6) : digits}`;
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

/** Python's `timedelta`, which has no nanoseconds. */
export function timeDeltaOf(nanoseconds: bigint): PyTimeDelta {
  const microseconds = floorDiv(nanoseconds, 1000n);
  const days = floorDiv(microseconds, DAY_US);
  const rest = Number(microseconds - days * DAY_US);
  return new PyTimeDelta(Number(days), Math.floor(rest / 1e6), rest % 1e6);
}

/** The date of a day counted from 1970-01-01: `2024-01-31`. */
export function dateText(days: bigint): string {
  return datetimeText(days, "D", 1);
}

/** The time of day so many whole seconds after midnight: `12:30:00`. */
export function clockText(seconds: number): string {
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return isoTime({ hour, minute, second, microsecond: 0 });
}
