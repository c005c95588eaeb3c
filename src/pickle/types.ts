import type { PickleError } from "./errors.ts";
import type { Slice, Table } from "./table/table.ts";

/** The encodings of Metaflow's data files (`data.json` "encoding"); `undefined` means a plain pickle. */
export type PickleEncoding = "pickle-v2" | "pickle-v4" | "gzip+pickle-v2" | "gzip+pickle-v4";

/** What a document may cost. Every limit ends in a `problem` with code `limit`, and what was read before stays readable. */
export interface PickleLimits {
  /** Bytes of the uncompressed pickle that are read. Default: as `size` allows where it is given, else 4 GiB of what is compressed. */
  bytes?: number;
  /**
   * Bytes of the uncompressed pickle that are kept in memory: more of them go to a temporary file, and come back where they are looked at. Default:
   * 512 MiB.
   */
  memory?: number;
  /** Bytes of the index that the scan builds. Default: 2 GiB. */
  index?: number;
}

/** What is known of the bytes, and what reading them may cost. */
export interface OpenPickleOptions {
  /** How the bytes are encoded. A name that is unknown gives a document with a problem. */
  encoding?: PickleEncoding | (string & {}) | undefined;
  /** The length of the uncompressed pickle in bytes, as Metaflow's metadata tell it: a bound, never an allocation. */
  size?: number | undefined;
  /** What reading may cost. */
  limits?: PickleLimits | undefined;
  /** Stops reading: what was read stays readable, the problem has the code `aborted`. */
  signal?: AbortSignal | undefined;
}

/** What `PyDocument.complete` tells once everything was read and nothing was wrong. */
export interface PickleSummary {
  /** The pickle's protocol, 0 to 5. */
  protocol: number;
  /** Length of the pickle up to its end, uncompressed, in bytes. */
  bytes: number;
  /** Bytes behind the end of the pickle, uncompressed; Python ignores them. */
  trailing: number;
  /** What is odd but harms nothing, each a sentence: bytes behind the end, trailing garbage after gzip. */
  warnings: readonly string[];
}

/** A part of the children of a node, `from` included, `to` excluded. */
export interface PyPage {
  /** The first member, counted from 0. Default: 0. */
  from?: number;
  /** The member behind the last one. Default: 1,000 after the first one. */
  to?: number;
}

/** One member of a container. `key` is a node in a dict, a label such as `.attr` or `args[0]` in an object, absent in a sequence. */
export interface PyChild {
  /** Where in the container it is. */
  readonly key?: PyNode | string;
  /** The member. */
  readonly value: PyNode;
}

/** Where the lossless form stops; what is cut off says how much there was (`len`). */
export interface TaggedLimits {
  /** How many levels of containers are opened; 1 shows the members of the root. Default: all. */
  depth?: number | undefined;
  /** How many members of each container are kept. Default: all. */
  items?: number | undefined;
}

/** JSON of the lossless form. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One node of the lossless form: `t` and the fields of the table in the library's contract. */
export interface Tagged {
  /** The kind of value: `int`, `dict`, `object`, … */
  t: string;
  [field: string]: Json;
}

/**
 * A value in a pickle: cheap, lazy, read only when asked. The methods wait until the document has read what they need; in a damaged document they answer
 * with the readable part.
 */
export interface PyNode {
  /** Identifies the node in its document (`PyDocument.node`), stable as long as the document lives. */
  readonly id: number;
  /** Python's qualified type name: `int`, `dict`, `collections.OrderedDict`, `datetime.datetime`; `opaque` where nothing is known. */
  readonly type: string;
  /** Python's `len()` where the type has one; members read so far while the document is read. */
  readonly length?: number | undefined;
  /** Of an array its lengths along each axis, of a frame its rows and columns; absent for all other types. Python: `value.shape`. */
  readonly shape?: readonly number[] | undefined;
  /** How many children `children()` can page through: 0 for a leaf. */
  readonly childCount: number;
  /** A short Python-like `repr`, bounded in length and cost, free of control characters. */
  readonly preview: string;
  /** The members `from` to `to`, at most 1,000 unless `to` says more. */
  children(page?: PyPage): Promise<PyChild[]>;
  /** Whether the value has a {@link table}, by a look at its first members. */
  readonly isTabular: boolean;
  /**
   * The value as rows and columns, of what is read so far: a frame, an array with an axis, records in a list, lists in a dict, of
   * every other list its members as one column; `undefined` for other values. Of an array with several axes `slice` chooses the two that are shown.
   */
  table(slice?: Slice): Table | undefined;
  /** An array as `numpy.save` writes it, piece by piece; `undefined` for other values, for objects in an array, and where elements are masked. */
  npy(): Iterable<Uint8Array> | undefined;
  /** The natural JavaScript value. Waits for the whole document. */
  toValue(): Promise<unknown>;
  /** The lossless JSON form. Waits for the whole document. */
  tagged(limits?: TaggedLimits): Promise<Tagged>;
  /** The bytes of a `bytes` or `bytearray`, or the text of a `str` in UTF-8, in part or whole; `undefined` for other types. */
  bytes(page?: PyPage): Promise<Uint8Array | undefined>;
  /** The first of these bytes, as far as they are there; never waits. `undefined` for other types. */
  beginning(size: number): Uint8Array | undefined;
}

/** How far reading is, in bytes of the uncompressed pickle; `total` is known when the source or the metadata tell it. */
export interface PickleProgress {
  /** Bytes that were read. */
  readonly decoded: number;
  /** Bytes that there are. */
  readonly total?: number | undefined;
}

/** An open pickle. */
export interface PyDocument {
  /** The value itself; while the document is read it is what is known of it so far. */
  readonly root: PyNode;
  /** What is wrong with the bytes, as soon as it is known. What was read before it stays readable. */
  readonly problem: PickleError | undefined;
  /** Whether reading has ended, well or badly. */
  readonly settled: boolean;
  /** How far reading is. */
  readonly progress: PickleProgress;
  /** Resolves when all was read; rejects with a `PickleError`, the same as `problem`, and nothing else. */
  readonly complete: Promise<PickleSummary>;
  /** The node with this `id`; `undefined` for a number that is none. */
  node(id: number): PyNode | undefined;
  /** The classes and functions that are named so far, which Python would import to load the value: `module.name`, at most 1,000. */
  globals(): readonly string[];
  /** The bytes `from` to `to` of the uncompressed pickle that are there so far, not to be changed, and how many these are in all. */
  raw(page?: PyPage): { readonly bytes: Uint8Array; readonly sizeBytes: number };
  /** Calls back as reading goes on and when it ends; the result stops that. */
  onProgress(listener: (progress: PickleProgress) => void): () => void;
  /** Stops reading and lets go of the source and of a temporary file. What was read and is in memory can still be looked at. */
  close(): void;
}
