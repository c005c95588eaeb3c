import type { PyNode, Table } from "../pickle/index.ts";
import type { NodePath } from "../protocol/nodes.ts";

/** Members of a record that are looked through for a field. */
const MOST_FIELDS = 10_000;

/** The way from a value to that of a cell of its table, by positions of children; `undefined` where the cell's value is no child. */
export async function locate(
  node: PyNode,
  table: Table,
  row: number,
  column: number,
): Promise<NodePath | undefined> {
  switch (table.kind) {
    case "frame":
    case "columns":
      return [column, row];
    case "series":
      // A level of an axis is a part of its label.
      return table.columnCount === 1 ? [row] : [row, column];
    case "array": {
      const { slice } = table;
      if (slice === undefined) return [row];
      return slice.at.map((at, axis) => (axis === slice.rows ? row : axis === slice.columns ? column : at));
    }
    case "records": {
      const field = await fieldOf(node, row, table.column(column).labels[0]?.text ?? "");
      return field === undefined ? undefined : [row, field];
    }
  }
}

/** The position of a field in a record. */
async function fieldOf(list: PyNode, row: number, name: string): Promise<number | undefined> {
  const [record] = await list.children({ from: row, to: row + 1 });
  if (record === undefined) return undefined;
  const fields = await record.value.children({ from: 0, to: MOST_FIELDS });
  for (const [position, { key }] of fields.entries()) {
    const own =
      key === undefined
        ? String(position)
        : typeof key === "string"
          ? key.replace(/^\./, "")
          : key.type === "str" && (await key.toValue());
    if (own === name) return position;
  }
  return undefined;
}
