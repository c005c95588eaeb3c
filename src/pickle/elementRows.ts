import { elementsThere, sizeOfShape } from "./numpy/array.ts";
import { MOST_MEMBERS, type PartRows } from "./part.ts";
import type { NdArrayShape } from "./shapes.ts";

/** Along the first axis: elements, or arrays of one axis less. One without axes is its only element. */
export function elementRows(array: NdArrayShape, base: number, shape: readonly number[]): PartRows {
  const [length = 1, ...rest] = shape;
  const step = sizeOfShape(rest);
  return {
    length,
    get there() {
      const elements = elementsThere(array) - base;
      // Of a row its first elements are shown.
      const rows = step === 0 ? length : Math.floor((elements + step - Math.min(step, MOST_MEMBERS)) / step);
      return Math.max(0, Math.min(length, rows));
    },
    at: (index) => {
      const at = base + index * step;
      if (rest.length > 0) return { value: { t: "elements", array, base: at, shape: rest } };
      return { value: { t: "element", array, at } };
    },
  };
}
