import { geometryOf } from "../geometry.ts";
import { liesInBytes } from "../numpy/array.ts";
import { plainDtype } from "../numpy/dtype.ts";
import type { ObjectShape, ValueReader } from "../shapes.ts";
import type { CellArray } from "./cells.ts";

const TEXT = plainDtype("U", 0);

/** geopandas' arrays: a state of well-known bytes as objects, and the reference system. */
export function geometryCells(reader: ValueReader, { states }: ObjectShape): CellArray | undefined {
  const [state] = states;
  const parts = state === undefined ? undefined : reader.tuple(state);
  const array = parts === undefined || parts.length === 0 ? undefined : reader.shape(parts.at(0));
  if (array?.t !== "ndarray" || liesInBytes(array.data)) return undefined;
  const { data, shape } = array;
  return {
    dtype: "geometry",
    shape,
    at: (index) => {
      const ref = data.at(index);
      const own = reader.shape(ref);
      if (own.t === "none") return undefined;
      const geometry =
        own.t === "bytes" ? geometryOf(own.span.store.view(own.span.from, own.span.to)) : undefined;
      return geometry === undefined ? { ref } : { element: geometry.text, dtype: TEXT };
    },
  };
}
