import type { Span } from "../shapes.ts";
import type { ArrowArray } from "./arrow.ts";
import type { ArrowType } from "./arrowTypes.ts";
import type { Cell } from "./cells.ts";

/** Reads the elements of an array whose values lie in other arrays; `undefined` where one of these is not read. @param buffers those behind the first, which says what is missing */
export function nestedReader(
  type: ArrowType,
  [first, second]: readonly (Span | undefined)[],
  children: readonly (ArrowArray | undefined)[],
): ((at: number) => Cell) | undefined {
  const parts = children.filter((child) => child !== undefined);
  const [child, values] = parts;
  if (parts.length < children.length) return undefined;
  switch (type.kind) {
    case "struct":
      return parts.length === type.names.length ? structReader(type.names, parts) : undefined;
    case "union":
      return first && unionReader(type, first, second, parts);
    case "runs":
      // Ends that are themselves runs would be searched for each end that is looked at.
      return child?.type.kind === "number" && values ? runsReader(child, values) : undefined;
    case "dictionary":
      return first && child && dictionaryReader(type, first, child);
    case "array":
      return child && ((at) => listCell(type, child, at * type.size, (at + 1) * type.size));
    default:
      return (
        first &&
        child &&
        ((at) =>
          listCell(type, child, intAt(first, at, type.offsetBytes), intAt(first, at + 1, type.offsetBytes)))
      );
  }
}

/** The members of a list from one of its child's to another; of a map these are pairs. */
function listCell(
  { kind }: ArrowType,
  child: ArrowArray,
  from: number | undefined,
  to: number | undefined,
): Cell {
  if (from === undefined || to === undefined || from < 0 || to > child.length) return undefined;
  const length = Math.max(0, to - from);
  const at = (member: number): Cell => child.at(from + member);
  return { cells: { form: "list", length, at: kind === "map" ? (member) => pairOf(at(member)) : at } };
}

/** An entry of a map, which is a struct of its key and its value, as Python has it. */
function pairOf(entry: Cell): Cell {
  if (entry === undefined || !("cells" in entry)) return entry;
  const { cells } = entry;
  return { cells: { length: cells.length, at: (part) => cells.at(part) } };
}

function structReader(names: readonly string[], parts: readonly ArrowArray[]): (at: number) => Cell {
  return (at) => ({
    cells: { form: "list", names, length: names.length, at: (part) => parts[part]?.at(at) },
  });
}

/** Which of its arrays an element is in, as a byte; of a dense one then where in it. */
function unionReader(
  { codes, isDense }: ArrowType,
  which: Span,
  places: Span | undefined,
  parts: readonly ArrowArray[],
): ((at: number) => Cell) | undefined {
  if (isDense && places === undefined) return undefined;
  return (at) => {
    const part = parts[codes.indexOf(intAt(which, at, 1) ?? NaN)];
    const place = isDense && places !== undefined ? intAt(places, at, 4) : at;
    return part === undefined || place === undefined || place < 0 ? undefined : part.at(place);
  };
}

/** Values that stand for as many elements as there are up to where each ends. */
function runsReader(ends: ArrowArray, values: ArrowArray): (at: number) => Cell {
  return (at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const end = ends.at(middle);
      if (end !== undefined && "element" in end && Number(end.element) <= at) low = middle + 1;
      else high = middle;
    }
    return low < values.length ? values.at(low) : undefined;
  };
}

function dictionaryReader({ dtype }: ArrowType, codes: Span, child: ArrowArray): (at: number) => Cell {
  const { kind, itemsize } = dtype ?? { kind: "i", itemsize: 4 };
  return (at) => {
    const signed = intAt(codes, at, itemsize);
    const code = signed !== undefined && signed < 0 && kind === "u" ? signed + 2 ** (8 * itemsize) : signed;
    return code === undefined || code < 0 || code >= child.length ? undefined : child.at(code);
  };
}

/** A whole number of so many bytes; `undefined` where they end before it. */
export function intAt({ store, from, to }: Span, at: number, size: number): number | undefined {
  const begin = from + at * size;
  const bytes = store.view(begin, Math.min(begin + size, to));
  if (bytes.length < size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  if (size === 1) return view.getInt8(0);
  if (size === 2) return view.getInt16(0, true);
  return size === 4 ? view.getInt32(0, true) : Number(view.getBigInt64(0, true));
}
