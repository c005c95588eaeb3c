import { ByteStore } from "../bytes.ts";
import { sizeOfShape } from "../numpy/array.ts";
import type { DType } from "../numpy/dtype.ts";
import type { NdArrayShape, Span } from "../shapes.ts";

/** Elements in bytes, those of an axis so many places apart. */
export interface Tensor {
  readonly span: Span;
  readonly dtype: DType;
  /** The place of the first element. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Elements that are laid out although fewer are stored: one of them may stand for many. */
const MOST_REPEATED = 1 << 16;

/** The array that has the elements of a tensor, made when it is asked for; or why there is none. What lies in a row is not copied. */
export function arrayOfTensor(tensor: Tensor): (() => NdArrayShape) | string {
  const { shape, strides, offset, span, dtype } = tensor;
  const size = sizeOfShape(shape);
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(size * dtype.itemsize))
    return "a size past all bounds";
  const stored = Math.floor((span.to - span.from) / dtype.itemsize);
  const last = shape.reduce((place, length, axis) => place + (length - 1) * (strides[axis] ?? 0), offset);
  if (size > 0 && last >= stored) return "elements that lie outside its storage";
  const order = size === 0 ? "C" : orderOf(shape, strides);
  const made = (data: Span): NdArrayShape => ({
    t: "ndarray",
    dtype,
    turned: false,
    shape,
    order: order ?? "C",
    data,
    mask: undefined,
  });
  if (order !== undefined) {
    const from = span.from + (size === 0 ? 0 : offset * dtype.itemsize);
    return () => made({ store: span.store, from, to: from + size * dtype.itemsize });
  }
  if (size > Math.max(stored, MOST_REPEATED)) return `${stored} elements that stand for ${size}`;
  let laidOut: NdArrayShape | undefined;
  return () => (laidOut ??= made(gathered(tensor, size)));
}

/** The first elements of a tensor, in a row. The tensor must be one that has an array. */
export function firstOf(tensor: Tensor, most: number): NdArrayShape {
  const size = Math.min(sizeOfShape(tensor.shape), most);
  const data = gathered(tensor, size);
  return {
    t: "ndarray",
    dtype: tensor.dtype,
    turned: false,
    shape: [size],
    order: "C",
    data,
    mask: undefined,
  };
}

/** How elements lie that are in a row: the last axis first, or the first one. */
function orderOf(shape: readonly number[], strides: readonly number[]): "C" | "F" | undefined {
  const isInRow = (axes: readonly number[]): boolean => {
    let step = 1;
    return axes.every((axis) => {
      const length = shape[axis] ?? 1;
      const fits = length === 1 || strides[axis] === step;
      step *= length;
      return fits;
    });
  };
  const axes = shape.map((_, axis) => axis);
  if (isInRow([...axes].reverse())) return "C";
  return isInRow(axes) ? "F" : undefined;
}

/** The first elements of a tensor in C order, copied. */
function gathered({ span, dtype, offset, shape, strides }: Tensor, size: number): Span {
  const { itemsize } = dtype;
  const bytes = new Uint8Array(size * itemsize);
  const at = shape.map(() => 0);
  let place = offset;
  for (let index = 0; index < size; index++) {
    const from = span.from + place * itemsize;
    bytes.set(span.store.view(from, from + itemsize), index * itemsize);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (at[axis] ?? 0) + 1;
      place += strides[axis] ?? 0;
      at[axis] = next;
      if (next < (shape[axis] ?? 0)) break;
      place -= next * (strides[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return { store: new ByteStore(bytes), from: 0, to: bytes.length };
}
