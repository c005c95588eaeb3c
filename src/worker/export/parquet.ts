import type { Slices } from "../../base/slices.ts";
import type { Table } from "../../pickle/index.ts";
import { columnText } from "../copy/delimited.ts";
import { distinctNames, levelNames } from "./labels.ts";
import { parquetColumn, type ColumnSource, type ParquetValue } from "./parquetColumns.ts";

/** Cells and characters of a group of rows, which is held until it is written. */
const GROUP_CELLS = 1 << 19;
const GROUP_CHARACTERS = 1 << 25;
const MOST_ROWS = 1 << 17;

/**
 * Writes a table as Parquet, group of rows by group of rows. Numbers, booleans, texts, bytes and times keep their types, missing values are null, NaN
 * of floats stays one; everything else is text, containers as JSON.
 */
export async function writeParquet(
  table: Table,
  withLabels: boolean,
  write: (data: Uint8Array) => Promise<void>,
  slices: Slices,
  written: (rows: number) => void,
): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const columns = [];
  for (const source of sourcesOf(table, withLabels)) columns.push(await parquetColumn(source, slices));
  const buffer = new ByteWriter();
  const schema = [{ name: "schema", num_children: columns.length }, ...columns.map(({ element }) => element)];
  const parquet = new ParquetWriter({ writer: buffer, schema, createdBy: "vscode-metaflow" });
  const drain = async (): Promise<void> => {
    await write(buffer.getBytes().slice());
    buffer.index = 0;
  };
  let row = 0;
  while (row < table.rowCount) {
    const data: ParquetValue[][] = columns.map(() => []);
    const first = row;
    let [cells, characters] = [0, 0];
    while (
      row < table.rowCount &&
      row - first < MOST_ROWS &&
      cells < GROUP_CELLS &&
      characters < GROUP_CHARACTERS
    ) {
      for (let at = 0; at < columns.length; at++) {
        const value = columns[at]?.value(row) ?? null;
        if (typeof value === "string" || value instanceof Uint8Array) characters += value.length;
        data[at]?.push(value);
        if (++cells % 256 === 0 && slices.areDue) await slices.pause();
      }
      row++;
    }
    const columnData = columns.map(({ element: { name } }, at) => ({ name, data: data[at] ?? [] }));
    await parquet.write({ columnData, rowGroupSize: row - first });
    await drain();
    written(row);
    await slices.pause();
  }
  await parquet.finish();
  await drain();
}

function sourcesOf(table: Table, withLabels: boolean): ColumnSource[] {
  const { rowCount, columnCount } = table;
  const columns = Array.from({ length: columnCount }, (_, at) => table.column(at));
  const levels = withLabels ? levelNames(table) : [];
  const names = distinctNames([...levels, ...columns.map(columnText)]);
  const labels = levels.map((_, level): ColumnSource => {
    const exact: ColumnSource["exact"] = (row) => table.rowKeys(row)[level] ?? { kind: "na" };
    return { name: names[level] ?? "", dtype: "", rowCount, exact, count: undefined };
  });
  return [
    ...labels,
    ...columns.map((column, at): ColumnSource => ({
      name: names[levels.length + at] ?? "",
      dtype: column.dtype,
      rowCount,
      exact: (row) => column.exact(row),
      count: column.numbers === undefined ? undefined : (row) => column.key(row),
    })),
  ];
}
