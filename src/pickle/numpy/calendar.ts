/** numpy's dates: counts of a unit from 1970 on, as texts. */

/** Seconds of a unit; a week is counted as its days. */
const SECONDS: Readonly<Record<string, bigint>> = { W: 86_400n, D: 86_400n, h: 3600n, m: 60n, s: 1n };
/** Digits of a fraction of a second. */
const DIGITS: Readonly<Record<string, number>> = { ms: 3, us: 6, ns: 9, ps: 12, fs: 15, as: 18 };
const DAY = 86_400n;

/** Whether numpy has such a unit. */
export function isUnit(unit: string): boolean {
  return ["Y", "M", "generic"].includes(unit) || Object.hasOwn(SECONDS, unit) || Object.hasOwn(DIGITS, unit);
}

/** Python: `str(numpy.datetime64(count, unit))`: as many digits as the unit has. */
export function datetimeText(count: bigint, unit: string, multiple: number): string {
  // numpy counts in 64 bits, and wraps around.
  const value = BigInt.asIntN(64, count * BigInt(multiple));
  if (unit === "generic") return value.toString();
  if (unit === "Y") return yearText(1970n + value);
  if (unit === "M") return `${yearText(1970n + floorDiv(value, 12n))}-${two(mod(value, 12n) + 1n)}`;
  const digits = DIGITS[unit];
  const perSecond = digits === undefined ? 1n : 10n ** BigInt(digits);
  const units = unit === "W" ? BigInt.asIntN(64, value * 7n) : value;
  const seconds = digits === undefined ? units * (SECONDS[unit] ?? 1n) : floorDiv(units, perSecond);
  const { year, month, day } = civil(floorDiv(seconds, DAY));
  const date = `${yearText(year)}-${two(month)}-${two(day)}`;
  if (unit === "W" || unit === "D") return date;
  const time = mod(seconds, DAY);
  const hour = `${date}T${two(time / 3600n)}`;
  if (unit === "h") return hour;
  const minute = `${hour}:${two((time / 60n) % 60n)}`;
  if (unit === "m") return minute;
  const second = `${minute}:${two(time % 60n)}`;
  return digits === undefined
    ? second
    : `${second}.${mod(value, perSecond).toString().padStart(digits, "0")}`;
}

/** Of a day counted from 1970-01-01 the date in the proleptic Gregorian calendar, by Howard Hinnant's "chrono-compatible low-level date algorithms". */
function civil(days: bigint): { readonly year: bigint; readonly month: bigint; readonly day: bigint } {
  const shifted = days + 719_468n;
  const era = floorDiv(shifted, 146_097n);
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const shiftedMonth = (5n * dayOfYear + 2n) / 153n;
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n;
  return {
    year: yearOfEra + era * 400n + (month <= 2n ? 1n : 0n),
    month,
    day: dayOfYear - (153n * shiftedMonth + 2n) / 5n + 1n,
  };
}

/** As C's `%04d`. */
function yearText(year: bigint): string {
  return year < 0n ? `-${(-year).toString().padStart(3, "0")}` : year.toString().padStart(4, "0");
}

function two(value: bigint): string {
  return value.toString().padStart(2, "0");
}

/** Python: `a // b` for `b` above 0. */
export function floorDiv(a: bigint, b: bigint): bigint {
  return (a - mod(a, b)) / b;
}

function mod(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b;
}
