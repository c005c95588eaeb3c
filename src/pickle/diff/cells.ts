import type { Slices } from "../../base/slices.ts";
import { pyRepr } from "../natural/repr.ts";
import type { CellValue, Table, TableColumn } from "../table/table.ts";
import type { Differences } from "./difference.ts";

/** Cells of one table whose values are told; the others are counted. */
const TOLD = 50;
/** Numbers that are compared in bulk, where a float holds each exactly. */
const IN_BULK = /^(float|u?int(8|16|32)$|bool$)/;
const BLOCK = 4096;

/** What is summed up over the cells of a value. */
export interface Tally {
  count: number;
  of: number;
  most: number;
}

/** Compares two tables cell by cell: the columns of frames by their labels, rows by their positions. What it sums up goes into the tally. */
export async function compareTables(
  path: string,
  left: Table,
  right: Table,
  tally: Tally,
  out: Differences,
  slices: Slices,
): Promise<void> {
  const size = ({ rowCount, columnCount }: Table): string => `${rowCount} × ${columnCount}`;
  if (size(left) !== size(right)) out.add({ path, kind: "size", left: size(left), right: size(right) });
  const rows = Math.min(left.rowCount, right.rowCount);
  await compareLabels(path, left, right, rows, out, slices);
  const pairs = left.kind === "frame" ? byLabel(path, left, right, out) : byPosition(left, right);
  for (const { at, own, other } of pairs) {
    if (own.dtype !== other.dtype)
      out.add({
        path: `${path}${columnPath(left, own, at)}.dtype`,
        kind: "type",
        left: own.dtype,
        right: other.dtype,
      });
    const told = (row: number, a: CellValue, b: CellValue): void => {
      tally.count++;
      const apart = distance(a, b);
      if (apart > tally.most) tally.most = apart;
      if (tally.count <= TOLD)
        out.add({
          path: `${path}${cellPath(left, own, at, row)}`,
          kind: "value",
          left: textOf(a),
          right: textOf(b),
        });
      else out.count++;
    };
    await compareColumns(own, other, rows, told, slices);
    tally.of += rows;
  }
}

interface Pair {
  readonly at: number;
  readonly own: TableColumn;
  readonly other: TableColumn;
}

function byPosition(left: Table, right: Table): Pair[] {
  return Array.from({ length: Math.min(left.columnCount, right.columnCount) }, (_, at) => ({
    at,
    own: left.column(at),
    other: right.column(at),
  }));
}

/** Columns with the same labels; equal labels that come several times belong together in their order. */
function byLabel(path: string, left: Table, right: Table, out: Differences): Pair[] {
  const others = new Map<string, number[]>();
  for (let at = 0; at < right.columnCount; at++) {
    const name = nameOf(right.column(at));
    const places = others.get(name);
    if (places === undefined) others.set(name, [at]);
    else places.push(at);
  }
  const pairs: Pair[] = [];
  for (let at = 0; at < left.columnCount; at++) {
    const own = left.column(at);
    const other = others.get(nameOf(own))?.shift();
    if (other === undefined)
      out.add({ path: `${path}${columnPath(left, own, at)}`, kind: "left", left: own.dtype });
    else pairs.push({ at, own, other: right.column(other) });
  }
  for (const at of [...others.values()].flat().sort((a, b) => a - b)) {
    const column = right.column(at);
    out.add({ path: `${path}${columnPath(right, column, at)}`, kind: "right", right: column.dtype });
  }
  return pairs;
}

async function compareLabels(
  path: string,
  left: Table,
  right: Table,
  rows: number,
  out: Differences,
  slices: Slices,
): Promise<void> {
  if (left.rowLevels.length === 0 || right.rowLevels.length === 0) return;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (row % 64 === 0 && slices.areDue) await slices.pause();
    const [own, other] = [left.rowKeys(row), right.rowKeys(row)];
    const isSame =
      own.length === other.length && own.every((key, level) => isEqual(key, other[level] ?? key));
    if (isSame || ++count > 1) continue;
    const text = (keys: readonly CellValue[]): string => keys.map(textOf).join(", ");
    out.add({ path: `${path}.index[${row}]`, kind: "value", left: text(own), right: text(other) });
  }
  if (count > 1) out.add({ path: `${path}.index`, kind: "cells", count, of: rows });
}

async function compareColumns(
  left: TableColumn,
  right: TableColumn,
  rows: number,
  told: (row: number, left: CellValue, right: CellValue) => void,
  slices: Slices,
): Promise<void> {
  const hasNumbers = left.numbers !== undefined && right.numbers !== undefined;
  const isBulk = hasNumbers && left.dtype === right.dtype && IN_BULK.test(left.dtype);
  const [ours, theirs] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK);
    if (isBulk) {
      left.numbers(from, to, ours);
      right.numbers(from, to, theirs);
    }
    for (let row = from; row < to; row++) {
      if (isBulk && ours[row - from] === theirs[row - from]) continue;
      if (row % 64 === 0 && slices.areDue) await slices.pause();
      const [own, other] = [left.exact(row), right.exact(row)];
      if (!isEqual(own, other)) told(row, own, other);
    }
    if (slices.areDue) await slices.pause();
  }
}

/** Whether two cells hold the same: NaN is equal to NaN, a number to the same one of another type; a missing value to one of its own kind alone. */
function isEqual(left: CellValue, right: CellValue): boolean {
  // A bigint is compared with a number by its value.
  if (isNumber(left) && isNumber(right)) return !(left.value < right.value || left.value > right.value);
  if (left.kind !== right.kind) return false;
  switch (left.kind) {
    case "bytes":
      return right.kind === "bytes" && Buffer.compare(left.value, right.value) === 0;
    case "text":
    case "bool":
      return "value" in right && left.value === right.value;
    case "printed":
    case "nested":
      return textOf(left) === textOf(right);
    default:
      return true;
  }
}

function isNumber(value: CellValue): value is Extract<CellValue, { readonly kind: "int" | "float" }> {
  return value.kind === "int" || value.kind === "float";
}

function distance(left: CellValue, right: CellValue): number {
  if (!isNumber(left) || !isNumber(right)) return 0;
  if (typeof left.value === "number" && typeof right.value === "number")
    return Math.abs(left.value - right.value);
  if (left.kind === "float" || right.kind === "float")
    return Math.abs(Number(left.value) - Number(right.value));
  return Math.abs(Number(BigInt(left.value) - BigInt(right.value)));
}

/** Python's `repr`, so that a text `1` is told from a number. */
function textOf(value: CellValue): string {
  switch (value.kind) {
    case "float":
    case "printed":
      return value.text;
    case "nested":
      return pyRepr(value.value());
    case "int":
    case "bool":
    case "text":
    case "bytes":
      return pyRepr(value.value);
    case "none":
      return "None";
    case "na":
      return "<NA>";
    case "nat":
      return "NaT";
    default:
      return value.kind;
  }
}

function nameOf({ labels }: TableColumn): string {
  return JSON.stringify(labels.map(({ kind, text }) => [kind, text]));
}

function columnPath({ kind, shape, slice }: Table, column: TableColumn, at: number): string {
  if (kind !== "array") return kind === "series" ? "" : `[${labelOf(column)}]`;
  return slice === undefined && shape?.length === 1 ? "" : `[:, ${at}]`;
}

function cellPath(table: Table, column: TableColumn, at: number, row: number): string {
  if (table.kind !== "array") {
    const labels = table.rowKeys(row).map(textOf);
    const label = labels.length === 1 ? (labels[0] ?? "") : `(${labels.join(", ")})`;
    const own = labels.length === 0 ? `[${row}]` : `.loc[${label}`;
    if (labels.length === 0) return own;
    return table.kind === "series" ? `${own}]` : `${own}, ${labelOf(column)}]`;
  }
  const { slice, shape } = table;
  if (slice === undefined)
    return `[${row}]${(shape?.length ?? 1) === 1 && table.columnCount > 1 ? `[${labelOf(column)}]` : ""}`;
  const place = slice.at.map((index, axis) =>
    axis === slice.rows ? row : axis === slice.columns ? at : index,
  );
  return `[${place.join(", ")}]`;
}

function labelOf({ labels }: TableColumn): string {
  const texts = labels.map(({ text, kind }) => (kind === "text" ? pyRepr(text) : text));
  return texts.length === 1 ? (texts[0] ?? "") : `(${texts.join(", ")})`;
}
