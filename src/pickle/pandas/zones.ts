import { isoOffset, offsetOfZone } from "../natural/time.ts";
import type { ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";

/** A time zone. */
export interface Zone {
  /** Python: `str(tzinfo)`, as in a dtype's name. */
  readonly text: string;
  /** Seconds from UTC at an instant, in milliseconds since 1970. */
  offsetAt(epochMs: number): number;
}

/** Where the files of zones lie on most systems. */
const ZONE_FILES = /^.*\/zoneinfo\/(?:posix\/|right\/)?/;

/** The zone that a `tzinfo` is, of the packages that pandas knows; `undefined` for others, whose code would tell. */
export function zoneOf(reader: ValueReader, ref: Ref): Zone | undefined {
  const shape = reader.shape(ref);
  if (shape.t !== "object") return undefined;
  const { args } = shape;
  const first = args.length > 0 ? args.at(0) : undefined;
  const text = first === undefined ? undefined : reader.text(first);
  switch (`${shape.module}.${shape.name}`) {
    case "datetime.timezone": {
      const delta = first === undefined ? undefined : reader.shape(first);
      if (delta?.t !== "timedelta") return undefined;
      const seconds = delta.days * 86_400 + delta.seconds;
      const name = args.length > 1 ? reader.text(args.at(1)) : undefined;
      const offset = seconds * 1e6 + delta.microseconds;
      return fixed(name ?? (offset === 0 ? "UTC" : `UTC${isoOffset(offset)}`), seconds);
    }
    case "zoneinfo.ZoneInfo":
    case "zoneinfo.ZoneInfo._unpickle":
    case "backports.zoneinfo.ZoneInfo._unpickle":
      return text === undefined ? undefined : named(text, text);
    case "pytz._p":
      return text === undefined ? undefined : ofPytz(named(text, text));
    case "pytz._UTC":
    case "pytz.utc":
      return fixed("UTC", 0);
    case "dateutil.tz.tz.tzutc":
      return fixed("tzutc()", 0);
    case "dateutil.tz.tz.tzfile": {
      const path = args.length > 1 ? reader.text(args.at(1)) : undefined;
      return path === undefined ? undefined : named(`tzfile('${path}')`, path.replace(ZONE_FILES, ""));
    }
    case "pytz.FixedOffset":
    case "pytz._FixedOffset": {
      const minutes = first === undefined ? undefined : reader.int(first);
      return typeof minutes === "number" ? fixed(`pytz.FixedOffset(${minutes})`, minutes * 60) : undefined;
    }
    default:
      return undefined;
  }
}

/** A zone by its name in the IANA's database, or an offset such as `+01:00`; `undefined` for what is neither. */
export function zoneByName(name: string): Zone | undefined {
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (offset === null) return named(name, name);
  const seconds = (Number(offset[2]) * 60 + Number(offset[3])) * 60;
  return fixed(name, offset[1] === "-" ? -seconds : seconds);
}

/** The last change of a clock that pytz knows of lies before this. */
const PYTZ_END = Date.UTC(2037, 11, 31);

/** Before this it knows the zone's first offset alone: its times are seconds of 32 bits. */
const PYTZ_BEGIN = -(2 ** 31) * 1000;
const LONG_AGO = Date.UTC(1600, 0, 1);

/** As pytz tells it: in whole minutes, and after 2037 without summer. */
function ofPytz(zone: Zone | undefined): Zone | undefined {
  if (zone === undefined) return undefined;
  const offsetAt = (epochMs: number): number => {
    const known = epochMs < PYTZ_BEGIN ? LONG_AGO : Math.min(epochMs, PYTZ_END);
    return Math.floor((zone.offsetAt(known) + 30) / 60) * 60;
  };
  return { text: zone.text, offsetAt };
}

function fixed(text: string, seconds: number): Zone {
  return { text, offsetAt: () => seconds };
}

function named(text: string, key: string): Zone | undefined {
  const offsetAt = offsetOfZone(key);
  return offsetAt && { text, offsetAt };
}
