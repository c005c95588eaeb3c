/** Which axes of an array are rows and columns of an image, and which one has the channels. */
export interface Layout {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number | undefined;
}

/**
 * How an array of this shape is read as an image: rows and columns, and then or before them 1, 3 or 4 channels; `undefined` where
 * it does not look like one.
 */
export function imageLayout(shape: readonly number[]): Layout | undefined {
  const [first = 0, second = 0, third = 0] = shape;
  if (shape.length === 2)
    return first > 1 && second > 1 ? { rows: 0, columns: 1, channels: undefined } : undefined;
  if (shape.length !== 3) return undefined;
  if (isChannels(third) && first > third) return { rows: 0, columns: 1, channels: 2 };
  return isChannels(first) && second > first && third > first
    ? { rows: 1, columns: 2, channels: 0 }
    : undefined;
}

function isChannels(length: number): boolean {
  return length === 1 || length === 3 || length === 4;
}

/** Whether the elements of such a dtype may be shades: bytes, or numbers from 0 to 1. */
export function areShades(dtype: string, axes: number): boolean {
  // A table of floats is a table; with channels it is an image.
  return /^(u?int8|bool)$/.test(dtype) || (axes > 2 && /^float(16|32|64)$/.test(dtype));
}
