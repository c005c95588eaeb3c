import type { ObjectShape, ValueReader } from "../shapes.ts";
import { arrowView } from "./arrow.ts";
import { figureView } from "./matplotlib.ts";
import { metaflowView } from "./metaflow.ts";
import { estimatorView } from "./sklearn.ts";
import { imageView } from "./pillow.ts";
import { polarsView } from "./polars.ts";
import { geometryView } from "./shapely.ts";
import { sparseView } from "./sparse.ts";
import { standardView } from "./stdlib.ts";
import { torchView } from "./torch.ts";
import type { MakeView, View } from "./view.ts";

/** By the library: the first part of the module's name. */
const VIEWS: ReadonlyMap<string, MakeView> = new Map([
  ["torch", torchView],
  ["scipy", sparseView],
  ["pyarrow", arrowView],
  ["polars", polarsView],
  ["PIL", imageView],
  ["sklearn", estimatorView],
  ["matplotlib", figureView],
  ["shapely", geometryView],
  ["metaflow", metaflowView],
  ...[
    "array",
    "collections",
    "datetime",
    "zoneinfo",
    "functools",
    "re",
    "ipaddress",
    "time",
    "os",
    "_io",
  ].map((module) => [module, standardView] as const),
]);

const known = new WeakMap<ObjectShape, { readonly view: View | undefined }>();

/** How an object is shown, where its library is known; `undefined` for all others, which are shown as what they are made of. */
export function viewOf(reader: ValueReader, object: ObjectShape): View | undefined {
  const dot = object.module.indexOf(".");
  const make = VIEWS.get(dot < 0 ? object.module : object.module.slice(0, dot));
  if (make === undefined) return undefined;
  const found = known.get(object) ?? { view: make(object, reader) };
  known.set(object, found);
  return found.view;
}
