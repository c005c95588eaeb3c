import type { ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { MOST_MEMBERS, type PartRow } from "../part.ts";
import { stateOf } from "../recognisers/arguments.ts";
import { groupPart, rowsOf } from "./rows.ts";
import type { View } from "./view.ts";

/**
 * scikit-learn's estimators: their parameters, what they have learned (names that end in `_`), and the rest. Which names are parameters the pickle does not
 * say: as scikit-learn's own rules have it, those that neither begin nor end with an underscore.
 */
export function estimatorView(object: ObjectShape, reader: ValueReader): View | undefined {
  if (object.made !== "new" || object.items.length > 0 || object.entries.length > 0) return undefined;
  if (object.args.length > 0) return undefined;
  const attributes = stateOf(reader, object);
  if (attributes?.has("_sklearn_version") !== true) return undefined;
  const parameters: (readonly [string, Ref])[] = [];
  const fitted: (readonly [string, Ref])[] = [];
  const others: PartRow[] = [];
  for (const [name, value] of attributes) {
    if (name.startsWith("_")) others.push({ key: `.${name}`, value });
    else (name.endsWith("_") ? fitted : parameters).push([name, value]);
  }
  const rows: PartRow[] = [{ key: "parameters", value: groupPart("parameters", parameters) }];
  if (fitted.length > 0) rows.push({ key: "fitted", value: groupPart("fitted attributes", fitted) });
  return {
    type: `${object.module}.${object.name}`,
    print: (pen) => {
      pen.list(`${object.name}(`, Math.min(parameters.length, MOST_MEMBERS + 1), ")", (index) => {
        const [name, value] = parameters[index] ?? ["", 0];
        pen.text(`${name}=`);
        pen.value(value);
      });
      if (fitted.length > 0) pen.text(", fitted");
    },
    rows: rowsOf([...rows, ...others]),
  };
}
