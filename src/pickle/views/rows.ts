import { plainDtype } from "../numpy/dtype.ts";
import type { Part, PartRow, PartRows } from "../part.ts";
import type { Pairs } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import type { View } from "./view.ts";

/** Rows that are given one by one. */
export function rowsOf(rows: readonly PartRow[]): PartRows {
  return { length: rows.length, at: (index) => rows[index] ?? { value: { t: "cell", cell: undefined } } };
}

/** Attributes by their names. */
export function attributeRows(attributes: Iterable<readonly [name: string, value: Ref]>): PartRow[] {
  return [...attributes].map(([name, value]) => ({ key: `.${name}`, value }));
}

/** A dict's values by its keys. */
export function pairRows(pairs: Pairs): PartRows {
  return { length: pairs.length, at: (at) => ({ key: pairs.key(at), value: pairs.value(at) }) };
}

const TEXT = plainDtype("U", 0);

/** A text that the pickle has no value for. */
export function textPart(text: string): Part {
  return { t: "cell", cell: { element: text, dtype: TEXT } };
}

/** Values under a heading, shown as a dict is. */
export function groupPart(type: string, rows: readonly (readonly [name: string, value: Ref])[]): Part {
  const view: View = {
    type,
    length: rows.length,
    rows: rowsOf(attributeRows(rows)),
    print: (pen) => {
      pen.list("(", rows.length, ")", (index) => {
        const [name, value] = rows[index] ?? ["", 0];
        pen.text(`${name}=`);
        pen.value(value);
      });
    },
  };
  return { t: "view", view };
}
