import { arrangeChecks } from "./arrange.ts";
import type { ArrangeRequests } from "./arrange.ts";
import { count, flag, optional, record, text } from "./check.ts";
import type { Check } from "./check.ts";
import { checkCompare } from "./compare.ts";
import type { Comparison, CompareParams } from "./compare.ts";
import { checkCopyCells } from "./copyCells.ts";
import type { CopiedCells, CopyCellsParams } from "./copyCells.ts";
import { checkExport } from "./exports.ts";
import type { Exported, ExportParams } from "./exports.ts";
import { checkPath, nodeChecks } from "./nodes.ts";
import type { DocumentState, NodeRequests, PathParams } from "./nodes.ts";
import { profileChecks } from "./profile.ts";
import type { ProfileRequests } from "./profile.ts";
import type { CallsOf, Checks } from "./rpc.ts";
import { checkServiceKey, checkSessionSource } from "./session.ts";
import type { ServiceKeyOf, SessionSource } from "./session.ts";
import { shapeChecks } from "./shapes.ts";
import type { ShapeRequests } from "./shapes.ts";
import { tableChecks } from "./table.ts";
import type { TableRequests } from "./table.ts";

/** Which artifact to open, and how the session that reads it is opened. */
export interface ArtifactSource {
  readonly session: SessionSource;
  /** The key of the session's service, where no configuration has it. */
  readonly key?: ServiceKeyOf;
  readonly pathspec: string;
  /** The latest attempt when absent. */
  readonly attempt?: number;
}

/** A file with a pickle, or one array of numpy, in it. */
export interface FileSource {
  /** Its path on the extension host's machine. */
  readonly file: string;
}

/** What is in such a file: a pickle, plain or in gzip, or what `numpy.save` writes. */
export type FileFormat = "pickle" | "gzip" | "npy";

/** What is known of such a file. */
export interface FileFacts extends FileSource {
  readonly format: FileFormat;
  readonly name: string;
  /** Bytes of the file. */
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
  /** Of an array of numpy whether its elements are objects, which are a pickle in it. */
  readonly objects?: true;
}

/** What Metaflow recorded about an artifact. */
export interface ArtifactFacts {
  readonly pathspec: string;
  readonly name: string;
  /** SHA-1 of the pickled bytes: equal values of two runs have equal keys. */
  readonly sha: string;
  /** Bytes of the pickle, uncompressed. */
  readonly sizeBytes?: number;
  readonly attempt?: number;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** Where the record was found: `local@/path`. */
  readonly metadata: string;
}

/** Which artifact or file the thread opens, under which number. */
export interface OpenParams {
  /** Chosen by the one who asks; names the document in every later request and event. */
  readonly document: number;
  readonly source: ArtifactSource | FileSource;
  /** Whether what was read from this datastore before is to be forgotten: for a second try after a failure. */
  readonly fresh: boolean;
}

/** Milliseconds that an answer waits for the rest of a value: a small one is whole by then, and nothing has to be told later. */
export const SMALL_MS = 30;

/** The artifact as it stands when its beginning can be shown. */
export interface Opened {
  readonly facts: ArtifactFacts | FileFacts;
  readonly state: DocumentState;
}

interface InDocument {
  readonly document: number;
}

/** The same requests, each about one of several documents. */
export type OfDocument<R extends CallsOf<R>> = {
  readonly [M in keyof R]: { readonly params: R[M]["params"] & InDocument; readonly result: R[M]["result"] };
};

/** JSON text of a value. */
export interface JsonText {
  readonly text: string;
  /** How many values JSON has no form for; they were written as Python's text or in the nearest form. */
  readonly approximated: number;
}

/** How Python gets from the artifact's value to a part of it. */
export interface AccessPath {
  /** Such as `["k"][3].name`; empty for the value itself. */
  readonly expression: string;
  /** `false` where the last part of the way has no expression: the member of a set, an argument of a constructor. */
  readonly exact: boolean;
}

/** What is asked of an open value, by the view and by the host alike. */
export interface ValueRequests
  extends NodeRequests, TableRequests, ArrangeRequests, ProfileRequests, ShapeRequests {}

/** What the host asks the decoding thread. */
export interface DecoderRequests extends OfDocument<ValueRequests> {
  open: { params: OpenParams; result: Opened };
  state: { params: InDocument; result: DocumentState };
  /** The value at a path as JSON; fails with code `too-large` rather than give a part. */
  json: { params: PathParams & InDocument & { readonly typed: boolean }; result: JsonText };
  /** The whole text of a `str`, Python's `repr` of what is no container, JSON of a container. */
  plain: { params: PathParams & InDocument; result: { readonly text: string } };
  access: { params: PathParams & InDocument; result: AccessPath };
  /** Cells as text; fails with code `too-large` rather than give a part. */
  copyCells: { params: CopyCellsParams & InDocument; result: CopiedCells };
  /** Writes the whole value to a file; tells `exported` meanwhile. */
  exportValue: { params: ExportParams & InDocument; result: Exported };
  /** How the value differs from another one, which is open too. */
  compare: { params: CompareParams & InDocument; result: Comparison };
  close: { params: InDocument; result: undefined };
}

/** What the decoding thread tells. */
export interface DecoderEvents {
  /** The document was read further, or to its end. */
  changed: InDocument & { readonly state: DocumentState };
  /** How far the value is written: of a table in rows, of others in bytes of the file. */
  exported: InDocument & { readonly done: number; readonly total?: number };
}

const inDocument = { document: count };

/** The checks of requests, and that each names its document. */
function ofDocument<R extends CallsOf<R>>(checks: Checks<R>): Checks<OfDocument<R>> {
  const made = Object.entries<Check<unknown>>(checks).map(([method, check]) => [
    method,
    (value: unknown, at?: string) => ({
      ...(check(value, at) as object), // What is asked of a value is a record.
      ...record<InDocument>(inDocument)(value, at),
    }),
  ]);
  // Made of all of them, which the compiler cannot follow through Object.entries.
  return Object.fromEntries(made) as Checks<OfDocument<R>>;
}

/** The checks of what is asked of an open value. */
export const valueChecks: Checks<ValueRequests> = {
  ...nodeChecks,
  ...tableChecks,
  ...arrangeChecks,
  ...profileChecks,
  ...shapeChecks,
};

const path = (value: unknown, place?: string): PathParams & InDocument => ({
  ...checkPath(value, place),
  ...record<InDocument>(inDocument)(value, place),
});

const artifactSource = record<ArtifactSource>({
  session: checkSessionSource,
  key: optional(checkServiceKey),
  pathspec: text,
  attempt: optional(count),
});

/** The checks at the thread's border. */
export const decoderChecks: Checks<DecoderRequests> = {
  open: record<OpenParams>({
    document: count,
    source: (value, place) =>
      typeof value === "object" && value !== null && "file" in value
        ? record<FileSource>({ file: text })(value, place)
        : artifactSource(value, place),
    fresh: flag,
  }),
  state: record<InDocument>(inDocument),
  json: (value, place) => ({
    ...path(value, place),
    ...record<{ typed: boolean }>({ typed: flag })(value, place),
  }),
  plain: path,
  access: path,
  copyCells: (value, place) => ({
    ...checkCopyCells(value, place),
    ...record<InDocument>(inDocument)(value, place),
  }),
  exportValue: (value, place) => ({
    ...checkExport(value, place),
    ...record<InDocument>(inDocument)(value, place),
  }),
  compare: (value, place) => ({
    ...checkCompare(value, place),
    ...record<InDocument>(inDocument)(value, place),
  }),
  close: record<InDocument>(inDocument),
  ...ofDocument(valueChecks),
};
