import { elementAt } from "../numpy/array.ts";
import type { NpElement } from "../numpy/elements.ts";
import { membersIn } from "../recognisers/arguments.ts";
import type { Members } from "../shapes.ts";
import {
  arrayIn,
  arrayOf,
  elementOf,
  intAt,
  lengthOf,
  numberDtype,
  sum,
  type Source,
  type Stored,
} from "./stored.ts";

/** Values that are put in order to find them: those of larger matrices are shown as the arrays that they are. */
const MOST_VALUES = 1 << 20;

/** Values by their line and their place in it. */
type Found = Map<number, Map<number, NpElement>>;

function add(found: Found, line: number, place: number, value: NpElement | undefined): void {
  if (value === undefined || value === null) return;
  const known = found.get(line) ?? new Map<number, NpElement>();
  known.set(place, sum(known.get(place), value) ?? value);
  found.set(line, known);
}

/** Values that are put in order when the first one is asked for. */
function inOrder(count: number, fill: (found: Found) => void): Stored["at"] {
  if (count > MOST_VALUES) return undefined;
  let found: Found | undefined;
  return (line, place) => {
    if (found === undefined) {
      found = new Map<number, Map<number, NpElement>>();
      fill(found);
    }
    return found.get(line)?.get(place);
  };
}

/** `coo`: `data` with the numbers of rows and columns beside it: in `coords`, before scipy 1.13 in `row` and `col`. */
export function coordinates(source: Source): Stored | undefined {
  const { reader, attributes } = source;
  const data = arrayOf(source, "data");
  const both = attributes.get("coords");
  const members = both === undefined ? undefined : reader.tuple(both);
  const [rows, columns] =
    members?.length === 2
      ? [arrayIn(reader, members.at(0)), arrayIn(reader, members.at(1))]
      : [arrayOf(source, "row"), arrayOf(source, "col")];
  if (data?.shape.length !== 1 || rows === undefined || columns === undefined) return undefined;
  const count = lengthOf(data);
  if (lengthOf(rows) !== count || lengthOf(columns) !== count) return undefined;
  return {
    count,
    dtype: data.dtype,
    at: inOrder(count, (found) => {
      for (let at = 0; at < count; at++)
        add(found, intAt(rows, at), intAt(columns, at), elementAt(data, at) ?? undefined);
    }),
  };
}

/** `dia`: `data[k, j]` is the value in column `j` of the diagonal that is `offsets[k]` to the right of the main one. */
export function diagonals(source: Source): Stored | undefined {
  const [data, offsets] = [arrayOf(source, "data"), arrayOf(source, "offsets")];
  if (data?.shape.length !== 2 || offsets === undefined) return undefined;
  const [count = 0, width = 0] = data.shape;
  if (count > MOST_VALUES || lengthOf(offsets) !== count) return undefined;
  const [rows, columns] = source.shape;
  const numbers = new Map<number, number>();
  let stored = 0;
  for (let at = 0; at < count; at++) {
    const offset = intAt(offsets, at);
    if (!Number.isSafeInteger(offset)) return undefined;
    numbers.set(offset, at);
    stored += Math.max(0, Math.min(rows + offset, columns, width) - Math.max(offset, 0));
  }
  return {
    count: stored,
    dtype: data.dtype,
    at: (row, column) => {
      const at = numbers.get(column - row);
      return at === undefined || column >= width
        ? undefined
        : (elementAt(data, at * width + column) ?? undefined);
    },
  };
}

/** `lil`: for each row a list of its columns in `rows`, and one of their values in `data`. */
export function lists(source: Source): Stored | undefined {
  const { reader, attributes } = source;
  const dtype = numberDtype(reader, attributes.get("dtype"));
  const [rows, data] = ["rows", "data"].map((name): Members | undefined => {
    const ref = attributes.get(name);
    const array = ref === undefined ? undefined : reader.shape(ref);
    return array?.t === "ndarray" && !("store" in array.data) ? array.data : undefined;
  });
  if (dtype === undefined || rows === undefined || rows.length !== data?.length) return undefined;
  if (rows.length > MOST_VALUES) return undefined;
  let count = 0;
  for (let row = 0; row < rows.length; row++) count += membersIn(reader, data.at(row))?.length ?? 0;
  return {
    count,
    dtype,
    at: inOrder(count, (found) => {
      for (let row = 0; row < rows.length; row++) {
        const [places, values] = [membersIn(reader, rows.at(row)), membersIn(reader, data.at(row))];
        for (let at = 0; at < Math.min(places?.length ?? 0, values?.length ?? 0); at++) {
          if (places === undefined || values === undefined) continue;
          add(found, row, Number(elementOf(reader, places.at(at))), elementOf(reader, values.at(at)));
        }
      }
    }),
  };
}

/** `dok`: a dict of values by (row, column): the matrix itself, from scipy 1.12 on in `_dict`. */
export function keyed({ reader, object, attributes }: Source): Stored | undefined {
  const ref = attributes.get("_dict");
  const pairs = ref === undefined ? object.entries : reader.dict(ref);
  const dtype = numberDtype(reader, attributes.get("dtype"));
  if (pairs === undefined || dtype === undefined) return undefined;
  return {
    count: pairs.length,
    dtype,
    at: inOrder(pairs.length, (found) => {
      for (let at = 0; at < pairs.length; at++) {
        const key = reader.tuple(pairs.key(at));
        if (key?.length !== 2) continue;
        const [row, column] = [elementOf(reader, key.at(0)), elementOf(reader, key.at(1))];
        const line = found.get(Number(row));
        // Of one key the last value counts.
        line?.delete(Number(column));
        add(found, Number(row), Number(column), elementOf(reader, pairs.value(at)));
      }
    }),
  };
}
