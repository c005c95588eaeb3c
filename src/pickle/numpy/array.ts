import { createHash } from "node:crypto";
import { ByteStore } from "../bytes.ts";
import { membersFrom, type Members, type NdArrayShape, type Span } from "../shapes.ts";
import { leavesOf, type DType } from "./dtype.ts";
import { readElement, type NpElement } from "./elements.ts";
import { NpRecord } from "./values.ts";

/** Bytes that are put in C order at a time. */
const BLOCK_BYTES = 1 << 20;

/** How many elements an array of this shape has. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Whether the elements lie in bytes. */
export function liesInBytes(data: Span | Members): data is Span {
  return "store" in data;
}

/** The element at a place in C order, where it lies in bytes: `null` where it is masked, `undefined` where its bytes are not there. */
export function elementAt(array: NdArrayShape, index: number, most?: number): NpElement | undefined {
  return elementAtPlace(array, placeOf(array, index), most);
}

/** The same at a place in memory. */
export function elementAtPlace(array: NdArrayShape, place: number, most?: number): NpElement | undefined {
  const { data, dtype, mask } = array;
  if (!liesInBytes(data)) return undefined;
  const element = read(dtype, data, data.from + place * dtype.itemsize, most);
  if (mask === undefined) return element;
  return hidden(dtype, element, mask, mask.from + place * leavesOf(dtype));
}

/** An element without what is masked of it. Of a field that is an array nothing is told apart: it is masked where all of it is. */
function hidden(dtype: DType, element: NpElement | undefined, mask: Span, at: number): NpElement | undefined {
  if (dtype.fields === undefined || !(element instanceof NpRecord)) {
    const bytes = mask.store.view(at, at + leavesOf(dtype));
    return bytes.length > 0 && bytes.every((byte) => byte > 0) ? null : element;
  }
  let next = at;
  const values = dtype.fields.slice(0, element.values.length).map((field, index) => {
    const from = next;
    next += leavesOf(field.dtype);
    return hidden(field.dtype, element.values[index] as NpElement, mask, from); // As it was read.
  });
  return new NpRecord(element.names, values);
}

/** How many elements are there, from the first in C order on, of an array whose bytes may still arrive. */
export function elementsThere({ data, dtype, shape, order }: NdArrayShape): number {
  const size = sizeOfShape(shape);
  if (!liesInBytes(data) || dtype.itemsize === 0) return size;
  const bytes = Math.max(0, Math.min(data.to, data.store.length) - data.from);
  const there = Math.min(size, Math.floor(bytes / dtype.itemsize));
  // The other order has a row's elements all over the bytes.
  return order === "C" || shape.length < 2 || there === size ? there : 0;
}

/** The element that is a value by itself; `undefined` where its bytes are not there. */
export function scalarElement(
  { dtype, span }: { readonly dtype: DType; readonly span: Span },
  most?: number,
): NpElement | undefined {
  return read(dtype, span, span.from, most);
}

/** INVARIANT: never reads behind its span: a row that is asked for may lie behind an array that is shorter than the others. */
function read(dtype: DType, { store, to }: Span, from: number, most?: number): NpElement | undefined {
  const bytes = store.view(from, Math.min(to, from + dtype.itemsize));
  if (bytes.length < dtype.itemsize) return undefined;
  return readElement(dtype, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, most);
}

/** Where in `data` the element lies that is at a place in C order. */
function placeOf({ shape, order }: NdArrayShape, index: number): number {
  if (order === "C" || shape.length < 2) return index;
  let place = 0;
  let rest = index;
  let before = sizeOfShape(shape);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    before /= length;
    place += (rest % length) * before;
    rest = Math.floor(rest / length);
  }
  return place;
}

/** The dtype that the array has once Python has loaded it. */
export function loadedDtype({ dtype, turned }: NdArrayShape): DType {
  return turned ? { ...dtype, littleEndian: true } : dtype;
}

/** Turns the bytes of each number around. */
export function swapBytes(bytes: Uint8Array, { kind, itemsize }: DType): void {
  const size = kind === "U" ? 4 : kind === "c" ? itemsize / 2 : itemsize;
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Python: `hashlib.sha1(array.tobytes()).hexdigest()`: of the elements' bytes in C order. */
export function sha1Of(array: NdArrayShape, data: Span): string {
  const hash = createHash("sha1");
  for (const piece of inOrder(array, data)) hash.update(piece);
  return hash.digest("hex");
}

/** The bytes of the elements in C order, as Python has them, piece by piece. */
export function* inOrder(array: NdArrayShape, { store, from, to }: Span): Iterable<Uint8Array> {
  const { dtype, shape, order, turned } = array;
  const isPlain = order === "C" || shape.length < 2;
  const isTurned = turned && !dtype.littleEndian;
  // Elements without a byte are as many as somebody says.
  if (from === to) return;
  if (isPlain && !isTurned) {
    yield* store.pieces(from, to);
    return;
  }
  const { itemsize } = dtype;
  const size = sizeOfShape(shape);
  const atOnce = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, itemsize)));
  for (let first = 0; first < size; first += atOnce) {
    const count = Math.min(atOnce, size - first);
    const block = isPlain
      ? store.copy(from + first * itemsize, from + (first + count) * itemsize)
      : new Uint8Array(count * itemsize);
    for (let index = 0; index < count && !isPlain; index++) {
      const at = from + placeOf(array, first + index) * itemsize;
      block.set(store.view(at, at + itemsize), index * itemsize);
    }
    if (isTurned) swapBytes(block, dtype);
    yield block;
  }
}

/** The part of an array that begins at a place in C order, as an array by itself: a view where it lies in one piece, else a copy. */
export function partOf(array: NdArrayShape, base: number, shape: readonly number[]): NdArrayShape {
  const { data, dtype, mask, order } = array;
  if (!liesInBytes(data)) return { ...array, shape, data: membersFrom(data, base) };
  const size = sizeOfShape(shape);
  const cut = ({ store, from }: Span, width: number): Span => {
    if (order === "C" || array.shape.length < 2 || width === 0)
      return { store, from: from + base * width, to: from + (base + size) * width };
    const bytes = new Uint8Array(size * width);
    for (let index = 0; index < size; index++) {
      const at = from + placeOf(array, base + index) * width;
      bytes.set(store.view(at, at + width), index * width);
    }
    return { store: new ByteStore(bytes), from: 0, to: bytes.length };
  };
  return {
    ...array,
    shape,
    order: "C",
    data: cut(data, dtype.itemsize),
    mask: mask && cut(mask, leavesOf(dtype)),
  };
}
