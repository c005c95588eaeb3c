import { elementAt } from "./numpy/array.ts";
import { floatCell, type Cell, type Column } from "./pandas/cells.ts";
import type { Index } from "./pandas/indexes.ts";
import type { NdArrayShape } from "./shapes.ts";
import type { Ref } from "./tape.ts";
import type { View } from "./views/view.ts";

/** Members of a value that its short text shows. */
export const MOST_MEMBERS = 12;

/** A part of a value that the pickle has no node for. */
export type Part =
  /** A part of an array, from a place in C order on. */
  | {
      readonly t: "elements";
      readonly array: NdArrayShape;
      readonly base: number;
      readonly shape: readonly number[];
    }
  /** One element of it. */
  | { readonly t: "element"; readonly array: NdArrayShape; readonly at: number }
  /** A column of a frame, with the labels of its rows. */
  | { readonly t: "column"; readonly column: Column; readonly name: Cell; readonly index: Index }
  /** A value in it, or a label. */
  | { readonly t: "cell"; readonly cell: Cell }
  /** What a view has below it. */
  | { readonly t: "view"; readonly view: View };

/** A row below a value: parts, or values that have a node. A key that is a text names it: an attribute as `.shape`, what Python has no attribute for as `pixels`. */
export interface PartRow {
  readonly key?: Part | Ref | string;
  readonly value: Part | Ref;
}

/** The rows below a value, found one by one. */
export interface PartRows {
  readonly length: number;
  /** How many of them, from the first on, have what is shown of them there while bytes still arrive; all of them where it is not told. */
  readonly there?: number;
  at(index: number): PartRow;
}

/** A cell as a part, or the value that it stands for. */
export function partOfCell(cell: Cell): Part | Ref {
  return cell !== undefined && "ref" in cell ? cell.ref : { t: "cell", cell };
}

/** An element as a value in a frame is told. @param most as of `readElement` */
export function cellOf(
  { array, at }: { readonly array: NdArrayShape; readonly at: number },
  most?: number,
): Cell {
  const element = elementAt(array, at, most);
  // Of a float32 Python has the float, with all its digits.
  if (array.plain === true && typeof element === "number" && array.dtype.kind === "f")
    return floatCell(element);
  return element === undefined || element === null ? undefined : { element, dtype: array.dtype };
}
