import { frameOf, seriesOf } from "../pandas/frames.ts";
import { indexOf } from "../pandas/indexes.ts";
import { isPandas } from "../pandas/objects.ts";
import type { ObjectShape, Shape, ValueReader } from "../shapes.ts";

/** pandas' frames, series and indexes, whichever module their classes were in. */
export function pandas(object: ObjectShape, reader: ValueReader): Shape | undefined {
  if (!isPandas(object)) return undefined;
  if (object.name === "DataFrame") {
    const frame = frameOf(reader, object);
    return frame && { t: "dataframe", frame };
  }
  if (object.name === "Series") {
    const series = seriesOf(reader, object);
    return series && { t: "series", series };
  }
  if (!object.name.startsWith("_new_")) return undefined;
  const index = indexOf(reader, object);
  return index && { t: "index", index };
}
