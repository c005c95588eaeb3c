import type { ByteStore } from "./bytes.ts";
import type { QualifiedName } from "./names.ts";
import type { DType } from "./numpy/dtype.ts";
import type { DateFields, TimeFields } from "./natural/time.ts";
import type { Frame, Series } from "./pandas/frames.ts";
import type { Index } from "./pandas/indexes.ts";
import type { QuickScalars } from "./quick.ts";
import type { Ref, Tape } from "./tape.ts";

/** References in a row. */
export interface Members {
  readonly length: number;
  at(index: number): Ref;
}

/** Keys and values in a row. */
export interface Pairs {
  readonly length: number;
  key(index: number): Ref;
  value(index: number): Ref;
}

/** Bytes somewhere: in the pickle, or made of something in it. */
export interface Span {
  readonly store: ByteStore;
  readonly from: number;
  readonly to: number;
}

/** How a string was written. Python 2's `str` is text where it is ASCII, as `pickle.loads` has it, else bytes. */
export type Codec = "utf8" | "ascii" | "raw-unicode-escape";

/** Something built by a class or function that is never called, as the pickle describes it. */
export interface ObjectShape {
  readonly t: "object";
  /** `new`: an instance of a class (NEWOBJ); `tuple`: the same of a subclass of tuple, which is the only argument; `call`: what a function or class returns. */
  readonly made: "new" | "tuple" | "call";
  /** What would be called, with Python 3's names. */
  readonly module: string;
  readonly name: string;
  readonly args: Members;
  readonly kwargs: Pairs | undefined;
  /** The states that BUILD sets, in order; nearly always none or one. */
  readonly states: readonly Ref[];
  readonly items: Members;
  readonly entries: Pairs;
}

/** A `datetime.datetime`, of ten packed bytes or of numbers, as its recogniser read it. */
export interface DateTimeShape {
  readonly t: "datetime";
  readonly date: DateFields;
  readonly time: TimeFields;
  readonly fold: number;
  /** Microseconds from UTC; `undefined`: naive. */
  readonly offset: number | undefined;
}

/** A container without keys. The members of a set are as the pickle adds them: equal ones may come twice. */
export interface SequenceShape {
  readonly t: "list" | "tuple" | "set" | "frozenset";
  readonly members: Members;
}

/** A numpy array, whatever wrote it: its elements lie in bytes, or are values of their own. */
export interface NdArrayShape {
  readonly t: "ndarray";
  /** How the elements are written. */
  readonly dtype: DType;
  /** Whether Python has them in its machine's byte order once they are loaded, however they are written. */
  readonly turned: boolean;
  readonly shape: readonly number[];
  /** How the elements lie in `data`: C has the last index change first, F the first. */
  readonly order: "C" | "F";
  /** As many bytes as the elements have; or the elements, in C order, as many as there are. */
  readonly data: Span | Members;
  /** Of a masked array a byte for each element, in the order of `data`: those that are not 0 are missing. */
  readonly mask: Span | undefined;
  /** Whether its elements are Python's own numbers, as those of `array.array`. */
  readonly plain?: boolean;
}

/** What a reference stands for. One level: members are references again. */
export type Shape =
  | { readonly t: "none" }
  | { readonly t: "bool"; readonly value: boolean }
  | { readonly t: "int"; readonly value: number | bigint }
  /** An int of many bytes, read only on demand. */
  | { readonly t: "hugeint"; readonly size: number; read(): bigint }
  | { readonly t: "float"; readonly value: number }
  | { readonly t: "complex"; readonly re: number; readonly im: number }
  | { readonly t: "str"; readonly span: Span; readonly codec: Codec }
  | { readonly t: "bytes" | "bytearray"; readonly span: Span }
  | SequenceShape
  | { readonly t: "dict"; readonly pairs: Pairs }
  | {
      readonly t: "range";
      readonly start: number | bigint;
      readonly stop: number | bigint;
      readonly step: number | bigint;
    }
  | DateTimeShape
  | { readonly t: "date"; readonly date: DateFields }
  | { readonly t: "time"; readonly time: TimeFields; readonly offset: number | undefined }
  | {
      readonly t: "timedelta";
      readonly days: number;
      readonly seconds: number;
      readonly microseconds: number;
    }
  | { readonly t: "decimal"; readonly text: string }
  | { readonly t: "uuid"; readonly text: string }
  | { readonly t: "global"; readonly module: string; readonly name: string }
  | NdArrayShape
  /** pandas' tables, columns and axes. */
  | { readonly t: "dataframe"; readonly frame: Frame }
  | { readonly t: "series"; readonly series: Series }
  | { readonly t: "index"; readonly index: Index }
  /** One element of an array by itself. */
  | { readonly t: "npscalar"; readonly dtype: DType; readonly span: Span }
  | ObjectShape
  | { readonly t: "opaque"; readonly why: string; readonly span?: Span };

/** What has members, labels or elements of its own. */
export type ContainerShape = Extract<
  Shape,
  {
    readonly t: SequenceShape["t"] | "dict" | "object" | "ndarray" | "dataframe" | "series" | "index";
  }
>;

/** What is one value by itself. */
export type LeafShape = Exclude<Shape, ContainerShape>;

/** What reads references; its class is `Reader`. */
export interface ValueReader {
  readonly tape: Tape;
  readonly bytes: ByteStore;
  /** Where the bytes end, once no more will come. */
  readonly end: number;
  /** The pickle's protocol, as far as it is read. */
  readonly protocol: number;
  /** The members (`Edit.Items`) or pairs (`Edit.Entries`) of a node. */
  runs(ref: Ref, what: number): Members & Pairs;
  /** The scalars that are most, without a shape. */
  readonly quick: QuickScalars;
  /** What a reference stands for, one level deep. */
  shape(ref: Ref): Shape;
  /** The members of a plain tuple, `undefined` for everything else. */
  tuple(ref: Ref): Members | undefined;
  /** The pairs of a plain dict, `undefined` for everything else. */
  dict(ref: Ref): Pairs | undefined;
  /** The text of a string, `undefined` for what is none. */
  text(ref: Ref): string | undefined;
  textOf(text: { readonly span: Span; readonly codec: Codec }): string | undefined;
  /** The int of a reference, bools included as in Python; `undefined` for what is none. */
  int(ref: Ref): number | bigint | undefined;
  /** The name of a class or function; `undefined` for what is none. */
  nameOf(ref: Ref): QualifiedName | undefined;
  /** Pickles that stand one behind the other in bytes, as many as are whole, `most` of them. */
  pickles(bytes: Uint8Array, most: number): readonly InnerPickle[];
}

/** A pickle in bytes. */
export interface InnerPickle {
  readonly reader: ValueReader;
  readonly root: Ref;
  /** Where it ends in the bytes. */
  readonly end: number;
}

/** Makes a known value of an object, or leaves it alone when it is not what it usually is. Looks at its parts only, a bounded number of them. */
export type Recogniser = (object: ObjectShape, reader: ValueReader) => Shape | undefined;

/** The members of what has none. */
export const noMembers: Members = { length: 0, at: () => 0 };
/** The pairs of what has none. */
export const noPairs: Pairs = { length: 0, key: () => 0, value: () => 0 };

/** Members given as an array. */
export function membersOf(refs: readonly Ref[]): Members {
  return { length: refs.length, at: (index) => refs[index] ?? 0 };
}

/** Some of the members, from `start` on. */
export function membersFrom(members: Members, start: number): Members {
  return { length: Math.max(0, members.length - start), at: (index) => members.at(index + start) };
}
