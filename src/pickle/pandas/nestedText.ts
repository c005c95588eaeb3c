import { reprBytes, reprFloat, reprText } from "../natural/repr.ts";
import type { Cell, Cells, PrintedCell } from "./cells.ts";
import { timeDeltaOf } from "./stamps.ts";
import { printedText } from "./text.ts";

/** Members of one container that are written. */
const MOST_MEMBERS = 12;

/** Python: `str()` of the list, dict or tuple that a cell of Arrow is, as `as_py()` makes it; cut where it is longer. INVARIANT: recurses as deep as the types, which are bounded. */
export function nestedText(cells: Cells, most: number): string {
  const { names } = cells;
  const [open, close] = names !== undefined ? "{}" : cells.form === "list" ? "[]" : "()";
  let text = open ?? "";
  for (let at = 0; at < cells.length; at++) {
    if (at > 0) text += ", ";
    if (at >= MOST_MEMBERS || text.length >= most) {
      text += "…";
      break;
    }
    if (names !== undefined) text += `${textUpTo(names[at] ?? "", most - text.length)}: `;
    text += memberText(cells.at(at), Math.max(0, most - text.length));
  }
  return `${text}${close}`;
}

function memberText(cell: Cell, most: number): string {
  if (cell === undefined || "ref" in cell) return "None";
  if ("cells" in cell) return nestedText(cell.cells, most);
  if ("text" in cell) return printedRepr(cell);
  const { element, dtype } = cell;
  if (typeof element === "string") return textUpTo(element, most);
  if (typeof element === "boolean") return element ? "True" : "False";
  if (element instanceof Uint8Array)
    return `${reprBytes(element.subarray(0, most + 1))}${element.length > most + 1 ? "…" : ""}`;
  return typeof element === "number" && dtype.kind === "f" ? reprFloat(element) : String(element);
}

function textUpTo(text: string, most: number): string {
  const room = Math.max(0, most) + 1;
  if (text.length <= room) return reprText(text);
  // Of a character that is cut in two nothing is shown.
  return `${reprText(text.slice(0, room).replace(/[\ud800-\udbff]$/, ""))}…`;
}

const CLOCK = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{6}))?$/;
const MOMENT = /^(\d+)-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{6}))?)?$/;

/** Decimals, dates and times as Python writes what makes them: of nanoseconds those of pandas. */
function printedRepr(cell: PrintedCell): string {
  const { kind, text, order, isFine } = cell;
  if (kind === "Decimal") return `Decimal('${text}')`;
  if (isFine === true) return `${kind}('${printedText(cell)}')`;
  if (kind === "Timedelta") return order === undefined ? text : `datetime.timedelta(${deltaParts(order)})`;
  const parts: readonly (string | undefined)[] | undefined = (kind === "time" ? CLOCK : MOMENT)
    .exec(text)
    ?.slice(1);
  // A zone has a class of its own.
  if (parts === undefined) return printedText(cell);
  const numbers = parts.filter((part) => part !== undefined).map(Number);
  // Seconds and smaller are left out where there are none.
  while (numbers.length > (kind === "time" ? 2 : 5) && numbers.at(-1) === 0) numbers.pop();
  return `datetime.${kind === "Timestamp" ? "datetime" : kind}(${numbers.join(", ")})`;
}

/** `days=-1, seconds=5`: the days are rounded down. */
function deltaParts(nanoseconds: bigint): string {
  const { days, seconds, microseconds } = timeDeltaOf(nanoseconds);
  return (
    Object.entries({ days, seconds, microseconds })
      .filter(([, count]) => count !== 0)
      .map(([name, count]) => `${name}=${count}`)
      .join(", ") || "0"
  );
}
