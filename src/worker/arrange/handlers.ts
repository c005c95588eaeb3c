import type { Table } from "../../pickle/index.ts";
import type { ArrangeRequests } from "../../protocol/arrange.ts";
import type { OfDocument } from "../../protocol/decoder.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import type { TablePlace } from "../../protocol/table.ts";
import type { Arranger } from "./arranger.ts";
import { columnAt, matchingColumns } from "./columns.ts";
import { distinctOf } from "./distinct.ts";
import { unlikeColumns } from "./unlike.ts";

/** Columns that are told at most of those whose name has a text in it. */
const MOST_COLUMNS = 10_000;
const MOST_HITS = 10_000;

/** What the requests need of a document. */
interface Looked {
  readonly table: (document: number, place: TablePlace) => Table;
  readonly arranger: (document: number) => Arranger;
}

/** Answers what is asked of the order of rows, and of what is in them. */
export function arrangeHandlers({ table, arranger }: Looked): Handlers<OfDocument<ArrangeRequests>> {
  return {
    arrange: async ({ document, ...params }, signal) =>
      arranger(document).arrange(table(document, params), params, signal),
    arranged: async ({ document, arrangement }) => arranger(document).arranged(arrangement),
    distinct: async ({ document, column: at, limit, ...place }, signal) => {
      const own = table(document, place);
      const column = columnAt(own, at);
      return column === undefined
        ? { values: [], complete: true }
        : distinctOf(column, own.rowCount, limit, { signal });
    },
    find: async ({ document, ...params }, signal) =>
      arranger(document).find(
        table(document, params),
        { ...params, limit: Math.min(params.limit, MOST_HITS) },
        signal,
      ),
    matchingColumns: async ({ document, text, limit, ...place }) =>
      matchingColumns(table(document, place), text, Math.min(limit, MOST_COLUMNS)),
    unlikeColumns: async ({ document, ...place }, signal) =>
      unlikeColumns(table(document, place), { signal }),
  };
}
