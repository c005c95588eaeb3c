import { isSingleton, typeName } from "./names.ts";
import { scalarName } from "./numpy/dtype.ts";
import type { Shape, ValueReader } from "./shapes.ts";
import { viewOf } from "./views/index.ts";

/** Python's names of the types that have a shape of their own. */
const TYPES: Readonly<Partial<Record<Shape["t"], string>>> = {
  none: "NoneType",
  hugeint: "int",
  datetime: "datetime.datetime",
  date: "datetime.date",
  time: "datetime.time",
  timedelta: "datetime.timedelta",
  decimal: "decimal.Decimal",
  uuid: "uuid.UUID",
};

/** Functions that make an instance of the class that is their first argument, in any version's module. */
const MAKERS = /^(_reconstruct|_mareconstruct|_array_reconstructor|__pyx_unpickle_\w+|_unpickle_class)$/;

/** Functions that are known by what they return. */
const RESULTS: Readonly<Record<string, string>> = {
  _frombuffer: "numpy.ndarray",
  _unpickle_timestamp: "pandas.Timestamp",
  _unpickle_block: "pandas.Block",
  getLogger: "logging.Logger",
};

/** Python's qualified name of a value's type. */
export function typeOfShape(reader: ValueReader, shape: Shape): string {
  if (shape.t === "global" && isSingleton(shape))
    return shape.name === "Ellipsis" ? "ellipsis" : "NotImplementedType";
  if (shape.t === "ndarray") return shape.mask === undefined ? "numpy.ndarray" : "numpy.ma.MaskedArray";
  if (shape.t === "dataframe") return shape.frame.type;
  if (shape.t === "series") return shape.series.type;
  if (shape.t === "index") return shape.index.type;
  if (shape.t === "npscalar") return `numpy.${scalarName(shape.dtype)}`;
  if (shape.t !== "object") return TYPES[shape.t] ?? shape.t;
  const view = viewOf(reader, shape);
  if (view !== undefined) return view.type;
  if (shape.made === "call") {
    const cls =
      MAKERS.test(shape.name) && shape.args.length > 0 ? reader.nameOf(shape.args.at(0)) : undefined;
    if (cls !== undefined) return typeName(cls);
    if (shape.module !== "builtins" && Object.hasOwn(RESULTS, shape.name))
      return RESULTS[shape.name] ?? shape.name;
  }
  return typeName(shape);
}
