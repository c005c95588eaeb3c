import { frameOf, seriesOf } from "../pandas/frames.ts";
import { indexOf } from "../pandas/indexes.ts";
import { attributesOf, isPandas } from "../pandas/objects.ts";
import type { ObjectShape, Shape, ValueReader } from "../shapes.ts";

/** pandas' frames, series and indexes, whichever module their classes were in, and those of classes made of theirs. */
export function pandas(object: ObjectShape, reader: ValueReader): Shape | undefined {
  const kind = kindOf(object, reader);
  if (kind === "dataframe") {
    const frame = frameOf(reader, object);
    return frame && { t: "dataframe", frame };
  }
  if (kind === "series") {
    const series = seriesOf(reader, object);
    return series && { t: "series", series };
  }
  if (!isPandas(object) || !object.name.startsWith("_new_")) return undefined;
  const index = indexOf(reader, object);
  return index && { t: "index", index };
}

/** What pandas calls an object. Of a class of others, such as geopandas', its state tells. */
function kindOf(object: ObjectShape, reader: ValueReader): string | undefined {
  const { name } = object;
  if (isPandas(object)) return name === "DataFrame" || name === "Series" ? name.toLowerCase() : undefined;
  if (object.made !== "new" || object.states.length !== 1 || !/(Frame|Series)$/.test(name)) return undefined;
  const kind = attributesOf(reader, object)?.get("_typ");
  return kind === undefined ? undefined : reader.text(kind);
}
