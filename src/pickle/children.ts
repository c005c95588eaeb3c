import { attributesIn } from "./attributes.ts";
import { distinctMembers, distinctPairs, isDictType } from "./distinct.ts";
import { fieldsOf } from "./natural/known.ts";
import { liesInBytes } from "./numpy/array.ts";
import { preview, printable } from "./preview.ts";
import type { Members, ObjectShape, Pairs, Shape, ValueReader } from "./shapes.ts";
import type { Ref } from "./tape.ts";

/** A row below a value. */
export interface Row {
  readonly key?: Ref | string;
  readonly value: Ref;
}

/** The rows below a value, found one by one. */
export interface Rows {
  readonly length: number;
  at(index: number): Row;
}

/** States whose attributes are rows. Python sets one, rarely two; a pickle may set a million. */
const MOST_STATES = 16;

const noRows: Rows = { length: 0, at: () => ({ value: 0 }) };

/** The rows below a value. While the document is read (`complete` false) they are as they come; then equal keys are one, as in Python. */
export function rowsOf(reader: ValueReader, shape: Shape, complete: boolean): Rows {
  switch (shape.t) {
    case "list":
    case "tuple":
      return sequenceRows(shape.members);
    case "set":
    case "frozenset":
      return sequenceRows(complete ? distinctMembers(reader, shape.members) : shape.members);
    case "dict":
      return pairRows(complete ? distinctPairs(reader, shape.pairs) : shape.pairs);
    case "ndarray":
      return liesInBytes(shape.data) ? noRows : sequenceRows(shape.data);
    case "object":
      return objectRows(reader, shape, complete);
    default:
      return noRows;
  }
}

function sequenceRows(members: Members): Rows {
  return { length: members.length, at: (index) => ({ value: members.at(index) }) };
}

function pairRows(pairs: Pairs): Rows {
  return { length: pairs.length, at: (index) => ({ key: pairs.key(index), value: pairs.value(index) }) };
}

/** The parts of an object in the order in which a reader looks for them: arguments, members, entries, attributes. */
function objectRows(reader: ValueReader, object: ObjectShape, complete: boolean): Rows {
  const { items, kwargs, states } = object;
  const sections: Rows[] = [argumentRows(reader, object)];
  if (kwargs !== undefined) sections.push(labelled(reader, kwargs, (name) => `${name}=`));
  if (items.length > 0) sections.push(sequenceRows(items));
  if (object.entries.length > 0) {
    sections.push(
      pairRows(complete && isDictType(object) ? distinctPairs(reader, object.entries) : object.entries),
    );
  }
  if (states.length > MOST_STATES) {
    sections.push({ length: states.length, at: (index) => ({ key: "state", value: states[index] ?? 0 }) });
  } else {
    for (const state of states) sections.push(...stateRows(reader, state, complete));
  }
  return joinRows(sections);
}

function argumentRows(reader: ValueReader, object: ObjectShape): Rows {
  const tuple = object.made === "tuple" ? reader.tuple(object.args.at(0)) : undefined;
  const args = tuple ?? object.args;
  const fields = fieldsOf(object, args.length);
  return {
    length: args.length,
    at: (index) => {
      const field = fields?.[index];
      return { key: field === undefined ? `args[${index}]` : `.${field}`, value: args.at(index) };
    },
  };
}

/** A state is a dict of attributes, or a tuple of that (or None) and the dict of the slots; classes may have others. */
function stateRows(reader: ValueReader, state: Ref, complete: boolean): Rows[] {
  const attributes = (ref: Ref): Rows | undefined => {
    const pairs = attributesIn(reader, ref);
    return pairs && labelled(reader, complete ? distinctPairs(reader, pairs) : pairs, (name) => `.${name}`);
  };
  const whole = attributes(state);
  if (whole !== undefined) return [whole];
  const parts = reader.tuple(state);
  if (parts?.length === 2) {
    const slots = attributes(parts.at(1));
    const first = attributes(parts.at(0));
    const isNone = reader.shape(parts.at(0)).t === "none";
    if (slots !== undefined && (first !== undefined || isNone))
      return first === undefined ? [slots] : [first, slots];
  }
  return [{ length: 1, at: () => ({ key: "state", value: state }) }];
}

function labelled(reader: ValueReader, pairs: Pairs, label: (name: string) => string): Rows {
  return {
    length: pairs.length,
    at: (index) => {
      const name = reader.text(pairs.key(index));
      const key = name === undefined ? `[${preview(reader, pairs.key(index), 40)}]` : label(printable(name));
      return { key, value: pairs.value(index) };
    },
  };
}

function joinRows(sections: readonly Rows[]): Rows {
  return {
    length: sections.reduce((sum, section) => sum + section.length, 0),
    at: (index) => {
      let rest = index;
      for (const section of sections) {
        if (rest < section.length) return section.at(rest);
        rest -= section.length;
      }
      return { value: 0 };
    },
  };
}
