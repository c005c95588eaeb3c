import type { ObjectShape, Recogniser, Shape, ValueReader } from "../shapes.ts";
import { builtins } from "./builtins.ts";
import { numbers } from "./numbers.ts";
import { numpy } from "./numpy.ts";
import { pandas } from "./pandas.ts";
import { temporal } from "./temporal.ts";

/** The name that a class or function goes by in the tables, for each name that it had in some version. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["_pydatetime.datetime", "datetime.datetime"],
  ["_pydatetime.date", "datetime.date"],
  ["_pydatetime.time", "datetime.time"],
  ["_pydatetime.timedelta", "datetime.timedelta"],
  ["_pydecimal.Decimal", "decimal.Decimal"],
  ["numpy._core.multiarray._reconstruct", "numpy.core.multiarray._reconstruct"],
  ["numpy._core.multiarray.scalar", "numpy.core.multiarray.scalar"],
  ["numpy._core.numeric._frombuffer", "numpy.core.numeric._frombuffer"],
]);

const RECOGNISERS: ReadonlyMap<string, Recogniser> = new Map(
  Object.entries({ ...builtins, ...numbers, ...numpy, ...temporal }),
);

/** The known value of an object, `undefined` when it is only that. */
export function recognise(object: ObjectShape, reader: ValueReader): Shape | undefined {
  const name = `${object.module}.${object.name}`;
  return RECOGNISERS.get(ALIASES.get(name) ?? name)?.(object, reader) ?? pandas(object, reader);
}
