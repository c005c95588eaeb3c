import { offsetOfZone } from "../natural/time.ts";
import { tzinfoOf } from "../recognisers/tzinfo.ts";
import type { ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";

/** A time zone. */
export interface Zone {
  /** Python: `str(tzinfo)`, as in a dtype's name. */
  readonly text: string;
  /** Seconds from UTC at an instant, in milliseconds since 1970. */
  offsetAt(epochMs: number): number;
}

/** The zone that a `tzinfo` is, of the packages that are known; `undefined` for others, whose code would tell. */
export function zoneOf(reader: ValueReader, ref: Ref): Zone | undefined {
  const info = tzinfoOf(reader, ref);
  if (info === undefined) return undefined;
  const { text, from, rules } = info;
  if (typeof from === "number") return fixed(text, Math.floor(from / 1e6));
  return rules === "pytz" ? ofPytz(named(text, from)) : named(text, from);
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
