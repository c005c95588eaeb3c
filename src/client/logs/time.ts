const ZERO = 48;
/** Bytes of `YYYY-MM-DDTHH:MM:SS.ffffff`, the form that everything in Metaflow writes. */
const CANONICAL_BYTES = 26;
/** Bytes of `YYYY-MM-DDTHH:MM`, which consecutive lines mostly share. */
const MINUTE_BYTES = 16;

/** What `datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f")` also takes: missing zeros, fewer digits of a second. */
const LENIENT =
  /^(\d{4})-(1[0-2]|0[1-9]|[1-9])-(3[01]|[12]\d|0[1-9]|[1-9]| [1-9])[Tt](2[0-3]|[01]\d|\d):([0-5]\d|\d):([0-5]\d|\d)\.(\d{1,6})$/;

/**
 * Reads the time of log lines. Keeps the last minute that it has seen, because the lines of a log follow each other closely.
 */
export class TimeReader {
  readonly #minute = Buffer.alloc(MINUTE_BYTES);
  #minuteUs = Number.NaN;

  /**
   * Microseconds since the epoch of a time in canonical form at `at`; `NaN` when these bytes are no such time.
   * Past the year 2255 the number is rounded: order then needs the text.
   */
  canonical(bytes: Buffer, at: number): number {
    if (at + CANONICAL_BYTES > bytes.length) return Number.NaN;
    if (bytes[at + 16] !== 58 || bytes[at + 19] !== 46) return Number.NaN;
    const second = twoDigits(bytes, at + 17);
    const micro =
      twoDigits(bytes, at + 20) * 10_000 + twoDigits(bytes, at + 22) * 100 + twoDigits(bytes, at + 24);
    if (!(second < 60)) return Number.NaN;
    return this.#minuteAt(bytes, at) + second * 1e6 + micro;
  }

  #minuteAt(bytes: Buffer, at: number): number {
    if (bytes.compare(this.#minute, 0, MINUTE_BYTES, at, at + MINUTE_BYTES) === 0) return this.#minuteUs;
    const text = bytes.toString("latin1", at, at + MINUTE_BYTES);
    const read = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? lenientTimeUs(`${text}:00.0`) : undefined;
    bytes.copy(this.#minute, 0, at, at + MINUTE_BYTES);
    this.#minuteUs = read ?? Number.NaN;
    return this.#minuteUs;
  }
}

/**
 * Microseconds since the epoch of a time in any form that Python's reader of log lines accepts, `undefined` for all others.
 */
export function lenientTimeUs(text: string): number | undefined {
  const match = LENIENT.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (year === 0) return undefined;
  const date = new Date(0);
  // setUTCFullYear, for Date.UTC takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1) return undefined;
  date.setUTCHours(hour, minute, second);
  return date.getTime() * 1000 + Number((match[7] ?? "").padEnd(6, "0"));
}

/**
 * Milliseconds since the epoch of a time that `lenientTimeUs` accepts: exact also where microseconds are too many for a number.
 */
export function lenientTimeMs(text: string): number {
  const [second = "", fraction = ""] = text.split(".");
  const secondUs = lenientTimeUs(`${second}.0`) ?? Number.NaN;
  return secondUs / 1000 + Number(fraction.padEnd(6, "0").slice(0, 3));
}

/** The value of two digits; `NaN` when one of them is none. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
