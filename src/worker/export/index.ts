import { Slices } from "../../base/slices.ts";
import type { PyNode, Table } from "../../pickle/index.ts";
import type { RowOrder } from "../../protocol/arrange.ts";
import type { Exported, ExportParams } from "../../protocol/exports.ts";
import { Arrangement } from "../arrange/index.ts";
import { writeRows } from "../copy/delimited.ts";
import { wholeTable } from "../copy/selection.ts";
import { toJson } from "../json.ts";
import { arrangedTable } from "./arrangedTable.ts";
import { writeJsonLines } from "./jsonLines.ts";
import { hasOwnLabels } from "./labels.ts";
import { writeParquet } from "./parquet.ts";
import { writeFileWhole } from "./partFile.ts";

/** A value that has no such form. */
export class NoSuchForm extends Error {
  readonly code = "no-form";

  constructor(why: string) {
    super(why);
    this.name = "NoSuchForm";
  }
}

/** What is written: the value, and for those who want it as it lies there the bytes of its pickle. */
export interface ExportSource {
  readonly root: PyNode;
  pickle(signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** Hears how far the writing is: of a table in rows, else in bytes; `total` where it is known. */
export type OnWritten = (done: number, total: number | undefined) => void;

/** Writes a whole value to a file, slice by slice. Throws {@link NoSuchForm}, the system's errors and the signal's reason; then there is no file. */
export async function exportValue(
  source: ExportSource,
  { format, file, rows }: ExportParams,
  signal: AbortSignal,
  onWritten: OnWritten,
): Promise<Exported> {
  const slices = new Slices({ signal });
  let approximated = 0;
  const sizeBytes = await writeFileWhole(file, async (write) => {
    let done = 0;
    const counted = async (data: Uint8Array | string): Promise<void> => {
      signal.throwIfAborted();
      await write(data);
      onWritten((done += data.length), undefined);
    };
    const whole = format === "pickle" || format === "npy" ? undefined : source.root.table();
    const table = rows === undefined ? whole : whole && (await tableOf(whole, rows, signal));
    switch (format) {
      case "csv":
      case "parquet":
        if (table === undefined) throw new NoSuchForm("The value has no rows and columns");
        await writeTable(table, format, write, slices, onWritten);
        return;
      case "json":
        // An array has its axes in JSON, a frame its rows.
        if (
          table !== undefined &&
          (rows !== undefined || (table.kind !== "array" && table.kind !== "columns"))
        ) {
          await writeJsonLines(table, await hasOwnLabels(table, slices), counted, slices);
          return;
        }
        ({ approximated } = await toJson(source.root, { maxCharacters: Infinity, signal, sink: counted }));
        return;
      case "npy": {
        const pieces = source.root.npy();
        if (pieces === undefined)
          throw new NoSuchForm("The value has no form as .npy: masked elements and objects have none");
        for (const piece of pieces) await counted(piece);
        return;
      }
      case "pickle":
        for await (const chunk of await source.pickle(signal)) await counted(chunk);
    }
  });
  return { sizeBytes, approximated };
}

/** The rows that are wanted, in their order. */
async function tableOf(table: Table, { sort, filter }: RowOrder, signal: AbortSignal): Promise<Table> {
  const arrangement = new Arrangement(table, sort, filter);
  const stop = (): void => {
    arrangement.stop();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const rows = await arrangement.whole();
    if (arrangement.problem !== undefined)
      throw new NoSuchForm("The filter of the rows cannot be understood");
    return arrangedTable(table, rows);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function writeTable(
  table: Table,
  format: "csv" | "parquet",
  write: (data: Uint8Array | string) => Promise<void>,
  slices: Slices,
  onWritten: OnWritten,
): Promise<void> {
  const rowLabels = await hasOwnLabels(table, slices);
  const written = (rows: number): void => {
    onWritten(rows, table.rowCount);
  };
  if (format === "parquet") {
    await writeParquet(table, rowLabels, write, slices, written);
    return;
  }
  await writeRows(wholeTable(table), "csv", { headers: true, rowLabels }, write, slices, written);
}
