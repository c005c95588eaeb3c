import { distinctPairs } from "../distinct.ts";
import { fieldsOf } from "../natural/known.ts";
import { isoOffset } from "../natural/time.ts";
import type { PartRow } from "../part.ts";
import { noMembers, type Members, type ObjectShape, type Pairs, type ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { addressText } from "./addresses.ts";
import { attributeRows, pairRows, rowsOf } from "./rows.ts";
import { typedArrayView } from "./typedArray.ts";
import type { MakeView, Pen, View } from "./view.ts";

/** Objects of Python's standard library that pickle as what makes them, not as what they are: as Python prints them. */
export const standardView: MakeView = (object, reader) =>
  MAKERS[`${object.module}.${object.name}`]?.(object, reader);

const MAKERS: Readonly<Record<string, MakeView>> = {
  "array.array": typedArrayView,
  "array._array_reconstructor": typedArrayView,
  "collections.Counter": (object, reader) => {
    const counts = isMade(object, 1) ? reader.dict(object.args.at(0)) : undefined;
    if (counts === undefined) return undefined;
    const pairs = distinctPairs(reader, counts);
    return {
      ...viewOfRows("collections.Counter", [], (pen) => {
        const order = byCount(reader, pairs);
        pen.list(
          `Counter(${order.length > 0 ? "{" : ""}`,
          order.length,
          order.length > 0 ? "})" : ")",
          (at) => {
            pen.value(pairs.key(order[at] ?? 0));
            pen.text(": ");
            pen.value(pairs.value(order[at] ?? 0));
          },
        );
      }),
      length: pairs.length,
      rows: pairRows(pairs),
    };
  },
  "collections.deque": (object, reader) => {
    const { args, items } = object;
    const most = isMade({ ...object, items: noMembers }, 2) ? reader.int(args.at(1)) : undefined;
    if (most === undefined || reader.tuple(args.at(0))?.length !== 0) return undefined;
    return {
      ...viewOfRows("collections.deque", [], (pen) => {
        pen.list("deque([", items.length, "]", (at) => {
          pen.value(items.at(at));
        });
        pen.text(`, maxlen=${most})`);
      }),
      length: items.length,
      rows: { length: items.length, at: (at) => ({ value: items.at(at) }) },
    };
  },
  "datetime.timezone": (object, reader) => {
    const delta = isMade(object, 1) || isMade(object, 2) ? reader.shape(object.args.at(0)) : undefined;
    if (delta?.t !== "timedelta") return undefined;
    const offset = (delta.days * 86_400 + delta.seconds) * 1e6 + delta.microseconds;
    const rows = ["offset", "name"].slice(0, object.args.length);
    return viewOfRows("datetime.timezone", named(rows, object.args), (pen) => {
      pen.text(`timezone(UTC${offset === 0 ? "" : isoOffset(offset)}`);
      if (rows.length > 1) {
        pen.text(", ");
        pen.value(object.args.at(1));
      }
      pen.text(")");
    });
  },
  "zoneinfo.ZoneInfo._unpickle": (object) =>
    isMade(object, 2)
      ? called(
          "zoneinfo.ZoneInfo",
          "ZoneInfo",
          [object.args.at(0)],
          [{ key: ".key", value: object.args.at(0) }],
        )
      : undefined,
  "functools.partial": partialView,
  "re._compile": patternView,
  "ipaddress.IPv4Address": addressView,
  "ipaddress.IPv6Address": addressView,
  "time.struct_time": structView,
  "os.stat_result": structView,
  "os.terminal_size": structView,
  "os.uname_result": structView,
  "_io.BytesIO": streamView,
  "_io.StringIO": streamView,
};

/** Counts that are put in order to be printed; more stay in that of the pickle. */
const MOST_COUNTS = 1000;

/** The places of counts, the highest first, as Python prints them. */
function byCount(reader: ValueReader, pairs: Pairs): readonly number[] {
  const { length } = pairs;
  const places = Array.from({ length: Math.min(length, MOST_COUNTS) }, (_, at) => at);
  const counts = places.map((at) => Number(reader.int(pairs.value(at)) ?? NaN));
  // Python leaves what has no order as it is.
  if (length > MOST_COUNTS || counts.some(Number.isNaN)) return places;
  return places.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
}

/** Whether an object is made of so many arguments and nothing else. */
function isMade({ args, items, entries, states, kwargs }: ObjectShape, count: number): boolean {
  return args.length === count && items.length + entries.length + states.length + (kwargs?.length ?? 0) === 0;
}

function viewOfRows(type: string, rows: readonly PartRow[], print: (pen: Pen) => void): View {
  return { type, rows: rowsOf(rows), print };
}

function named(keys: readonly string[], values: Members): readonly PartRow[] {
  return keys.map((key, at) => ({ key, value: values.at(at) }));
}

/** `name(a, b)`. */
function called(type: string, name: string, values: readonly Ref[], rows: readonly PartRow[]): View {
  return viewOfRows(type, rows, (pen) => {
    pen.list(`${name}(`, values.length, ")", (at) => {
      pen.value(values[at] ?? 0);
    });
  });
}

/** `partial(<int>, '1', base=2)`: a state of the function, its arguments by place and by name, and attributes. */
function partialView(object: ObjectShape, reader: ValueReader): View | undefined {
  const state = object.states.length === 1 ? reader.tuple(object.states[0] ?? 0) : undefined;
  const args = state?.length === 4 ? reader.tuple(state.at(1)) : undefined;
  const kwargs = state?.length === 4 ? reader.dict(state.at(2)) : undefined;
  if (state === undefined || args === undefined || kwargs === undefined) return undefined;
  const rows = named([".func", ".args", ".keywords", ...ownIn(reader, state)], state);
  return viewOfRows("functools.partial", rows, (pen) => {
    pen.list("partial(", 1 + args.length + kwargs.length, ")", (at) => {
      if (at === 0) pen.value(state.at(0));
      else if (at <= args.length) pen.value(args.at(at - 1));
      else {
        const pair = at - 1 - args.length;
        pen.text(`${reader.text(kwargs.key(pair)) ?? ""}=`);
        pen.value(kwargs.value(pair));
      }
    });
  });
}

/** Python: `re.RegexFlag`, by its bits. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [2, "IGNORECASE"],
  [4, "LOCALE"],
  [8, "MULTILINE"],
  [16, "DOTALL"],
  [32, "UNICODE"],
  [64, "VERBOSE"],
  [128, "DEBUG"],
  [256, "ASCII"],
];

/** `re.compile('a+', re.IGNORECASE)`. */
function patternView(object: ObjectShape, reader: ValueReader): View | undefined {
  const flags = isMade(object, 2) ? reader.int(object.args.at(1)) : undefined;
  if (typeof flags !== "number") return undefined;
  const isText = reader.shape(object.args.at(0)).t === "str";
  // Of a text it is there unless another one is.
  const shown = FLAGS.filter(
    ([bit]) => (flags & bit) !== 0 && !(bit === 32 && isText && (flags & 260) === 0),
  );
  return viewOfRows("re.Pattern", named([".pattern", ".flags"], object.args), (pen) => {
    pen.text("re.compile(");
    pen.value(object.args.at(0));
    if (shown.length > 0) pen.text(`, ${shown.map(([, name]) => `re.${name}`).join("|")}`);
    pen.text(")");
  });
}

/** `IPv4Address('127.0.0.1')`: a number of 32 or 128 bits. */
function addressView(object: ObjectShape, reader: ValueReader): View | undefined {
  const value = isMade(object, 1) ? reader.int(object.args.at(0)) : undefined;
  const bits = object.name === "IPv4Address" ? 32 : 128;
  if (value === undefined || value < 0 || BigInt(value) >> BigInt(bits) > 0n) return undefined;
  return viewOfRows(`ipaddress.${object.name}`, [{ key: "int", value: object.args.at(0) }], (pen) => {
    pen.text(`${object.name}('${addressText(BigInt(value), bits)}')`);
  });
}

/** `struct_time(tm_year=2024, …)`: a tuple whose places have names, and a dict of what has no place. */
function structView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { module, name, args } = object;
  const members = isMade(object, 2) ? reader.tuple(args.at(0)) : undefined;
  const others = isMade(object, 2) ? reader.dict(args.at(1)) : undefined;
  const fields = members && fieldsOf(object, members.length);
  if (members === undefined || others === undefined || fields === undefined) return undefined;
  const rows = new Map<string, Ref>(fields.map((field, at) => [field, members.at(at)]));
  for (let at = 0; at < Math.min(others.length, MOST_OTHERS); at++)
    rows.set(reader.text(others.key(at)) ?? "", others.value(at));
  return {
    ...viewOfRows(`${module}.${name}`, attributeRows(rows), (pen) => {
      pen.list(`${name}(`, fields.length, ")", (at) => {
        pen.text(`${fields[at] ?? ""}=`);
        pen.value(members.at(at));
      });
    }),
    length: members.length,
  };
}

const MOST_OTHERS = 64;

/** `BytesIO(b'…')`: a state of what is in it, where reading goes on, and attributes; of text also how lines end. */
function streamView(object: ObjectShape, reader: ValueReader): View | undefined {
  const keys = object.name === "BytesIO" ? ["value", "position"] : ["value", "newline", "position"];
  const state = object.states.length === 1 ? reader.tuple(object.states[0] ?? 0) : undefined;
  if (state?.length !== keys.length + 1) return undefined;
  return called(
    `${object.module}.${object.name}`,
    object.name,
    [state.at(0)],
    named([...keys, ...ownIn(reader, state)], state),
  );
}

/** The key of an object's own attributes, which are the last of its state, where it has any. */
function ownIn(reader: ValueReader, state: Members): readonly string[] {
  const own = state.at(state.length - 1);
  return reader.shape(own).t === "none" || reader.dict(own)?.length === 0 ? [] : [".__dict__"];
}
