import type { PartRow } from "../part.ts";
import type { ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { stateOf, type Attributes } from "../recognisers/arguments.ts";
import { groupPart, rowsOf } from "./rows.ts";
import type { View } from "./view.ts";

/** What is shown of each kind of artist, under which names, and where it is kept: an attribute, or one of an attribute's. Everything else stands below "attributes". */
const KINDS: readonly (readonly [name: RegExp, shown: Readonly<Record<string, readonly string[]>>])[] = [
  [/^Figure$/, { title: ["_suptitle"], axes: ["_localaxes"], version: ["__mpl_version__"] }],
  [
    /Axes(3D)?$/,
    { title: ["title"], xlabel: ["xaxis", "label"], ylabel: ["yaxis", "label"], children: ["_children"] },
  ],
  [/^Text$/, { text: ["_text"], x: ["_x"], y: ["_y"] }],
  [/^Line2D$/, { label: ["_label"], x: ["_xorig"], y: ["_yorig"] }],
  [/^Rectangle$/, { label: ["_label"], x: ["_x0"], y: ["_y0"], width: ["_width"], height: ["_height"] }],
];

/** matplotlib's figures: titles, labels and data, out of the two hundred attributes that each part of them has. */
export function figureView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { module, name, made } = object;
  const shown = KINDS.find(([names]) => names.test(name))?.[1];
  if (shown === undefined || made === "tuple") return undefined;
  const attributes = stateOf(reader, object);
  if (attributes?.has("_stale") !== true && attributes?.has("stale_callback") !== true) return undefined;
  const found: (readonly [string, Ref])[] = [];
  for (const [label, path] of Object.entries(shown)) {
    const ref = valueAt(reader, attributes, path);
    if (ref !== undefined && reader.shape(ref).t !== "none") found.push([label, ref]);
  }
  const rows: PartRow[] = found.map(([label, value]) => ({ key: label, value }));
  rows.push({ key: "attributes", value: groupPart("attributes", [...attributes]) });
  return {
    type: `${module}.${name}`,
    print: (pen) => {
      pen.list(`${name}(`, found.length, ")", (index) => {
        const [label, value] = found[index] ?? ["", 0];
        pen.text(`${label}=`);
        pen.value(value);
      });
    },
    rows: rowsOf(rows),
  };
}

function valueAt(
  reader: ValueReader,
  attributes: Attributes,
  [first, second]: readonly string[],
): Ref | undefined {
  const ref = first === undefined ? undefined : attributes.get(first);
  if (ref === undefined || second === undefined) return ref;
  const object = reader.shape(ref);
  return object.t === "object" ? stateOf(reader, object)?.get(second) : undefined;
}
