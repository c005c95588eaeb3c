/** A calendar date and a time of day, without a zone. Python: the fields of `datetime.datetime`. */
export interface DateFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A time of day, without a zone. Python: the fields of `datetime.time`. */
export interface TimeFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

/** A number with zeros in front. Python: `f"{value:0{width}d}"` of what is not negative. */
export function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** Python: `date.isoformat()`. */
export function isoDate(date: DateFields): string {
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`;
}

/** Python: `time.isoformat()` without an offset: microseconds only where there are any. */
export function isoTime(time: TimeFields): string {
  const fraction = time.microsecond === 0 ? "" : `.${pad(time.microsecond, 6)}`;
  return `${pad(time.hour, 2)}:${pad(time.minute, 2)}:${pad(time.second, 2)}${fraction}`;
}

/** The end of an aware `isoformat()`: `+HH:MM`, with seconds and microseconds only where there are any. `offset` in microseconds. */
export function isoOffset(offset: number): string {
  const size = Math.abs(offset);
  const whole = Math.floor(size / 1e6);
  const micros = size % 1e6;
  let text = `${offset < 0 ? "-" : "+"}${pad(Math.floor(whole / 3600), 2)}:${pad(Math.floor(whole / 60) % 60, 2)}`;
  if (whole % 60 !== 0 || micros !== 0) text += `:${pad(whole % 60, 2)}`;
  if (micros !== 0) text += `.${pad(micros, 6)}`;
  return text;
}

/** Milliseconds since the epoch of these fields taken as UTC; right for the years 1 to 99 too, which `Date.UTC` moves to 1900. */
export function utcMillis(date: DateFields, time: TimeFields): number {
  const at = new Date(0);
  at.setUTCFullYear(date.year, date.month - 1, date.day);
  at.setUTCHours(time.hour, time.minute, time.second, Math.floor(time.microsecond / 1000));
  return at.getTime();
}

/** Whether Python would accept these fields. */
export function validDate({ year, month, day }: DateFields): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** Whether Python would accept these fields of a time. */
export function validTime({ hour, minute, second, microsecond }: TimeFields): boolean {
  return hour < 24 && minute < 60 && second < 60 && microsecond < 1_000_000;
}

const zones = new Map<string, Intl.DateTimeFormat | undefined>();

/** The formatter of an IANA zone, `undefined` for a name that is none. */
function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (zones.has(zone)) return zones.get(zone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    format = undefined;
  }
  if (zones.size > 1000) zones.clear(); // a hostile pickle may name any number of zones
  zones.set(zone, format);
  return format;
}

/** 1700: no zone changed its clock before, and the formatter counts Julian days before 1582. */
const FIRST_MS = -8_520_336_000_000;

/** Offset of a zone at an instant, in seconds. */
function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const millis = Math.max(instant, FIRST_MS);
  const fields: Record<string, string> = {};
  for (const part of format.formatToParts(millis)) fields[part.type] = part.value;
  const year = Number(fields["year"]);
  const bce = fields["era"]?.startsWith("B") === true;
  const local = utcMillis(
    { year: bce ? 1 - year : year, month: Number(fields["month"]), day: Number(fields["day"]) },
    {
      hour: Number(fields["hour"]),
      minute: Number(fields["minute"]),
      second: Number(fields["second"]),
      microsecond: 0,
    },
  );
  return Math.round((local - Math.floor(millis / 1000) * 1000) / 1000);
}

/**
 * Offset of an IANA zone at a local time, in microseconds; `undefined` for an unknown zone. Python: `ZoneInfo(zone).utcoffset(...)` with
 * its rules for the hour that comes twice (`fold`) and the hour that never comes (PEP 495).
 */
export function zoneOffset(
  zone: string,
  date: DateFields,
  time: TimeFields,
  fold: number,
): number | undefined {
  const format = zoneFormat(zone);
  if (format === undefined) return undefined;
  const local = utcMillis(date, time);
  const day = 86_400_000;
  // The offsets on either side of any transition near this local time.
  const before = offsetAt(format, local - day);
  const after = offsetAt(format, local + day);
  if (before === after) return before * 1e6;
  const fits = [before, after].filter((offset) => offsetAt(format, local - offset * 1000) === offset);
  if (fits.length === 1 && fits[0] !== undefined) return fits[0] * 1e6;
  // Twice (two fits) or never (none): fold 0 is the offset before the transition, fold 1 the one after it.
  return (fold === 0 ? before : after) * 1e6;
}

const HOUR_MS = 3_600_000;
const MOST_HOURS = 10_000;
/** The last instant that a Date can be, but for a day. */
const LAST_MS = 8.64e15 - 86_400_000;

/** What an IANA zone adds to UTC at an instant (milliseconds since the epoch), in seconds; `undefined` for an unknown zone. */
export function offsetOfZone(zone: string): ((epochMs: number) => number) | undefined {
  const format = zoneFormat(zone);
  if (format === undefined) return undefined;
  // A column has thousands of instants of one hour, and asking for each takes microseconds. `undefined`: the clock changes in this hour.
  const hours = new Map<number, number | undefined>();
  return (epochMs) => {
    const at = Math.min(Math.max(epochMs, -LAST_MS), LAST_MS);
    const hour = Math.floor(at / HOUR_MS);
    if (!hours.has(hour)) {
      if (hours.size >= MOST_HOURS) hours.clear();
      const [first, last] = [hour, hour + 1].map((edge) => offsetAt(format, edge * HOUR_MS));
      hours.set(hour, first === last ? first : undefined);
    }
    return hours.get(hour) ?? offsetAt(format, at);
  };
}

/** Whether a zone has one offset for ever, so that Python gives a time of day in it an offset. */
export function isFixedZone(zone: string): boolean {
  return /^(Etc\/.+|UTC|UCT|GMT|GMT0|GMT[+-]0|Greenwich|Universal|Zulu)$/.test(zone);
}
