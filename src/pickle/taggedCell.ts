import { ByteStore } from "./bytes.ts";
import { floatJson } from "./json.ts";
import type { Cell, Cells, PrintedCell } from "./pandas/cells.ts";
import { timeDeltaOf } from "./pandas/stamps.ts";
import type { ValueReader } from "./shapes.ts";
import { taggedLeaf } from "./taggedLeaf.ts";
import type { Tagged } from "./types.ts";

/**
 * What Python makes of a value of Arrow (`as_py()`), in the lossless form. INVARIANT: recurses as deep as Arrow's types, which are bounded.
 * @param members those of a container that are told
 */
export function taggedPython(
  reader: ValueReader,
  cell: Cell,
  members: (cells: Cells) => readonly Cell[],
): Tagged {
  // Arrow has no values of the pickle.
  if (cell === undefined || "ref" in cell) return { t: "none" };
  if ("text" in cell) return printedNode(cell);
  if ("cells" in cell) {
    const { form, names } = cell.cells;
    const nodes = members(cell.cells).map((own) => taggedPython(reader, own, members));
    if (names === undefined) return { t: form ?? "tuple", v: nodes };
    return { t: "dict", v: nodes.map((own, at) => [{ t: "str", v: names[at] ?? "" }, own]) };
  }
  const { element, dtype } = cell;
  if (element instanceof Uint8Array) {
    const span = { store: new ByteStore(element), from: 0, to: element.length };
    return taggedLeaf({ t: "bytes", span }, reader);
  }
  if (typeof element === "string") return { t: "str", v: element };
  if (typeof element === "boolean") return { t: "bool", v: element };
  if (typeof element === "number" && dtype.kind === "f") return { t: "float", v: floatJson(element) };
  return { t: "int", v: String(element) };
}

/** Whether it is a duration for which Python has a class of its own, not only pandas. */
export function isDelta({ kind, isFine }: PrintedCell): boolean {
  return kind === "Timedelta" && isFine === false;
}

function printedNode({ kind, text, order }: PrintedCell): Tagged {
  if (kind === "Decimal") return { t: "decimal", v: text };
  if (kind === "date" || kind === "time") return { t: kind, v: text };
  if (kind !== "Timedelta" || order === undefined) return { t: "datetime", v: text };
  return { t: "timedelta", v: timeDeltaOf(order).exactSeconds() };
}
