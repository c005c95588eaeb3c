import { geometryOf } from "../geometry.ts";
import { byteSpan } from "../recognisers/arguments.ts";
import type { ObjectShape, ValueReader } from "../shapes.ts";
import { rowsOf } from "./rows.ts";
import type { View } from "./view.ts";

/** shapely's geometries: `<POINT (1 2)>`, of well-known bytes as the argument of a function, before shapely 2 as the state of a class. */
export function geometryView({ args, states, name }: ObjectShape, reader: ValueReader): View | undefined {
  const ref = args.length > 0 ? args.at(0) : states[0];
  const span = ref === undefined ? undefined : byteSpan(reader, ref, 0);
  const geometry = span && geometryOf(span.store.view(span.from, span.to));
  if (ref === undefined || geometry === undefined) return undefined;
  const isRing = /linearring/i.test(name);
  const own = isRing ? "LinearRing" : geometry.name;
  const module = isRing ? "polygon" : own.toLowerCase().replace(/^geometry/, "");
  return {
    type: `shapely.geometry.${module}.${own}`,
    print: (pen) => {
      pen.text(`<${isRing ? geometry.text.replace("LINESTRING", "LINEARRING") : geometry.text}>`);
    },
    rows: rowsOf([{ key: "wkb", value: ref }]),
  };
}
