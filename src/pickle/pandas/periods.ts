import { floorDiv } from "../numpy/calendar.ts";
import type { Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { attributesOf, isPandas } from "./objects.ts";
import { clockText, dateText } from "./stamps.ts";

/** What a column of periods has in common. */
export interface Periods {
  /** `M`, `Q-DEC`, `2D`. */
  readonly freq: string;
  /** Python: `str(Period(ordinal=…))`. */
  text(ordinal: bigint): string;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** The letters of pandas' offsets, as they were while offsets stood in dtypes (before 2.2). */
const OFFSETS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    MonthEnd: "M",
    QuarterEnd: "Q",
    YearEnd: "A",
    Week: "W",
    Day: "D",
    BusinessDay: "B",
    Hour: "H",
    Minute: "T",
    Second: "S",
    Milli: "L",
    Micro: "U",
    Nano: "N",
  }),
);

/** The units of time of day, by pandas' newer names: how many a day has, and digits of a fraction that they show; below 0 not even seconds. */
const TIMES: ReadonlyMap<string, { readonly perDay: bigint; readonly digits: number }> = new Map(
  Object.entries({
    h: { perDay: 24n, digits: -1 },
    min: { perDay: 1440n, digits: -1 },
    s: { perDay: 86_400n, digits: 0 },
    ms: { perDay: 86_400_000n, digits: 3 },
    us: { perDay: 86_400_000_000n, digits: 6 },
    ns: { perDay: 86_400_000_000_000n, digits: 9 },
  }),
);
const MODERN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    A: "Y",
    H: "h",
    T: "min",
    S: "s",
    L: "ms",
    U: "us",
    N: "ns",
  }),
);

/** The periods of a PeriodDtype, or of a Period's frequency; `undefined` where that is not known. */
export function periodsOf(reader: ValueReader, dtype: Ref): Periods | undefined {
  const shape = reader.shape(dtype);
  const freq = freqOf(reader, shape);
  if (freq === undefined) return undefined;
  const [, , unit = "", anchor = ""] = /^(-?\d+)?([A-Za-z]+)(?:-([A-Z]+))?$/.exec(freq) ?? [];
  const write = writerOf(MODERN.get(unit) ?? unit, anchor);
  return write && { freq, text: write };
}

function freqOf(reader: ValueReader, shape: Shape): string | undefined {
  if (shape.t === "str")
    return /^(?:period\[(.*)\]|(.*))$/i
      .exec(reader.textOf(shape) ?? "")
      ?.slice(1)
      .find(Boolean);
  if (shape.t !== "object" || !isPandas(shape)) return undefined;
  // Before pandas 1.1 as attributes.
  const attributes = attributesOf(reader, shape);
  const part = (at: number, ...names: string[]): Ref | undefined =>
    at < shape.args.length
      ? shape.args.at(at)
      : names.map((name) => attributes?.get(name)).find((ref) => ref !== undefined);
  const int = (ref: Ref | undefined): number | bigint | undefined =>
    ref === undefined ? undefined : reader.int(ref);
  if (shape.name === "PeriodDtype") {
    const ref = part(0, "freq");
    const freq = ref === undefined ? undefined : reader.shape(ref);
    return freq === undefined || (freq.t === "object" && freq.name === "PeriodDtype")
      ? undefined
      : freqOf(reader, freq);
  }
  const letter = OFFSETS.get(shape.name);
  const count = int(part(0, "n"));
  if (letter === undefined || typeof count !== "number") return undefined;
  const anchored = int(part(2, "startingMonth", "month", "weekday"));
  const names = letter === "W" ? WEEKDAYS : letter === "Q" || letter === "A" ? MONTHS : undefined;
  const anchor =
    names && typeof anchored === "number" ? names[letter === "W" ? anchored : anchored - 1] : undefined;
  return `${count === 1 ? "" : count}${letter}${anchor === undefined ? "" : `-${anchor}`}`;
}

function writerOf(unit: string, anchor: string): ((ordinal: bigint) => string) | undefined {
  switch (unit) {
    case "Y":
      return (ordinal) => String(1970n + ordinal);
    case "Q":
      return (ordinal) => {
        const year = floorDiv(ordinal, 4n);
        return `${1970n + year}Q${ordinal - year * 4n + 1n}`;
      };
    case "M":
      return (ordinal) => {
        const year = floorDiv(ordinal, 12n);
        return `${1970n + year}-${String(ordinal - year * 12n + 1n).padStart(2, "0")}`;
      };
    case "W": {
      // The days on which weeks end, counted from Sunday as pandas does.
      const end = BigInt((WEEKDAYS.indexOf(anchor === "" ? "SUN" : anchor) + 1) % 7);
      return (ordinal) => {
        const last = ordinal * 7n + end - 4n;
        return `${dateText(last - 6n)}/${dateText(last)}`;
      };
    }
    case "D":
      return dateText;
    case "B":
      return (ordinal) => {
        const shifted = ordinal + 3n;
        const weeks = floorDiv(shifted, 5n);
        return dateText(weeks * 7n + (shifted - weeks * 5n) - 3n);
      };
    default:
      return timeWriter(unit);
  }
}

function timeWriter(unit: string): ((ordinal: bigint) => string) | undefined {
  const time = TIMES.get(unit);
  if (time === undefined) return undefined;
  const { perDay, digits } = time;
  return (ordinal) => {
    const days = floorDiv(ordinal, perDay);
    const rest = ordinal - days * perDay;
    const clock = clockText(Number((rest * 86_400n) / perDay));
    const fraction = digits > 0 ? `.${(rest % (perDay / 86_400n)).toString().padStart(digits, "0")}` : "";
    return `${dateText(days)} ${digits < 0 ? clock.slice(0, "HH:MM".length) : clock}${fraction}`;
  };
}
