import type { Table } from "../../pickle/index.ts";
import type { ArrangeRequests } from "../../protocol/arrange.ts";
import type { OfDocument } from "../../protocol/decoder.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import type { TablePlace } from "../../protocol/table.ts";
import type { Arrangement } from "./arrangement.ts";
import type { Arranger } from "./arranger.ts";

/** Columns that are told at most of those whose name has a text in it. */
const MOST_COLUMNS = 10_000;
const MOST_HITS = 10_000;

/** The arranger of a document, loaded and made when it is first needed. */
export class LazyArranger {
  #made: Promise<Arranger> | undefined;

  async get(): Promise<Arranger> {
    this.#made ??= import("./index.ts").then(({ Arranger: Made }) => new Made());
    return this.#made;
  }

  /** The arrangement of a number; `undefined` where no number is given. */
  async arrangement({
    arrangement: id,
  }: {
    readonly arrangement?: number;
  }): Promise<Arrangement | undefined> {
    return id === undefined ? undefined : (await this.get()).arrangement(id);
  }

  /** Stops what is under way. */
  close(): void {
    void this.#made?.then((arranger) => {
      arranger.close();
    });
  }
}

/** What the requests need of a document. */
interface Looked {
  readonly table: (document: number, place: TablePlace) => Table;
  readonly arranger: (document: number) => LazyArranger;
}

/** Answers what is asked of the order of rows, and of what is in them. */
export function arrangeHandlers({ table, arranger }: Looked): Handlers<OfDocument<ArrangeRequests>> {
  return {
    arrange: async ({ document, ...params }, signal) =>
      (await arranger(document).get()).arrange(table(document, params), params, signal),
    arranged: async ({ document, arrangement }) => (await arranger(document).get()).arranged(arrangement),
    distinct: async ({ document, column: at, limit, ...place }, signal) => {
      const { columnAt, distinctOf } = await import("./index.ts");
      const own = table(document, place);
      const column = columnAt(own, at);
      return column === undefined
        ? { values: [], complete: true }
        : distinctOf(column, own.rowCount, limit, { signal });
    },
    find: async ({ document, ...params }, signal) =>
      (await arranger(document).get()).find(
        table(document, params),
        { ...params, limit: Math.min(params.limit, MOST_HITS) },
        signal,
      ),
    matchingColumns: async ({ document, text, limit, ...place }) => {
      const { matchingColumns } = await import("./index.ts");
      return matchingColumns(table(document, place), text, Math.min(limit, MOST_COLUMNS));
    },
    unlikeColumns: async ({ document, ...place }, signal) => {
      const { unlikeColumns } = await import("./index.ts");
      return unlikeColumns(table(document, place), { signal });
    },
  };
}
