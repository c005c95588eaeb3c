import { Slices } from "../../base/slices.ts";
import type { IoOptions } from "../../base/io.ts";
import type { Table, TableColumn } from "../../pickle/index.ts";
import type { UnlikeColumns } from "../../protocol/arrange.ts";
import { BLOCK_ROWS } from "./keys.ts";
import { FEW_ROWS } from "./matcher.ts";

/** Columns whose rows all have one value, and columns that are like an earlier one. */
export async function unlikeColumns(table: Table, io?: IoOptions): Promise<UnlikeColumns> {
  const { rowCount, columnCount } = table;
  const constant: number[] = [];
  const equal: { column: number; to: number }[] = [];
  if (rowCount < 2) return { constant, equal };
  const slices = new Slices(io);
  const firsts = new Map<string, number>();
  for (let at = 0; at < columnCount; at++) {
    const column = table.column(at);
    const { isConstant, digest } = await looked(column, rowCount, slices);
    if (isConstant) constant.push(at);
    const name = `${column.dtype} ${digest}`;
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, at);
    else equal.push({ column: at, to: first });
  }
  return { constant, equal };
}

/** Sums up a column in 64 bits: two of its dtype with the same sum are taken for equal. */
async function looked(
  column: TableColumn,
  rowCount: number,
  slices: Slices,
): Promise<{ readonly isConstant: boolean; readonly digest: string }> {
  const digest = new Digest();
  const { numbers, integers } = column;
  if (numbers === undefined) {
    const nameAt = (row: number): string => {
      const key = column.key(row);
      if (key !== undefined) return `${typeof key} ${key}`;
      const { kind, text } = column.cell(row);
      return `${kind} ${text}`;
    };
    const first = nameAt(0);
    let isConstant = true;
    for (let row = 0; row < rowCount; row++) {
      if (row % FEW_ROWS === 0 && slices.areDue) await slices.pause();
      const name = nameAt(row);
      isConstant &&= name === first;
      digest.addText(name);
    }
    return { isConstant, digest: digest.text };
  }
  const values = new Float64Array(BLOCK_ROWS);
  const exact = new BigInt64Array(integers === undefined ? 0 : BLOCK_ROWS);
  const words = new Uint32Array(integers === undefined ? values.buffer : exact.buffer);
  let first: readonly [number, number] | undefined;
  let isConstant = true;
  for (let from = 0; from < rowCount; from += BLOCK_ROWS) {
    const to = Math.min(rowCount, from + BLOCK_ROWS);
    numbers(from, to, values);
    integers?.(from, to, exact);
    for (let at = 0; at < to - from; at++) {
      const isMissing = Number.isNaN(values[at]);
      if (values[at] === 0 && integers === undefined) values[at] = 0; // Minus zero is equal to zero.
      const low = isMissing ? 1 : (words[2 * at] ?? 0);
      const high = isMissing ? 0x7ff80000 : (words[2 * at + 1] ?? 0);
      first ??= [low, high];
      isConstant &&= first[0] === low && first[1] === high;
      digest.add(low);
      digest.add(high);
    }
    if (slices.areDue) await slices.pause();
  }
  return { isConstant, digest: digest.text };
}

/** Two running sums of 32 bits that depend on the order of what is added. */
class Digest {
  #one = 0x811c9dc5;
  #other = 0x9e3779b9;

  add(word: number): void {
    this.#one = Math.imul(this.#one ^ word, 0x01000193) ^ (this.#one >>> 15);
    this.#other =
      (Math.imul(this.#other, 0x85ebca6b) + Math.imul(word ^ 0x5bd1e995, 0xc2b2ae35)) ^ (this.#other >>> 13);
  }

  addText(text: string): void {
    this.add(text.length);
    for (let at = 0; at < text.length; at++) this.add(text.charCodeAt(at));
  }

  get text(): string {
    return `${this.#one >>> 0} ${this.#other >>> 0}`;
  }
}
