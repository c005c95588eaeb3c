import type { Ref } from "../tape.ts";
import { ByteStore } from "../bytes.ts";
import { narrow } from "../literals.ts";
import type { ObjectShape, Recogniser, Shape, Span, ValueReader } from "../shapes.ts";
import { noMembers, noPairs } from "../shapes.ts";
import { byteSpan, isBare, latin1, membersIn } from "./arguments.ts";

const NOTHING: Span = { store: new ByteStore(new Uint8Array(0)), from: 0, to: 0 };

/** Python's built-in types as older protocols, and older pickles, write them: a call of the type. */
export const builtins: Readonly<Record<string, Recogniser>> = {
  "builtins.set": (object, reader) => sequence("set", object, reader),
  "builtins.frozenset": (object, reader) => sequence("frozenset", object, reader),
  "builtins.list": (object, reader) => sequence("list", object, reader),
  "builtins.tuple": (object, reader) => sequence("tuple", object, reader),
  "builtins.dict": (object, reader) => {
    if (!isBare(object) || object.args.length > 1) return undefined;
    if (object.args.length === 0) return { t: "dict", pairs: noPairs };
    const pairs = reader.dict(object.args.at(0));
    return pairs === undefined ? undefined : { t: "dict", pairs };
  },
  "builtins.bytes": (object, reader) => data("bytes", object, reader),
  "builtins.bytearray": (object, reader) => data("bytearray", object, reader),
  "_codecs.encode": (object, reader) => {
    // Protocols 0 to 2 have no bytes: they write encode(text, "latin1").
    const span = isBare(object) ? encoded(object, reader) : undefined;
    return span === undefined ? undefined : { t: "bytes", span };
  },
  "builtins.getattr": innerClass,
  "builtins.range": (object, reader) => {
    if (!isBare(object) || object.args.length < 1 || object.args.length > 3) return undefined;
    const ints: (number | bigint)[] = [];
    for (let i = 0; i < object.args.length; i++) {
      const value = reader.int(object.args.at(i));
      if (value === undefined) return undefined;
      ints.push(narrow(value));
    }
    const [first = 0, second, step = 1] = ints;
    if (step === 0) return undefined;
    return { t: "range", start: second === undefined ? 0 : first, stop: second ?? first, step };
  },
  "builtins.complex": (object, reader) => {
    if (!isBare(object) || object.args.length < 1 || object.args.length > 2) return undefined;
    const re = real(reader, object.args.at(0));
    const im = object.args.length === 2 ? real(reader, object.args.at(1)) : 0;
    return re === undefined || im === undefined ? undefined : { t: "complex", re, im };
  },
};

/**
 * getattr(Outer, "Inner"): how protocols 0 to 3, which have no dotted names, write a class inside a class. Methods look the same but for their names, which
 * PEP 8 has in lower case, and members of an enum, in capitals.
 */
function innerClass(object: ObjectShape, reader: ValueReader): Shape | undefined {
  if (reader.protocol > 3 || !isBare(object) || object.args.length !== 2) return undefined;
  const outer = reader.nameOf(object.args.at(0));
  const name = reader.text(object.args.at(1));
  if (outer === undefined || name === undefined || !/^_?[A-Z][A-Za-z0-9_]*[a-z]/.test(name)) return undefined;
  return { t: "global", module: outer.module, name: `${outer.name}.${name}` };
}

function sequence(
  t: "set" | "frozenset" | "list" | "tuple",
  object: ObjectShape,
  reader: ValueReader,
): Shape | undefined {
  if (!isBare(object) || object.args.length > 1) return undefined;
  if (object.args.length === 0) return { t, members: noMembers };
  const members = membersIn(reader, object.args.at(0));
  return members === undefined ? undefined : { t, members };
}

function real(reader: ValueReader, ref: Ref): number | undefined {
  const int = reader.int(ref);
  if (int !== undefined) return Number(int);
  const shape = reader.shape(ref);
  return shape.t === "float" ? shape.value : undefined;
}

function data(t: "bytes" | "bytearray", object: ObjectShape, reader: ValueReader): Shape | undefined {
  if (!isBare(object)) return undefined;
  if (object.args.length === 0) return { t, span: NOTHING };
  if (object.args.length === 2) {
    const span = encoded(object, reader);
    return span === undefined ? undefined : { t, span };
  }
  const shape = reader.shape(object.args.at(0));
  if (shape.t === "bytes" || shape.t === "bytearray") return { t, span: shape.span };
  // Python 2: bytearray(u"text", "latin-1") where an argument was left out, or its `str`.
  if (shape.t === "str" && shape.codec === "ascii") {
    const span = byteSpan(reader, object.args.at(0));
    return span === undefined ? undefined : { t, span };
  }
  return undefined;
}

/** The bytes of (text, codec), for the codecs that pickles use. */
function encoded(object: ObjectShape, reader: ValueReader): Span | undefined {
  if (object.args.length !== 2) return undefined;
  const text = reader.text(object.args.at(0));
  const codec = reader.text(object.args.at(1))?.toLowerCase().replace(/[-_ ]/g, "");
  if (text === undefined || codec === undefined) return undefined;
  if (codec === "latin1" || codec === "iso88591") return latin1(text);
  if (codec === "ascii" && /^[\0-\x7f]*$/.test(text)) return latin1(text);
  if (codec !== "utf8" || /\p{Cs}/u.test(text)) return undefined;
  const store = new ByteStore(new TextEncoder().encode(text));
  return { store, from: 0, to: store.length };
}
