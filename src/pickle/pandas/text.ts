import { reprFloat } from "../natural/repr.ts";
import { elementText } from "../numpy/elementText.ts";
import type { Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import type { Cell, PrintedCell } from "./cells.ts";
import { isPandas } from "./objects.ts";
import { periodsOf } from "./periods.ts";
import { deltaText, nanosecondsOf, stampText } from "./stamps.ts";
import { zoneOf } from "./zones.ts";

/** Python: `str(Interval)`: `(0, 1]`; `undefined` where an end is missing. */
export function intervalText(
  reader: ValueReader,
  left: Cell,
  right: Cell,
  closed: string,
): string | undefined {
  const [first, last] = [pythonText(reader, left), pythonText(reader, right)];
  if (first === undefined || last === undefined) return undefined;
  const opens = closed === "left" || closed === "both" ? "[" : "(";
  return `${opens}${first}, ${last}${closed === "right" || closed === "both" ? "]" : ")"}`;
}

/** Python: `str(value)` of a label, as in an interval's name; `undefined` where it is missing. */
export function pythonText(reader: ValueReader, cell: Cell): string | undefined {
  if (cell === undefined) return undefined;
  if ("element" in cell) {
    const isMissing = typeof cell.element === "number" && Number.isNaN(cell.element);
    if (isMissing) return undefined;
    // A short float with the digits of a long one, as Python's own.
    if (typeof cell.element === "number" && cell.dtype.kind === "f") return reprFloat(cell.element);
    return elementText(cell.dtype, cell.element, "NaT");
  }
  if ("cells" in cell) return undefined;
  if ("text" in cell) return spaced(cell.text);
  const shape = reader.shape(cell.ref);
  if (shape.t === "int") return shape.value.toString();
  if (shape.t === "float") return reprFloat(shape.value);
  if (shape.t === "str") return reader.textOf(shape);
  const printed = printedCell(reader, shape);
  return printed === "missing" || printed === undefined ? undefined : spaced(printed.text);
}

const DELTA = /^P(-?\d+)DT(\d+)H(\d+)M(\d+)(?:\.(\d+))?S$/;

/** `str()` of what `isoformat()` gave: a Timestamp's with a space, a Timedelta's in words. */
function spaced(text: string): string {
  const delta = DELTA.exec(text);
  if (delta === null) return text.replace(/^(-?\d{4,}-\d\d-\d\d)T/, "$1 ");
  const [, days = "0", hours = "", minutes = "", seconds = "", fraction = ""] = delta;
  const clock = [hours, minutes, seconds].map((part) => part.padStart(2, "0")).join(":");
  const digits = fraction === "" ? "" : `.${fraction.padEnd(fraction.length > 6 ? 9 : 6, "0")}`;
  return `${days} days ${days.startsWith("-") ? "+" : ""}${clock}${digits}`;
}

/** Python: `str(value)` of what pandas has a class of its own for. */
export function printedText({ text }: PrintedCell): string {
  return spaced(text);
}

/** pandas' codes of a Timestamp's unit. */
const RESOLUTIONS: Readonly<Record<number, string>> = { 7: "s", 8: "ms", 9: "us", 10: "ns" };

/** What pandas prints of an object of one of its classes: `undefined` for other values, "missing" for NaT and NA. */
export function printedCell(reader: ValueReader, shape: Shape): PrintedCell | "missing" | undefined {
  if (shape.t === "none") return "missing";
  if (shape.t === "global") return isPandas(shape) && shape.name === "NA" ? "missing" : undefined;
  if (shape.t !== "object" || !isPandas(shape)) return undefined;
  const { args, name } = shape;
  const argument = (at: number): Ref | undefined => (at < args.length ? args.at(at) : undefined);
  switch (name) {
    case "_nat_unpickle":
    case "__nat_unpickle":
      return "missing";
    case "Timestamp":
    case "_unpickle_timestamp": {
      const nanoseconds = nanosecondsIn(reader, argument(0), argument(3));
      const tz = argument(2);
      const isNaive = tz === undefined || reader.shape(tz).t === "none";
      const zone = isNaive ? undefined : zoneOf(reader, tz);
      if (nanoseconds === undefined || (!isNaive && zone === undefined)) return undefined;
      return { kind: "Timestamp", text: stampText(nanoseconds, zone), order: nanoseconds };
    }
    case "_timedelta_unpickle":
    case "Timedelta": {
      const nanoseconds = nanosecondsIn(reader, argument(0), argument(1));
      return nanoseconds === undefined
        ? undefined
        : { kind: "Timedelta", text: deltaText(nanoseconds), order: nanoseconds };
    }
    case "Period": {
      const [freq, ordinal] = [argument(1), argument(2)];
      const periods = freq === undefined ? undefined : periodsOf(reader, freq);
      const at = ordinal === undefined ? undefined : reader.int(ordinal);
      return periods === undefined || at === undefined
        ? undefined
        : { kind: "Period", text: periods.text(BigInt(at)), order: BigInt(at) };
    }
    case "Interval": {
      const [left, right, closed] = [argument(0), argument(1), argument(2)];
      const side = closed === undefined ? undefined : reader.text(closed);
      if (left === undefined || right === undefined || side === undefined) return undefined;
      // Ends are times or numbers: an interval of intervals would be one without end.
      if (isInterval(reader, left) || isInterval(reader, right)) return undefined;
      const text = intervalText(reader, { ref: left }, { ref: right }, side);
      return text === undefined ? undefined : { kind: "Interval", text };
    }
    default:
      return undefined;
  }
}

function isInterval(reader: ValueReader, ref: Ref): boolean {
  const shape = reader.shape(ref);
  return shape.t === "object" && shape.name === "Interval";
}

function nanosecondsIn(
  reader: ValueReader,
  value: Ref | undefined,
  unit: Ref | undefined,
): bigint | undefined {
  const count = value === undefined ? undefined : reader.int(value);
  const code = unit === undefined ? 10 : reader.int(unit);
  const perUnit = typeof code === "number" ? nanosecondsOf(RESOLUTIONS[code] ?? "") : undefined;
  return count === undefined || perUnit === undefined ? undefined : BigInt(count) * perUnit;
}
