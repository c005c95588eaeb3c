import type { Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { isPandas } from "./parts.ts";
import { dateText, floorDiv } from "./stamps.ts";

/** What a column of periods has in common. */
export interface Periods {
  /** `M`, `Q-DEC`, `2D`. */
  readonly freq: string;
  /** Python: `str(Period(ordinal=…))`. */
  text(ordinal: number): string;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** The letters of pandas' offsets, as they were while offsets stood in dtypes (before 2.2). */
const OFFSETS: Readonly<Record<string, string>> = {
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
};

/** Seconds of the units of time of day, as both ages of pandas call them, and digits of a fraction that they show. */
const TIMES: Readonly<Record<string, { readonly perDay: bigint; readonly digits: number }>> = {
  h: { perDay: 24n, digits: -2 },
  min: { perDay: 1440n, digits: -1 },
  s: { perDay: 86_400n, digits: 0 },
  ms: { perDay: 86_400_000n, digits: 3 },
  us: { perDay: 86_400_000_000n, digits: 6 },
  ns: { perDay: 86_400_000_000_000n, digits: 9 },
};
const MODERN: Readonly<Record<string, string>> = {
  A: "Y",
  H: "h",
  T: "min",
  S: "s",
  L: "ms",
  U: "us",
  N: "ns",
};

/** The periods of a PeriodDtype, or of a Period's frequency; `undefined` where that is not known. */
export function periodsOf(reader: ValueReader, dtype: Ref): Periods | undefined {
  const shape = reader.shape(dtype);
  const freq = freqOf(reader, shape);
  if (freq === undefined) return undefined;
  const [, , unit = "", anchor = ""] = /^(-?\d+)?([A-Za-z]+)(?:-([A-Z]+))?$/.exec(freq) ?? [];
  const write = writerOf(MODERN[unit] ?? unit, anchor);
  return write && { freq, text: write };
}

function freqOf(reader: ValueReader, shape: Shape): string | undefined {
  if (shape.t === "str")
    return /^(?:period\[(.*)\]|(.*))$/i
      .exec(reader.textOf(shape) ?? "")
      ?.slice(1)
      .find(Boolean);
  if (shape.t !== "object" || !isPandas(shape) || shape.args.length === 0) return undefined;
  if (shape.name === "PeriodDtype") {
    const freq = reader.shape(shape.args.at(0));
    return freq.t === "object" && freq.name === "PeriodDtype" ? undefined : freqOf(reader, freq);
  }
  const letter = OFFSETS[shape.name];
  const count = reader.int(shape.args.at(0));
  if (letter === undefined || typeof count !== "number") return undefined;
  const anchored = shape.args.length > 2 ? reader.int(shape.args.at(2)) : undefined;
  const names = letter === "W" ? WEEKDAYS : letter === "Q" || letter === "A" ? MONTHS : undefined;
  const anchor =
    names && typeof anchored === "number" ? names[letter === "W" ? anchored : anchored - 1] : undefined;
  return `${count === 1 ? "" : count}${letter}${anchor === undefined ? "" : `-${anchor}`}`;
}

function writerOf(unit: string, anchor: string): ((ordinal: number) => string) | undefined {
  switch (unit) {
    case "Y":
      return (ordinal) => String(1970 + ordinal);
    case "Q":
      return (ordinal) => `${1970 + Math.floor(ordinal / 4)}Q${(((ordinal % 4) + 4) % 4) + 1}`;
    case "M":
      return (ordinal) =>
        `${1970 + Math.floor(ordinal / 12)}-${String((((ordinal % 12) + 12) % 12) + 1).padStart(2, "0")}`;
    case "W": {
      // The days on which weeks end, counted from Sunday as pandas does.
      const end = (WEEKDAYS.indexOf(anchor === "" ? "SUN" : anchor) + 1) % 7;
      return (ordinal) => {
        const last = ordinal * 7 + end - 4;
        return `${dateText(BigInt(last - 6))}/${dateText(BigInt(last))}`;
      };
    }
    case "D":
      return (ordinal) => dateText(BigInt(ordinal));
    case "B":
      return (ordinal) => {
        const shifted = ordinal + 3;
        const weeks = Math.floor(shifted / 5);
        return dateText(BigInt(weeks * 7 + (shifted - weeks * 5) - 3));
      };
    default:
      return timeWriter(unit);
  }
}

function timeWriter(unit: string): ((ordinal: number) => string) | undefined {
  const time = TIMES[unit];
  if (time === undefined) return undefined;
  const { perDay, digits } = time;
  return (ordinal) => {
    const days = floorDiv(BigInt(ordinal), perDay);
    const rest = BigInt(ordinal) - days * perDay;
    const seconds = Number((rest * 86_400n) / perDay);
    const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
      String(Math.floor(part)).padStart(2, "0"),
    );
    const shown = digits === -2 ? [parts[0], "00"] : digits === -1 ? parts.slice(0, 2) : parts;
    const fraction = digits > 0 ? `.${(rest % (perDay / 86_400n)).toString().padStart(digits, "0")}` : "";
    return `${dateText(days)} ${shown.join(":")}${fraction}`;
  };
}
