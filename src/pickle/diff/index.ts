import { Slices } from "../../base/slices.ts";
import { pyRepr } from "../natural/repr.ts";
import type { Slice } from "../table/table.ts";
import type { PyChild, PyNode } from "../types.ts";
import { compareTables, type Tally } from "./cells.ts";
import { Differences, type Comparison } from "./difference.ts";

/** Differences that are told; the others are counted. */
const MOST_TOLD = 1000;
/** Parts that are looked at beside the cells of tables. */
const MOST_PARTS = 1_000_000;
const PAGE = 1000;
const CHUNK = 1 << 20;

interface Pair {
  readonly path: string;
  readonly left: PyNode;
  readonly right: PyNode;
}

/** What may be less for tests. */
export interface CompareLimits {
  readonly told?: number;
  readonly parts?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How two values differ: dicts by their keys, lists by their positions, objects by their attributes, frames and arrays cell by cell. NaN is equal to NaN.
 * No recursion, bounded, in slices. Both documents have to be read completely. Throws the signal's reason.
 */
export async function compareValues(
  left: PyNode,
  right: PyNode,
  { told = MOST_TOLD, parts = MOST_PARTS, signal }: CompareLimits = {},
): Promise<Comparison> {
  const out = new Differences(told);
  const slices = new Slices(signal === undefined ? undefined : { signal });
  const seen = new Set<string>();
  const stack: Pair[] = [{ path: "", left, right }];
  let looked = 0;
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    if (slices.areDue) await slices.pause();
    if (++looked > parts) return { differences: out.found, count: out.count, stopped: true };
    // A shared object is compared once; one that contains itself has an end so.
    const name = `${pair.left.id} ${pair.right.id}`;
    if (pair.left.childCount > 0 && seen.has(name)) continue;
    seen.add(name);
    const below = await comparePair(pair, out, slices);
    for (let at = below.length - 1; at >= 0; at--) stack.push(below[at] ?? pair);
  }
  return { differences: out.found, count: out.count, stopped: false };
}

/** Compares two values without what is in them, which it gives back in pairs. */
async function comparePair(
  { path, left, right }: Pair,
  out: Differences,
  slices: Slices,
): Promise<readonly Pair[]> {
  if (left.type !== right.type) {
    out.add({ path, kind: "type", left: described(left), right: described(right) });
    return [];
  }
  if (hasCells(left) && hasCells(right)) {
    await compareCells({ path, left, right }, out, slices);
    return [];
  }
  if (left.childCount === 0 && right.childCount === 0) {
    if (!(await isSameLeaf(left, right)))
      out.add({ path, kind: "value", left: left.preview, right: right.preview });
    return [];
  }
  return compareMembers({ path, left, right }, out, slices);
}

function described({ type, preview }: PyNode): string {
  return `${preview}  (${type})`;
}

/** What is compared cell by cell: not records, whose fields may be anything. */
function hasCells(node: PyNode): boolean {
  return /^(numpy\.|pandas\.)/.test(node.type) && node.isTabular;
}

async function compareCells({ path, left, right }: Pair, out: Differences, slices: Slices): Promise<void> {
  const [ours = [], theirs = []] = [left.shape, right.shape];
  if (left.type.startsWith("numpy.") && ours.join() !== theirs.join()) {
    out.add({
      path: `${path}.shape`,
      kind: "size",
      left: `(${ours.join(", ")})`,
      right: `(${theirs.join(", ")})`,
    });
    return;
  }
  const tally: Tally = { count: 0, of: 0, most: 0 };
  const place = out.found.length;
  for (const slice of slicesOf(left)) {
    const [own, other] = [left.table(slice), right.table(slice)];
    if (own !== undefined && other !== undefined) await compareTables(path, own, other, tally, out, slices);
  }
  const { count, of, most } = tally;
  if (count > 0) out.found.splice(place, 0, { path, kind: "cells", count, of, ...(most > 0 && { most }) });
}

/** All pairs of the last two axes of an array with more of them. */
function* slicesOf({ shape, type }: PyNode): Generator<Slice | undefined> {
  if (!type.startsWith("numpy.") || shape === undefined || shape.length < 3) {
    yield undefined;
    return;
  }
  const outer = shape.slice(0, -2);
  const count = outer.reduce((product, length) => product * length, 1);
  for (let index = 0; index < count; index++) {
    const at = shape.map(() => 0);
    let rest = index;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const length = outer[axis] ?? 1;
      at[axis] = rest % length;
      rest = Math.floor(rest / length);
    }
    yield { rows: shape.length - 2, columns: shape.length - 1, at };
  }
}

async function isSameLeaf(left: PyNode, right: PyNode): Promise<boolean> {
  if (left.preview !== right.preview || left.length !== right.length) return false;
  if (!left.preview.includes("…")) return true;
  if (/^(str|bytes|bytearray)$/.test(left.type)) return haveSameBytes(left, right);
  return pyRepr(await left.toValue()) === pyRepr(await right.toValue());
}

async function haveSameBytes(left: PyNode, right: PyNode): Promise<boolean> {
  for (let from = 0; ; from += CHUNK) {
    const page = { from, to: from + CHUNK };
    const [ours, theirs] = [await left.bytes(page), await right.bytes(page)];
    if (ours === undefined || theirs === undefined || Buffer.compare(ours, theirs) !== 0) return false;
    if (ours.length < CHUNK) return true;
  }
}

async function compareMembers(
  { path, left, right }: Pair,
  out: Differences,
  slices: Slices,
): Promise<Pair[]> {
  if (left.length !== right.length)
    out.add({ path, kind: "size", left: lengthText(left), right: lengthText(right) });
  const others = new Map<string, PyNode>();
  for await (const { name, child } of membersOf(right, slices)) others.set(name, child.value);
  const pairs: Pair[] = [];
  for await (const { name, child } of membersOf(left, slices)) {
    const other = others.get(name);
    others.delete(name);
    const place = `${path}${name}`;
    if (other === undefined) out.add({ path: place, kind: "left", left: child.value.preview });
    else pairs.push({ path: place, left: child.value, right: other });
  }
  for (const [name, other] of others)
    out.add({ path: `${path}${name}`, kind: "right", right: other.preview });
  return pairs;
}

function lengthText({ length, childCount }: PyNode): string {
  return `length ${length ?? childCount}`;
}

/** The members of a value by their names: keys, attributes, positions; of a set what they are. */
async function* membersOf(
  node: PyNode,
  slices: Slices,
): AsyncGenerator<{ readonly name: string; readonly child: PyChild }> {
  const isSet = node.type === "set" || node.type === "frozenset";
  for (let from = 0; from < node.childCount; from += PAGE) {
    const page = await node.children({ from, to: from + PAGE });
    if (page.length === 0) return;
    for (const [at, child] of page.entries()) {
      if (slices.areDue) await slices.pause();
      yield { name: await nameOf(child, from + at, isSet), child };
    }
  }
}

async function nameOf({ key, value }: PyChild, position: number, isSet: boolean): Promise<string> {
  if (isSet) return `{${await wholeText(value)}}`;
  if (key === undefined) return `[${position}]`;
  return typeof key === "string" ? (key.startsWith(".") ? key : `.${key}`) : `[${await wholeText(key)}]`;
}

async function wholeText(node: PyNode): Promise<string> {
  return node.preview.includes("…") ? pyRepr(await node.toValue()) : node.preview;
}
