import { count, flag, listOf, record, whole } from "./check.ts";
import type { Checks } from "./rpc.ts";
import type { TableFacts } from "./table.ts";

/** Identifies a value inside its document, stable while the document is open. The same value met twice has the same id. */
export type NodeId = number;

/** What colours and icons are chosen by. */
export type Family =
  | "none"
  | "bool"
  | "number"
  | "text"
  | "bytes"
  | "time"
  | "sequence"
  | "mapping"
  | "set"
  | "object"
  | "name"
  | "unknown";

/** What a value is called by the one that holds it. */
export interface NodeKey {
  /** Free of control characters, bounded. */
  readonly text: string;
  /** `index`: a position in a sequence; `key`: a dict's key as Python writes it; `field`: an attribute, an argument and the like. */
  readonly kind: "index" | "key" | "field";
}

/** A way to look at a value, beside the tree and a table. */
export type Look = "image" | "heatmap" | "plot" | "json" | "html" | "markdown";

/** One value as a row of the tree. */
export interface NodeRow {
  readonly id: NodeId;
  /** Absent for the root and for the members of a set. */
  readonly key?: NodeKey;
  /** Python's qualified type name. */
  readonly type: string;
  readonly family: Family;
  /** Python's `len()`, where the type has one. */
  readonly length?: number;
  /** Of an array its lengths along each axis, of a frame its rows and columns. */
  readonly shape?: readonly number[];
  /** How many children can be paged through; 0 for a leaf. While the value is still read: how many so far. */
  readonly childCount: number;
  /** A short Python-like `repr`, free of control characters. */
  readonly preview: string;
  /** Whether text or bytes are longer than the preview shows, so that the whole is worth asking for. */
  readonly more: boolean;
  /** Whether it can be shown as rows and columns. */
  readonly tabular?: boolean;
  /** How else it can be shown, the best way first; absent where there is none. */
  readonly looks?: readonly Look[];
}

/** Whether it is first of all an image, and so no table of numbers. */
export function isPicture({ looks }: NodeRow): boolean {
  return looks?.[0] === "image";
}

/** Children `from` (included) to `from + rows.length` of a node. */
export interface NodePage {
  readonly from: number;
  readonly rows: readonly NodeRow[];
  /** The node's number of children at the time of the answer. */
  readonly childCount: number;
}

/** A part of a text: a JavaScript string, control characters as they are. */
export interface TextPart {
  readonly text: string;
  /** How many characters the part has, as Python counts them. */
  readonly characters: number;
  /** Where the next part starts, in bytes of UTF-8; absent when this was the last. */
  readonly next?: number;
}

/** A text as a page. */
export interface Page {
  readonly html: string;
  /** How many characters of the text are on it. */
  readonly characters: number;
  /** Whether these are all. */
  readonly whole: boolean;
}

/** A part of bytes, as hexadecimal digits without spaces. */
export interface HexPart {
  readonly from: number;
  readonly hex: string;
  readonly sizeBytes: number;
}

/** What is wrong with a value or with the way to it, in words for a person. */
export interface Problem {
  /** Stable: the code of the error. */
  readonly code: string;
  /** One sentence that names the object and what is wrong with it. */
  readonly message: string;
  /** Where it was read from. */
  readonly place?: string;
  readonly causes?: readonly string[];
  /** In bytes from the start of the pickle, where the bytes are at fault. */
  readonly offset?: number;
}

/** How far a document is read, in bytes of the uncompressed pickle. */
export interface Progress {
  readonly decodedBytes: number;
  readonly totalBytes?: number;
}

/** What Python would import to load a value. */
export interface Imports {
  /** Libraries that are known to hold values of data and models, by their names. */
  readonly known: readonly string[];
  /** Classes and functions that are neither of these nor harmless: loading runs their code. */
  readonly unknown: readonly string[];
}

/** How a document stands: what is asked about the whole value. */
export interface DocumentState {
  readonly root: NodeRow;
  /** The value as rows and columns, where it has some: so far, while it is read. */
  readonly table?: TableFacts;
  readonly settled: boolean;
  readonly progress: Progress;
  /** Why the value is not whole; its readable part is in `root`. */
  readonly problem?: Problem;
  /** What is odd but harms nothing. */
  readonly warnings: readonly string[];
  /** The pickle's protocol, once it is read. */
  readonly protocol?: number;
  /** Once all is read. */
  readonly imports?: Imports;
}

/** Where a value lies below the root: the positions of the children on the way. */
export type NodePath = readonly number[];

/** A part of one value: children `from` (included) `to` (excluded), or bytes of its text. */
export interface PageParams {
  readonly node: NodeId;
  readonly from: number;
  readonly to: number;
}

/** A text that is to be shown as a page. */
export interface PageOfTextParams {
  readonly node: NodeId;
  /** Whether it is Markdown; else it is HTML. */
  readonly markdown: boolean;
}

/** A value by its place. */
export interface PathParams {
  readonly path: NodePath;
}

/** Children are asked for in pages of this many. */
export const PAGE_SIZE = 100;

/** Reads a {@link PageParams}. */
const checkPage = record<PageParams>({ node: whole, from: count, to: count });
/** Reads a {@link PathParams}. */
export const checkPath = record<PathParams>({ path: listOf(count) });

/** What is asked of the parts of a value. */
export interface NodeRequests {
  children: { params: PageParams; result: NodePage };
  text: { params: PageParams; result: TextPart };
  hex: { params: PageParams; result: HexPart };
  /** What begins a text as a page; fails with code `too-deep` where Markdown is nested beyond what can be followed. */
  page: { params: PageOfTextParams; result: Page };
}

/** The checks at both borders: of the host, and of the decoding thread. */
export const nodeChecks: Checks<NodeRequests> = {
  children: checkPage,
  text: checkPage,
  hex: checkPage,
  page: record<PageOfTextParams>({ node: whole, markdown: flag }),
};
