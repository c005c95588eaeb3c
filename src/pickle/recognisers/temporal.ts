import { validDate, validTime, zoneOffset, isFixedZone } from "../natural/time.ts";
import type { DateFields, TimeFields } from "../natural/time.ts";
import type { ObjectShape, Recogniser, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { byteSpan, isBare, smallInts } from "./arguments.ts";
import { tzinfoOf } from "./tzinfo.ts";

/** The module datetime. Its classes pickle as packed bytes (CPython's `__reduce_ex__`), with a time zone behind them. */
export const temporal: Readonly<Record<string, Recogniser>> = {
  "datetime.date": (object, reader) => {
    if (!isBare(object)) return undefined;
    const [a = 0, b = 0, month = 0, day = 0] = packed(reader, object, 4) ?? [];
    const ints = object.args.length === 3 ? smallInts(reader, object.args) : undefined;
    const date =
      ints === undefined
        ? { year: a * 256 + b, month, day }
        : { year: ints[0] ?? 0, month: ints[1] ?? 0, day: ints[2] ?? 0 };
    return validDate(date) ? { t: "date", date } : undefined;
  },
  "datetime.datetime": (object, reader) => {
    const data = isBare(object) ? packed(reader, object, 10) : undefined;
    const fields = data === undefined ? plainFields(reader, object) : packedFields(data);
    if (fields === undefined || !validDate(fields.date) || !validTime(fields.time)) return undefined;
    if (data === undefined || object.args.length < 2) return { t: "datetime", ...fields, offset: undefined };
    const offset = zone(reader, object.args.at(1), fields);
    return offset === "unknown" ? undefined : { t: "datetime", ...fields, offset };
  },
  "datetime.time": (object, reader) => {
    const data = isBare(object) ? packed(reader, object, 6) : undefined;
    if (data === undefined) return undefined;
    const { time } = clock(data, 0);
    if (!validTime(time)) return undefined;
    const offset = object.args.length < 2 ? undefined : zone(reader, object.args.at(1), undefined);
    return offset === "unknown" ? undefined : { t: "time", time, offset };
  },
  "datetime.timedelta": (object, reader) => {
    const delta = isBare(object) ? duration(reader, object) : undefined;
    return delta === undefined ? undefined : { t: "timedelta", ...delta };
  },
};

interface Fields {
  readonly date: DateFields;
  readonly time: TimeFields;
  readonly fold: number;
}

/** The bytes of the first argument, if it has `size` of them. */
function packed(reader: ValueReader, object: ObjectShape, size: number): Uint8Array | undefined {
  if (object.args.length < 1 || object.args.length > 2) return undefined;
  const span = byteSpan(reader, object.args.at(0), 64);
  if (span?.to !== (span?.from ?? 0) + size) return undefined;
  return span.store.view(span.from, span.to);
}

/** Hour, minute, second and three bytes of microseconds, with the fold in the hour's highest bit where nothing is before it. */
function clock(data: Uint8Array, at: number): { time: TimeFields; fold: number } {
  const [hour = 0, minute = 0, second = 0, a = 0, b = 0, c = 0] = data.subarray(at);
  const microsecond = (a * 256 + b) * 256 + c;
  return { time: { hour: hour & 0x7f, minute, second, microsecond }, fold: hour >> 7 };
}

/** Year, month with the fold in its highest bit, day, time of day. */
function packedFields(data: Uint8Array): Fields | undefined {
  const [a = 0, b = 0, month = 0, day = 0, hour = 0] = data;
  if (hour > 23) return undefined;
  return {
    date: { year: a * 256 + b, month: month & 0x7f, day },
    time: clock(data, 4).time,
    fold: month >> 7,
  };
}

/** datetime(year, month, day, …) with plain numbers. */
function plainFields(reader: ValueReader, object: ObjectShape): Fields | undefined {
  if (!isBare(object) || object.args.length < 3 || object.args.length > 7) return undefined;
  const ints = smallInts(reader, object.args);
  if (ints === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, microsecond = 0] = ints;
  if ([hour, minute, second, microsecond].some((value) => value < 0)) return undefined;
  return { date: { year, month, day }, time: { hour, minute, second, microsecond }, fold: 0 };
}

function duration(
  reader: ValueReader,
  object: ObjectShape,
): { days: number; seconds: number; microseconds: number } | undefined {
  const ints = object.args.length <= 3 ? smallInts(reader, object.args) : undefined;
  if (ints === undefined) return undefined;
  const [d = 0, s = 0, us = 0] = ints;
  const micros = (BigInt(d) * 86_400n + BigInt(s)) * 1_000_000n + BigInt(us);
  const perDay = 86_400_000_000n;
  const rest = ((micros % perDay) + perDay) % perDay;
  const days = Number((micros - rest) / perDay);
  if (Math.abs(days) > 999_999_999) return undefined;
  return { days, seconds: Number(rest / 1_000_000n), microseconds: Number(rest % 1_000_000n) };
}

/**
 * What a time zone adds to UTC, in microseconds: at a date and time, or for a time of day alone, which most zones leave open. `undefined`: nothing;
 * "unknown": only running the zone's code would tell.
 */
function zone(reader: ValueReader, ref: Ref, at: Fields | undefined): number | undefined | "unknown" {
  const shape = reader.shape(ref);
  if (shape.t === "none") return undefined;
  if (shape.t === "object" && shape.module === "pytz" && shape.name === "_p" && shape.args.length > 1) {
    // (zone, offset in seconds, daylight saving in seconds, name) of the moment; a zone that never changes has its name alone.
    const seconds = reader.int(shape.args.at(1));
    return typeof seconds !== "number" ? "unknown" : at === undefined ? undefined : seconds * 1e6;
  }
  const info = tzinfoOf(reader, ref);
  if (info === undefined) return "unknown";
  const { from, rules } = info;
  if (typeof from === "number") return from;
  if (at === undefined && (rules === "dateutil 2" || !isFixedZone(from))) return undefined;
  const { date, time, fold } = at ?? NOON;
  const offset = zoneOffset(from, date, time, fold);
  if (rules !== "dateutil 2") return offset ?? "unknown";
  // It has rules of its own for times that come twice or never, and knows no others than those of 32 bits.
  const isPlain = date.year > 1901 && date.year < 2037 && offset === zoneOffset(from, date, time, 1 - fold);
  return isPlain ? (offset ?? "unknown") : "unknown";
}

/** Some time, for zones in which all are alike. */
const NOON: Fields = {
  date: { year: 2000, month: 1, day: 1 },
  time: { hour: 12, minute: 0, second: 0, microsecond: 0 },
  fold: 0,
};
