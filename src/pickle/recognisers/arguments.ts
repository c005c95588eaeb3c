import type { Members, ObjectShape, Span, ValueReader } from "../shapes.ts";
import { ByteStore } from "../bytes.ts";
import type { Ref } from "../tape.ts";

/** Whether an object is its class and positional arguments and nothing else. */
export function isBare(object: ObjectShape): boolean {
  return (
    (object.kwargs?.length ?? 0) === 0 &&
    object.states.length === 0 &&
    object.items.length === 0 &&
    object.entries.length === 0
  );
}

/** The members of a built-in sequence or set; `undefined` for what is none. */
export function membersIn(reader: ValueReader, ref: Ref): Members | undefined {
  const shape = reader.shape(ref);
  return shape.t === "list" || shape.t === "tuple" || shape.t === "set" || shape.t === "frozenset"
    ? shape.members
    : undefined;
}

/** The whole numbers that all of `args` are, as JavaScript numbers; `undefined` where one is none or too large. */
export function smallInts(reader: ValueReader, args: Members): number[] | undefined {
  if (args.length > 16) return undefined;
  const ints: number[] = [];
  for (let i = 0; i < args.length; i++) {
    const value = reader.int(args.at(i));
    if (typeof value !== "number") return undefined;
    ints.push(value);
  }
  return ints;
}

/** The bytes of a bytes object, or of a string whose characters are bytes (Python 2's `str`, Latin-1). At most `most` of them. */
export function byteSpan(reader: ValueReader, ref: Ref, most = Infinity): Span | undefined {
  const shape = reader.shape(ref);
  if (shape.t === "bytes" || shape.t === "bytearray") return shape.span;
  if (shape.t !== "str" || shape.span.to - shape.span.from > most) return undefined;
  const text = reader.textOf(shape);
  return text === undefined ? undefined : latin1(text);
}

/** The bytes that the characters of a text are; `undefined` where one is no byte. */
export function latin1(text: string): Span | undefined {
  const data = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return undefined;
    data[i] = code;
  }
  return { store: new ByteStore(data), from: 0, to: data.length };
}

/** Values by the texts that they are found under: what an object's state sets, or a dict of options. */
export type Attributes = ReadonlyMap<string, Ref>;

/** Names of a dict that is looked through, unless it is one of more. */
const MOST_ATTRIBUTES = 64;
/** Bytes of a name: the same long text may be that of each. */
const LONGEST_NAME = 4096;

/** The values of a dict by its texts; `undefined` for what is no dict, where it has more than `most`, and where one is far too long. */
export function mapOf(reader: ValueReader, ref: Ref, most = MOST_ATTRIBUTES): Attributes | undefined {
  const pairs = reader.dict(ref);
  if (pairs === undefined || pairs.length > most) return undefined;
  const attributes = new Map<string, Ref>();
  for (let at = 0; at < pairs.length; at++) {
    const key = reader.shape(pairs.key(at));
    if (key.t !== "str") continue;
    if (key.span.to - key.span.from > LONGEST_NAME) return undefined;
    const name = reader.textOf(key);
    if (name !== undefined) attributes.set(name, pairs.value(at));
  }
  return attributes;
}

/** The same of what an object's state sets. */
const MOST_SET = 1000;

/** The values of a dict of attributes. */
function namedIn(reader: ValueReader, ref: Ref): Attributes | undefined {
  return mapOf(reader, ref, MOST_SET);
}

/** What an object's state sets by name, the dict of its slots included; `undefined` where its state is something else, or too large. */
export function stateOf(reader: ValueReader, { states }: ObjectShape): Attributes | undefined {
  const [state] = states;
  if (state === undefined || states.length > 1) return undefined;
  const whole = namedIn(reader, state);
  if (whole !== undefined) return whole;
  const parts = reader.tuple(state);
  if (parts?.length !== 2) return undefined;
  const [first, slots] = [namedIn(reader, parts.at(0)), namedIn(reader, parts.at(1))];
  return slots === undefined ? first : new Map([...(first ?? []), ...slots]);
}
