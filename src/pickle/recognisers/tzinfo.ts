import { reprText } from "../natural/repr.ts";
import { isoOffset } from "../natural/time.ts";
import type { ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { stateOf } from "./arguments.ts";

/** What a `tzinfo` is, as far as its pickle tells. */
export interface TzInfo {
  /** Python: `str(tzinfo)`, as in a dtype's name. */
  readonly text: string;
  /** Microseconds from UTC at all times, or the zone's name in the IANA's database. */
  readonly from: number | string;
  /** The package whose rules it has, where they are not those of Python's `zoneinfo`. */
  readonly rules?: "pytz" | "dateutil 2";
}

/** Where the files of zones lie on most systems. */
const ZONE_FILES = /^.*\/zoneinfo\/(?:posix\/|right\/)?/;

/** What a reference is, of the packages that are known; `undefined` for others, whose code would tell. */
export function tzinfoOf(reader: ValueReader, ref: Ref): TzInfo | undefined {
  const shape = reader.shape(ref);
  if (shape.t !== "object") return undefined;
  const { args } = shape;
  const text = (at: number): string | undefined => (at < args.length ? reader.text(args.at(at)) : undefined);
  switch (`${shape.module}.${shape.name}`) {
    case "datetime.timezone": {
      const offset = args.length > 0 ? microseconds(reader, args.at(0)) : undefined;
      if (offset === undefined) return undefined;
      return { text: text(1) ?? (offset === 0 ? "UTC" : `UTC${isoOffset(offset)}`), from: offset };
    }
    case "zoneinfo.ZoneInfo":
    case "zoneinfo.ZoneInfo._unpickle":
    case "backports.zoneinfo.ZoneInfo._unpickle":
    case "pendulum.tz.timezone.Timezone._unpickle":
      return named(text(0));
    case "pytz._p": {
      const key = named(text(0));
      return key && { ...key, rules: "pytz" };
    }
    case "pytz._UTC":
    case "pytz.utc":
      return { text: "UTC", from: 0 };
    case "pytz.FixedOffset":
    case "pytz._FixedOffset": {
      const minutes = args.length > 0 ? reader.int(args.at(0)) : undefined;
      return typeof minutes === "number"
        ? { text: `pytz.FixedOffset(${minutes})`, from: minutes * 60e6 }
        : undefined;
    }
    case "pendulum.tz.timezone.FixedTimezone":
    case "pydantic_core._pydantic_core.TzInfo": {
      const seconds = args.length > 0 ? reader.int(args.at(0)) : undefined;
      return typeof seconds === "number"
        ? { text: seconds === 0 ? "UTC" : isoOffset(seconds * 1e6), from: seconds * 1e6 }
        : undefined;
    }
    case "dateutil.tz.tz.tzutc":
      return { text: "tzutc()", from: 0 };
    case "dateutil.tz.tz.tzfile": {
      const file = zoneFile(text(1));
      return file && { ...file, rules: "dateutil 2" };
    }
    case "dateutil.tz._tzfile._unpickle":
      return zoneFile(text(2), text(1));
    case "dateutil.tz.tz.tzoffset":
    case "dateutil.tz.tz.tzlocal":
      return dateutilOffset(reader, shape);
    default:
      return undefined;
  }
}

function named(key: string | undefined): TzInfo | undefined {
  return key === undefined ? undefined : { text: key, from: key };
}

function zoneFile(path: string | undefined, key = path): TzInfo | undefined {
  if (path === undefined || key === undefined) return undefined;
  return { text: `tzfile('${path}')`, from: key.replace(ZONE_FILES, "") };
}

/** `tzoffset(name, delta)`, before dateutil 3 its attributes; and the local zone of a machine that knew of no summer. */
function dateutilOffset(reader: ValueReader, object: ObjectShape): TzInfo | undefined {
  const { args, name } = object;
  const attributes = stateOf(reader, object);
  const part = (at: number, key: string): Ref | undefined =>
    attributes?.get(key) ?? (at < args.length ? args.at(at) : undefined);
  const isLocal = name === "tzlocal";
  const [summer, called] = [attributes?.get("_hasdst"), part(0, "_name")];
  const delta = isLocal ? attributes?.get("_std_offset") : part(1, "_offset");
  const offset = delta === undefined ? undefined : microseconds(reader, delta);
  if (offset === undefined || (isLocal && (summer === undefined || reader.int(summer) !== 0)))
    return undefined;
  const own = called === undefined ? undefined : reader.text(called);
  const text = isLocal
    ? "tzlocal()"
    : `tzoffset(${own === undefined ? "None" : reprText(own)}, ${Math.trunc(offset / 1e6)})`;
  return { text, from: offset };
}

function microseconds(reader: ValueReader, ref: Ref): number | undefined {
  const delta = reader.shape(ref);
  if (delta.t !== "timedelta") return undefined;
  return (delta.days * 86_400 + delta.seconds) * 1e6 + delta.microseconds;
}
