import { settledWithin } from "../base/async.ts";
import { openMetaflow } from "../client/index.ts";
import type { CredentialSource, DataArtifact, Metaflow } from "../client/index.ts";
import type { PickleSummary, PyDocument, PyNode, Table } from "../pickle/index.ts";
import type {
  ArtifactFacts,
  ArtifactSource,
  DecoderEvents,
  DecoderRequests,
  JsonText,
  Opened,
  OpenParams,
} from "../protocol/decoder.ts";
import type { DocumentState, Imports, NodePage, NodePath } from "../protocol/nodes.ts";
import type { Handlers } from "../protocol/rpc.ts";
import type { ServiceKeyOf } from "../protocol/session.ts";
import type { CellBlock, CellsParams, TablePlace } from "../protocol/table.ts";
import { follow } from "./access.ts";
import { arrangeHandlers, LazyArranger } from "./arrange/handlers.ts";
import { curveOf } from "./curve.ts";
import { openFile } from "./file.ts";
import type { Found } from "./access.ts";
import { MAX_CHARACTERS, plainText, TooDeep, TooLarge, toJson } from "./json.ts";
import { imageOf } from "./image.ts";
import { importsOf } from "./imports.ts";
import { firstMember, keyOf, rowOf, stateOf } from "./nodes.ts";
import { atMost } from "./export/often.ts";
import { unpacked, unpackedBlob } from "./export/unpacked.ts";
import { hexPart, textPart } from "./textAndHex.ts";
import { rasterOf } from "./raster.ts";
import { findBytes, rawPart } from "./raw.ts";
import { locate } from "./locate.ts";
import { cellsOf, columnsOf, NoTable, tableFacts, Tables } from "./tables.ts";

/** Children that are given at once at most, whatever is asked for. */
const MAX_PAGE = 1000;
/** Members of a container that the typed form has at most; JSON of more would not fit on a clipboard. */
const MAX_TYPED_ITEMS = 200_000;
/** Milliseconds that an answer waits for the rest of a value: a small one is whole by then, and nothing has to be told later. */
const SMALL_MS = 30;
/** Milliseconds between two reports of how far a document is read. */
const REPORT_MS = 100;

interface Entry {
  readonly document: PyDocument;
  /** Where the bytes come from, as people would look for them. */
  readonly place: string;
  summary: Summary | undefined;
  readonly tables: Tables;
  readonly arranger: LazyArranger;
  /** The bytes of the pickle, or of the file as it is, read anew. */
  readonly pickle: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}

type Summary = PickleSummary & { readonly imports: Imports };

/** Tells the host what happens. */
export type Tell = { readonly [E in keyof DecoderEvents]: (event: DecoderEvents[E]) => void };

/** The documents that are open in this thread, and the sessions that they were read by. */
export class Documents {
  readonly #entries = new Map<number, Entry>();
  readonly #sessions = new Map<string, Promise<Metaflow>>();
  readonly #tell: Tell;

  /** What the thread answers. */
  readonly handlers: Handlers<DecoderRequests> = {
    open: async (params, signal) => this.#open(params, signal),
    state: ({ document }) => this.#stateOf(this.#entry(document)),
    children: async ({ document, node, from, to }) => this.#children(this.#node(document, node), from, to),
    text: async ({ document, node, from, to }) => textPart(this.#node(document, node), from, to),
    hex: async ({ document, node, from, to }) => hexPart(this.#node(document, node), from, to),
    json: async ({ document, path, typed }, signal) => {
      await this.#whole(document, signal);
      const { node } = await this.#found(document, path);
      return typed ? typedJson(node) : toJson(node, { signal });
    },
    plain: async ({ document, path }, signal) => {
      const { node } = await this.#found(document, path);
      return node.childCount === 0
        ? { text: await plainText(node) }
        : { text: (await toJson(node, { signal })).text };
    },
    access: async ({ document, path }) => {
      const { expression, exact } = await this.#found(document, path);
      return { expression, exact };
    },
    copyCells: async ({ document, ...params }, signal) => {
      await this.#whole(document, signal);
      const { copyCells } = await import("./copy/index.ts");
      const arranged = await this.#entry(document).arranger.arrangement(params);
      const table = arranged?.table ?? this.#table(document, params);
      return copyCells(table, params, { signal, ...(arranged && { order: await arranged.whole() }) });
    },
    table: async ({ document, ...place }) => {
      const table = this.#tableOf(document, place);
      return Promise.resolve(table === undefined ? null : tableFacts(table));
    },
    columns: async ({ document, ...params }) =>
      Promise.resolve(columnsOf(this.#table(document, params), params)),
    cells: async ({ document, ...params }) => this.#cells(document, params),
    locate: async ({ document, row, column, ...place }) => {
      const path = await locate(this.#node(document, place.node), this.#table(document, place), row, column);
      return path === undefined ? null : { path };
    },
    ...arrangeHandlers({
      table: (document, place) => this.#table(document, place),
      arranger: (document) => this.#entry(document).arranger,
    }),
    profile: async ({ document, exact, ...params }, signal) => {
      const { profileColumns } = await import("./profile/index.ts");
      const order = await (await this.#entry(document).arranger.arrangement(params))?.whole();
      const rows = order && { count: order.length, rowAt: (at: number) => order.at(at) };
      return profileColumns(this.#table(document, params), params, { exact, signal, ...(rows && { rows }) });
    },
    profileWhole: async ({ document, exact, ...place }, signal) => {
      const { profileWhole } = await import("./profile/index.ts");
      return (await profileWhole(this.#table(document, place), { exact, signal })) ?? null;
    },
    exportValue: async ({ document, ...params }, signal) => {
      await this.#whole(document, signal);
      const { document: opened, pickle } = this.#entry(document);
      const source = { root: opened.root, pickle };
      const { exportValue } = await import("./export/index.ts");
      return exportValue(
        source,
        params,
        signal,
        atMost(REPORT_MS, (done, total) => {
          this.#tell.exported({ document, done, ...(total !== undefined && { total }) });
        }),
      );
    },
    compare: async ({ document, other }, signal) => {
      await Promise.all([this.#whole(document, signal), this.#whole(other, signal)]);
      const [left, right] = [this.#entry(document).document.root, this.#entry(other).document.root];
      const { compareValues } = await import("../pickle/diff/index.ts");
      return compareValues(left, right, { signal });
    },
    raster: async ({ document, ...params }, signal) =>
      rasterOf(this.#table(document, params), params, signal),
    curve: async ({ document, ...params }, signal) => curveOf(this.#table(document, params), params, signal),
    image: async ({ document, node }, signal) => imageOf(this.#node(document, node), signal),
    raw: async ({ document, ...range }) => Promise.resolve(rawPart(this.#entry(document).document, range)),
    findBytes: async ({ document, ...params }, signal) =>
      findBytes(this.#entry(document).document, params, signal),
    close: ({ document }) => {
      this.#entries.get(document)?.arranger.close();
      this.#entries.get(document)?.document.close();
      this.#entries.delete(document);
      return undefined;
    },
  };

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  async #open({ document: id, source, fresh }: OpenParams, signal: AbortSignal): Promise<Opened> {
    if ("file" in source) {
      const opened = await openFile(source.file);
      return this.#keep(
        id,
        { ...opened, pickle: async () => Promise.resolve(unpacked(opened.facts)) },
        source.file,
        signal,
      );
    }
    const session = await this.#session(source, fresh);
    const artifact = await session.artifact(source.pathspec, { attempt: source.attempt, signal });
    const facts = await factsOf(artifact, session.metadata, signal);
    // Without the signal: it ends with the request, the document lives on until it is closed.
    const document = await artifact.open();
    const pickle = async (io: AbortSignal): Promise<AsyncIterable<Uint8Array>> =>
      unpackedBlob(await artifact.blob({ signal: io }));
    return this.#keep(id, { document, facts, pickle }, placeOf(facts), signal);
  }

  async #keep(
    id: number,
    { document, facts, pickle }: Pick<Entry, "document" | "pickle"> & Pick<Opened, "facts">,
    place: string,
    signal: AbortSignal,
  ): Promise<Opened> {
    await settledWithin(SMALL_MS, document.complete);
    if (signal.aborted) {
      document.close();
      signal.throwIfAborted();
    }
    const entry: Entry = {
      document,
      place,
      summary: undefined,
      tables: new Tables(),
      arranger: new LazyArranger(),
      pickle,
    };
    if (document.settled && document.problem === undefined)
      entry.summary = summaryOf(document, await document.complete);
    this.#entries.set(id, entry);
    this.#watch(id, entry);
    return { facts, state: this.#stateOf(entry) };
  }

  /** Reports how far the document is read, at most ten times a second, and its end at once. */
  #watch(id: number, entry: Entry): void {
    const { document } = entry;
    if (document.settled) return;
    const report = (): void => {
      if (this.#entries.get(id) === entry) this.#tell.changed({ document: id, state: this.#stateOf(entry) });
    };
    let waiting: NodeJS.Timeout | undefined;
    const stop = document.onProgress(() => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        report();
      }, REPORT_MS);
    });
    void document.complete
      .then((summary) => {
        entry.summary = summaryOf(document, summary);
      })
      // The document's `problem` tells it.
      .catch(() => undefined)
      .finally(() => {
        stop();
        clearTimeout(waiting);
        report();
      });
  }

  /** @param fresh whether what an open session knows is to be forgotten */
  async #session({ session, key }: ArtifactSource, fresh: boolean): Promise<Metaflow> {
    const name = JSON.stringify([session, key]);
    const known = fresh ? undefined : this.#sessions.get(name);
    if (known !== undefined) return known;
    // The person has chosen this artifact: whatever namespace it is in, it is shown.
    const opening = openMetaflow({ ...session, namespace: null, credentials: only(key) });
    this.#sessions.set(name, opening);
    opening.catch(() => {
      if (this.#sessions.get(name) === opening) this.#sessions.delete(name);
    });
    return opening;
  }

  async #children(node: PyNode, from: number, to: number): Promise<NodePage> {
    const children = await node.children({ from, to: Math.min(to, from + MAX_PAGE) });
    const first = await firstMember(node);
    const rows = children.map((child, index) => rowOf(child.value, keyOf(node, child, from + index, first)));
    return { from, rows, childCount: node.childCount };
  }

  #stateOf(entry: Entry): DocumentState {
    return stateOf(entry.document, entry.place, entry.summary);
  }

  /** Waits until all was read. Throws where it was not: a part must not be taken for the whole. */
  async #whole(id: number, signal: AbortSignal): Promise<void> {
    const { document, place } = this.#entry(id);
    try {
      await document.complete;
    } catch (cause) {
      throw new Incomplete(place, cause);
    }
    signal.throwIfAborted();
  }

  #entry(id: number): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error("the artifact is not open any more");
    return entry;
  }

  #node(id: number, node: number): PyNode {
    const found = this.#entry(id).document.node(node);
    if (found === undefined) throw new Error(`the value has no part ${node}`);
    return found;
  }

  #tableOf(id: number, { node, slice }: TablePlace): Table | undefined {
    const { tables, document } = this.#entry(id);
    return tables.of(this.#node(id, node), slice, document.settled);
  }

  #table(id: number, place: TablePlace): Table {
    const table = this.#tableOf(id, place);
    if (table === undefined) throw new NoTable(place);
    return table;
  }

  async #cells(id: number, params: CellsParams): Promise<CellBlock> {
    const order = await this.#entry(id).arranger.arrangement(params);
    return cellsOf(order?.table ?? this.#table(id, params), params, order);
  }

  async #found(id: number, path: NodePath): Promise<Found> {
    const found = await follow(this.#entry(id).document.root, path);
    if (found === undefined) throw new Error("the value has no such part");
    return found;
  }
}

/** The key that the window keeps, for its own service alone. */
function only(key: ServiceKeyOf | undefined): CredentialSource {
  return {
    serviceKey: async ({ url }) => Promise.resolve(url === key?.url ? key.key : undefined),
  };
}

function summaryOf(document: PyDocument, summary: PickleSummary): Summary {
  return { ...summary, imports: importsOf(document.globals()) };
}

/** Only a part of the value could be read. */
class Incomplete extends Error {
  readonly code = "incomplete";
  readonly context: { readonly store: string };

  constructor(place: string, cause: unknown) {
    super(
      `Only a part of the value could be read, so it is not copied: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
    this.name = "Incomplete";
    this.context = { store: place };
  }
}

async function factsOf(
  artifact: DataArtifact,
  metadata: string,
  signal: AbortSignal,
): Promise<ArtifactFacts> {
  // The size is recorded in another file, which may not be there yet: the value is shown without it.
  const sizeBytes = await artifact.size({ signal }).catch(() => undefined);
  signal.throwIfAborted();
  return {
    pathspec: artifact.pathspec,
    name: artifact.id,
    sha: artifact.sha,
    attempt: artifact.storedBy,
    createdAtMs: artifact.createdAt.getTime(),
    metadata,
    ...(sizeBytes !== undefined && { sizeBytes }),
  };
}

function placeOf({ metadata, pathspec, sha }: ArtifactFacts): string {
  const [flow = ""] = pathspec.split("/");
  return `${metadata} › ${flow}/data/${sha.slice(0, 2)}/${sha}`;
}

/** The lossless form as JSON. Throws TooLarge for what has too many members, too much text or too deep a nesting. */
async function typedJson(node: PyNode): Promise<JsonText> {
  const tagged = await node.tagged({ items: MAX_TYPED_ITEMS });
  let text: string;
  try {
    text = JSON.stringify(tagged, refuseCut, 2);
  } catch (thrown) {
    // JSON.stringify recurses; a value may be nested a million deep.
    if (thrown instanceof RangeError) throw new TooDeep();
    throw thrown;
  }
  if (text.length > MAX_CHARACTERS) throw new TooLarge(MAX_CHARACTERS);
  return { text, approximated: 0 };
}

/** A container that was cut has a `len`; bytes always have one. */
function refuseCut(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("len" in value)) return value;
  if ("t" in value && (value.t === "bytes" || value.t === "bytearray")) return value;
  throw new TooLarge(MAX_CHARACTERS);
}
