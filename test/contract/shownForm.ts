/** How a node is shown, held against what Python's library says of its value. */
import type { CellKind, PyNode, SortKey, Table } from "../../src/pickle/index.ts";
import type { SaidCell, SaidTable, Says } from "./libraryCases.ts";

/** What a node shows otherwise than its library says; `undefined` where all is the same. */
export async function shownOtherwise(node: PyNode, says: Says): Promise<string | undefined> {
  if (says.members !== undefined) {
    const children = await node.children({ to: says.members.length });
    for (const [at, member] of says.members.entries()) {
      const child = children[at]?.value;
      const why = child === undefined ? "is not there" : await shownOtherwise(child, member);
      if (why !== undefined) return `[${at}]: ${why}`;
    }
    return undefined;
  }
  // A class of pandas goes by the name that it had where it was pickled.
  if (node.type !== says.type && !says.type.startsWith("pandas.") && !says.type.startsWith("numpy."))
    return `type ${node.type}, not ${says.type}`;
  if (says.shape !== undefined && !isShape(says.type)) {
    if (JSON.stringify(node.shape ?? [says.length]) !== JSON.stringify(says.shape))
      return `shape ${JSON.stringify(node.shape)}, not ${JSON.stringify(says.shape)}`;
  }
  if (says.length !== undefined && node.length !== says.length)
    return `length ${node.length}, not ${says.length}`;
  if (says.parameters !== undefined) return groupsOtherwise(node, says);
  if (says.table === undefined) return undefined;
  const table = node.isTabular ? node.table() : undefined;
  return table === undefined ? "no table" : tableOtherwise(table, says.table);
}

/** pandas' series and indexes have a shape of one number, which is their length. */
function isShape(type: string): boolean {
  return type.startsWith("pandas.") && !type.endsWith("DataFrame");
}

/** The names in the groups of an estimator. */
async function groupsOtherwise(node: PyNode, says: Says): Promise<string | undefined> {
  for (const [at, names] of [says.parameters, says.fitted].entries()) {
    const group = (await node.children())[at];
    const key = at === 0 ? "parameters" : "fitted";
    if (names === undefined || (names.length === 0 && group?.key !== key)) continue;
    const children = group?.key === key ? await group.value.children() : [];
    const found = children.map(({ key }) => (typeof key === "string" ? key.slice(1) : "")).sort();
    // What a class above it takes is a parameter for those who read the pickle.
    const own = at === 0 ? found.filter((name) => names.includes(name)) : found;
    if (JSON.stringify(own) !== JSON.stringify(names)) return `${key} ${found.join()}, not ${names.join()}`;
  }
  return undefined;
}

/** What a table shows otherwise. */
export function tableOtherwise(table: Table, says: SaidTable): string | undefined {
  if (table.rowCount !== says.rows || table.columnCount !== says.columns)
    return `${table.rowCount} × ${table.columnCount}, not ${says.rows} × ${says.columns}`;
  const [rows, columns] = says.at;
  for (const [at, labels] of (says.index ?? []).entries()) {
    const found = table.rowLabels(rows[at] ?? 0).map(({ text }) => text);
    if (JSON.stringify(found) !== JSON.stringify(labels))
      return `row ${rows[at]} is called ${found.join()}, not ${labels.join()}`;
  }
  for (const [at, index] of columns.entries()) {
    const why = columnOtherwise(table, index, rows, says.labels[at] ?? [], says.cells[at] ?? []);
    if (why !== undefined) return `column ${index}: ${why}`;
  }
  return undefined;
}

const MISSING: ReadonlySet<CellKind> = new Set(["none", "nan", "na", "nat", "masked", "absent"]);

function columnOtherwise(
  table: Table,
  index: number,
  rows: readonly number[],
  labels: readonly string[],
  said: readonly SaidCell[],
): string | undefined {
  const column = table.column(index);
  const found = column.labels.map(({ text }) => text);
  if (JSON.stringify(found) !== JSON.stringify(labels)) return `called ${found.join()}, not ${labels.join()}`;
  const numbers = new Float64Array(1);
  for (const [at, row] of rows.entries()) {
    const [kind, text, number] = said[at] ?? ["", null, null, null];
    const cell = column.cell(row);
    const own = MISSING.has(cell.kind) ? cell.kind : "";
    if (own !== kind && kind !== "short")
      return `row ${row} is ${cell.kind} ${cell.text}, not ${kind} ${text ?? ""}`;
    const isSame = cell.text === text || (kind === "short" && plain(cell.text) === plain(text ?? ""));
    if (text !== null && !isSame) return `row ${row} is ${cell.text}, not ${text}`;
    column.numbers?.(row, row + 1, numbers);
    if (column.numbers !== undefined && number !== null && !Object.is(numbers[0], number))
      return `row ${row} is the number ${numbers[0]}, not ${number}`;
  }
  return orderOtherwise(rows, said, column.key.bind(column));
}

/** The numbers in the text of a float or a complex number, whether or not they have an exponent. */
function plain(text: string): string {
  return (text.match(/[+-]?(\d[\d.]*(e[+-]?\d+)?|inf|nan)/g) ?? []).map(Number).join(" ") || text;
}

/** Looks at a value and at what is in it as a viewer does, `most` nodes in all; throws where one is without a type or a text. */
export async function lookAt(root: PyNode, most: number): Promise<void> {
  const waiting = [root];
  for (let looks = 0; looks < most; looks++) {
    const node = waiting.shift();
    if (node === undefined) return;
    if (node.type === "") throw new Error("a node without a type");
    if (node.preview === "" || /\p{Cc}/u.test(node.preview)) throw new Error(`the preview ${node.preview}`);
    if (node.isTabular) lookThrough(node.table());
    const children = await node.children({ from: 0, to: 50 });
    if (children.length !== Math.min(50, node.childCount)) throw new Error(`${children.length} children`);
    waiting.push(...children.map(({ value }) => value));
  }
}

const SOME = 20;

/** Asks for the first cells of a table, and for the last ones. */
function lookThrough(table: Table | undefined): void {
  if (table === undefined) return;
  const { rowCount, columnCount } = table;
  const some = (length: number): number[] =>
    Array.from({ length: Math.min(length, SOME) }, (_, at) => (at < SOME - 2 ? at : length - SOME + at));
  const numbers = new Float64Array(SOME);
  for (const at of some(columnCount)) {
    const column = table.column(at);
    column.numbers?.(0, Math.min(SOME, rowCount), numbers);
    for (const row of some(rowCount)) {
      table.rowLabels(row);
      column.cell(row);
      column.key(row);
    }
  }
}

/** Whether the keys of a column are in Python's order. */
function orderOtherwise(
  rows: readonly number[],
  said: readonly SaidCell[],
  key: (row: number) => SortKey,
): string | undefined {
  const keys = said
    .map(([, , , rank], at) => ({ rank, key: key(rows[at] ?? 0) }))
    .filter(({ rank }) => rank !== null);
  const inOrder = keys.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  for (const [at, { rank, key: own }] of inOrder.entries()) {
    const next = inOrder[at + 1];
    if (next === undefined) return undefined;
    if (own === undefined) return "a value without a key";
    const order = next.key === undefined ? NaN : own < next.key ? -1 : own > next.key ? 1 : 0;
    if (order !== Math.sign((rank ?? 0) - (next.rank ?? 0)))
      return `the key ${own} stands ${order} to ${String(next.key)}`;
  }
  return undefined;
}
