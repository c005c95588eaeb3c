import { joined, pyRepr, reprBytes, reprParts, type ReprPart } from "../natural/repr.ts";
import { datetimeText } from "./calendar.ts";

/** Python: `numpy.datetime64`: an exact count of a unit from 1970 on. */
export class NpDateTime {
  /** How many units, or multiples of it, since 1970-01-01. */
  readonly count: bigint;
  /** `Y`, `M`, `W`, `D`, `h`, `m`, `s`, `ms`, `us`, `ns`, `ps`, `fs`, `as`, or `generic`. */
  readonly unit: string;
  /** How many units one is. */
  readonly multiple: number;

  /** @internal */
  constructor(count: bigint, unit: string, multiple: number) {
    this.count = count;
    this.unit = unit;
    this.multiple = multiple;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`numpy.datetime64('${this.toString()}')`];
  }

  /** Python: `str`: `2024-01-31T12:30:00.000000000`. */
  toString(): string {
    return datetimeText(this.count, this.unit, this.multiple);
  }
}

/** numpy's words for its units. */
const UNITS: Readonly<Record<string, string>> = {
  Y: "years",
  M: "months",
  W: "weeks",
  D: "days",
  h: "hours",
  m: "minutes",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
  ps: "picoseconds",
  fs: "femtoseconds",
  as: "attoseconds",
  generic: "generic time units",
};

/** Python: `numpy.timedelta64`: an exact count of a unit. */
export class NpTimeDelta {
  /** How many units, or multiples of it. */
  readonly count: bigint;
  /** As of `NpDateTime`. */
  readonly unit: string;
  /** How many units one is. */
  readonly multiple: number;

  /** @internal */
  constructor(count: bigint, unit: string, multiple: number) {
    this.count = count;
    this.unit = unit;
    this.multiple = multiple;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    const unit = `${this.multiple === 1 ? "" : this.multiple}${this.unit}`;
    return [`numpy.timedelta64(${this.count}${this.unit === "generic" ? "" : `,'${unit}'`})`];
  }

  /** Python: `str`: `5 days`. */
  toString(): string {
    return `${this.count * BigInt(this.multiple)} ${UNITS[this.unit] ?? this.unit}`;
  }
}

/** Python: `numpy.void` of a structured dtype: one record. */
export class NpRecord {
  /** The names of the fields. */
  readonly names: readonly string[];
  /** Their values, in this order. */
  readonly values: readonly unknown[];

  /** @internal */
  constructor(names: readonly string[], values: readonly unknown[]) {
    this.names = names;
    this.values = values;
  }

  /** The value of a field. */
  get(name: string): unknown {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : this.values[at];
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return ["(", ...joined(this.values.map((value) => [{ value }])), this.values.length === 1 ? ",)" : ")"];
  }

  /** Python: `str`: `(1, 2.5)`. */
  toString(): string {
    return pyRepr(this);
  }
}

/** Python: `numpy.void` without fields: bytes that nobody says the meaning of. */
export class NpVoid {
  /** All of them. */
  readonly bytes: Uint8Array;

  /** @internal */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`numpy.void(${reprBytes(this.bytes)})`];
  }

  /** As `numpy.void(b'…')`. */
  toString(): string {
    return pyRepr(this);
  }
}
