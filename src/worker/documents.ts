import { settledWithin } from "../base/async.ts";
import { Slices } from "../base/slices.ts";
import type { PickleSummary, PyDocument, PyNode, Table } from "../pickle/index.ts";
import { SMALL_MS } from "../protocol/decoder.ts";
import type { DecoderEvents, DecoderRequests, Opened, OpenParams } from "../protocol/decoder.ts";
import type { DocumentState, Imports, NodePage, NodePath, NodeRow } from "../protocol/nodes.ts";
import type { Handlers } from "../protocol/rpc.ts";
import type { Range, TablePlace } from "../protocol/table.ts";
import { follow } from "./access.ts";
import type { Found } from "./access.ts";
import type { Arrangement } from "./arrange/arrangement.ts";
import { arrangeHandlers, LazyArranger } from "./arrange/handlers.ts";
import { atMost } from "./export/often.ts";
import { imageOf } from "./image.ts";
import { importsOf } from "./imports.ts";
import { locate } from "./locate.ts";
import { firstMember, keyOf, rowOf, stateOf } from "./nodes.ts";
import { pageOf } from "./page.ts";
import { findBytes, rawPart } from "./raw.ts";
import { Sources } from "./sources.ts";
import type { OpenSource } from "./sources.ts";
import { cellsOf, columnsOf, NoTable, tableFacts, Tables } from "./tables.ts";
import { hexPart, textPart } from "./textAndHex.ts";

/** Children that are given at once at most, whatever is asked for. */
const MAX_PAGE = 1000;
/** Milliseconds between two reports of how far a document is read. */
const REPORT_MS = 100;

interface Entry extends OpenSource {
  summary: Summary | undefined;
  readonly tables: Tables;
  readonly arranger: LazyArranger;
}

type Summary = PickleSummary & { readonly imports: Imports };

interface Shown {
  readonly table: Table;
  /** `undefined`: the rows stand in the table's own order. */
  readonly arrangement: Arrangement | undefined;
}

/** Tells the host what happens. */
export type Tell = { readonly [E in keyof DecoderEvents]: (event: DecoderEvents[E]) => void };

/** The documents that are open in this thread. */
export class Documents {
  readonly #entries = new Map<number, Entry>();
  readonly #sources = new Sources();
  readonly #tell: Tell;

  /** What the thread answers. */
  readonly handlers: Handlers<DecoderRequests> = {
    open: async (params, signal) => this.#open(params, signal),
    state: ({ document }) => this.#stateOf(this.#entry(document)),
    children: async ({ document, node, ...range }, signal) =>
      childrenOf(this.#node(document, node), range, signal),
    text: async ({ document, node, from, to }) => textPart(this.#node(document, node), from, to),
    hex: async ({ document, node, from, to }) => hexPart(this.#node(document, node), from, to),
    page: async ({ document, node, ...params }, signal) => pageOf(this.#node(document, node), params, signal),
    json: async ({ document, path, typed }, signal) => {
      await this.#whole(document, signal);
      const { node } = await this.#found(document, path);
      if (typed) return (await import("./typedJson.ts")).typedJson(node);
      return (await import("./json.ts")).toJson(node, { signal });
    },
    plain: async ({ document, path }, signal) => {
      const { node } = await this.#found(document, path);
      const { plainText, toJson } = await import("./json.ts");
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
      const { table, arrangement } = await this.#shown(document, params);
      return copyCells(table, params, { signal, order: await arrangement?.whole() });
    },
    table: ({ document, ...place }) => {
      const table = this.#tableOf(document, place);
      return table === undefined ? null : tableFacts(table);
    },
    columns: ({ document, ...params }) => columnsOf(this.#table(document, params), params),
    cells: async ({ document, ...params }) => {
      const { table, arrangement } = await this.#shown(document, params);
      return cellsOf(table, params, arrangement);
    },
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
      const { table, arrangement } = await this.#shown(document, params);
      return profileColumns(table, params, { exact, signal, rows: await arrangement?.whole() });
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
    raster: async ({ document, ...params }, signal) => {
      const { rasterOf } = await import("./raster.ts");
      return rasterOf(this.#table(document, params), params, signal);
    },
    curve: async ({ document, ...params }, signal) => {
      const { curveOf } = await import("./curve.ts");
      return curveOf(this.#table(document, params), params, signal);
    },
    image: async ({ document, node }, signal) => imageOf(this.#node(document, node), signal),
    raw: ({ document, ...range }) => rawPart(this.#entry(document).document, range),
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

  async #open({ document: id, ...params }: OpenParams, signal: AbortSignal): Promise<Opened> {
    const source = await this.#sources.open(params, signal);
    const { document, facts } = source;
    await settledWithin(SMALL_MS, document.complete);
    if (signal.aborted) {
      document.close();
      signal.throwIfAborted();
    }
    const entry: Entry = {
      ...source,
      summary: undefined,
      tables: new Tables(),
      arranger: new LazyArranger(),
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

  #stateOf(entry: Entry): DocumentState {
    const { document, place, summary, tables } = entry;
    const { root, settled } = document;
    const table = root.isTabular ? tables.of(root, undefined, settled) : undefined;
    return { ...stateOf(document, place, summary), ...(table !== undefined && { table: tableFacts(table) }) };
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

  /** A table as it is shown: an arrangement has the one that it was made of. */
  async #shown(id: number, place: TablePlace & { readonly arrangement?: number }): Promise<Shown> {
    const arrangement = await this.#entry(id).arranger.arrangement(place);
    return { table: arrangement?.table ?? this.#table(id, place), arrangement };
  }

  async #found(id: number, path: NodePath): Promise<Found> {
    const found = await follow(this.#entry(id).document.root, path);
    if (found === undefined) throw new Error("the value has no such part");
    return found;
  }
}

/** A page of children. What one looks like may take a look into it. */
async function childrenOf(node: PyNode, { from, to }: Range, signal: AbortSignal): Promise<NodePage> {
  const children = await node.children({ from, to: Math.min(to, from + MAX_PAGE) });
  const first = await firstMember(node);
  const slices = new Slices({ signal });
  const rows: NodeRow[] = [];
  for (const [index, child] of children.entries()) {
    if (slices.areDue) await slices.pause();
    rows.push(rowOf(child.value, keyOf(node, child, from + index, first)));
  }
  return { from, rows, childCount: node.childCount };
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
      `Only a part of the value could be read, so nothing is made of it: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
    this.name = "Incomplete";
    this.context = { store: place };
  }
}
