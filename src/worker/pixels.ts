import { Slices } from "../base/slices.ts";
import type { PyNode, ReadNumbers, Slice, Table } from "../pickle/index.ts";
import type { Image } from "../protocol/image.ts";
import { imageLayout, type Layout } from "./layout.ts";
import { planeOf } from "./plane.ts";

/** Pixels that are given at most: a larger array is thinned. */
const MOST_PIXELS = 1 << 24;
/** Pixels that are made between two looks at the clock. */
export const PIECE = 1 << 14;

export type Pixels = Extract<Image, { readonly kind: "pixels" }>;

/** The elements of an array as pixels; `null` where they are no image. */
export async function pixelsOf(node: PyNode, signal: AbortSignal): Promise<Pixels | null> {
  const { shape } = node;
  const layout = shape && imageLayout(shape);
  if (layout === undefined) return null;
  const slices = new Slices({ signal });
  const read = await channelsOf(node, layout, slices);
  if (read === undefined) return null;
  const { width, height, every, dtype, channels } = read;
  const range = await rangeOf(dtype, channels, slices);
  return {
    kind: "pixels",
    width,
    height,
    mode: channels.length === 1 ? "L" : channels.length === 3 ? "RGB" : "RGBA",
    range,
    every,
    rgba: await rgbaOf(channels, range, slices),
  };
}

/** The numbers of an array, channel by channel. */
export interface Channels {
  /** Of the array. */
  readonly width: number;
  readonly height: number;
  /** Every so many of them are read. */
  readonly every: number;
  readonly dtype: string;
  readonly channels: readonly Float32Array[];
}

/** How many pixels of so many are one, each way. */
export function everyOf(width: number, height: number): number {
  return Math.max(1, Math.ceil(Math.sqrt((width * height) / MOST_PIXELS)));
}

/** Reads the channels of an array; `undefined` where it has no numbers. */
export async function channelsOf(
  node: PyNode,
  layout: Layout,
  slices: Slices,
): Promise<Channels | undefined> {
  const count = layout.channels === undefined ? 1 : (node.shape?.[layout.channels] ?? 1);
  const tables = Array.from({ length: count }, (_, at) => node.table(sliceOf(layout, at)));
  const [table] = tables;
  if (table === undefined) return undefined;
  const [width, height] = [table.columnCount, table.rowCount];
  const every = everyOf(width, height);
  const channels: Float32Array[] = [];
  for (const one of tables) {
    const read = one && (await channelOf(one, every, slices));
    if (read === undefined) return undefined;
    channels.push(read);
  }
  return { width, height, every, dtype: table.column(0).dtype, channels };
}

function sliceOf({ rows, columns, channels }: Layout, channel: number): Slice {
  return { rows, columns, at: [0, 1, 2].map((axis) => (axis === channels ? channel : 0)) };
}

/** One channel, row by row. */
async function channelOf(table: Table, every: number, slices: Slices): Promise<Float32Array | undefined> {
  const { rowCount, columnCount } = table;
  const plane = planeOf(table, { from: 0, to: columnCount });
  if (plane === undefined) return undefined;
  const [width, height] = [Math.ceil(columnCount / every), Math.ceil(rowCount / every)];
  const [lines, length] = plane.byColumns ? [width, height] : [height, width];
  const values = new Float32Array(width * height);
  const read = new Float64Array(length);
  for (let line = 0; line < lines; line++) {
    if (slices.areDue) await slices.pause();
    const numbers: ReadNumbers | undefined = plane.line(line * every);
    numbers?.(0, plane.byColumns ? rowCount : columnCount, read, { every });
    if (plane.byColumns) for (let at = 0; at < length; at++) values[at * width + line] = read[at] ?? NaN;
    else values.set(read, line * width);
  }
  return values;
}

/** The numbers that are black and white: of floats 0 and 1 where none is above 1, as matplotlib has it. */
async function rangeOf(
  dtype: string,
  channels: readonly Float32Array[],
  slices: Slices,
): Promise<readonly [number, number]> {
  if (dtype === "bool") return [0, 1];
  if (dtype === "int8") return [-128, 127];
  if (!dtype.startsWith("float")) return [0, 255];
  for (const channel of channels) {
    for (let from = 0; from < channel.length; from += PIECE) {
      if (slices.areDue) await slices.pause();
      if (channel.subarray(from, from + PIECE).some((value) => value > 1)) return [0, 255];
    }
  }
  return [0, 1];
}

async function rgbaOf(
  channels: readonly Float32Array[],
  [black, white]: readonly [number, number],
  slices: Slices,
): Promise<Uint8Array> {
  const [red = new Float32Array()] = channels;
  const [green, blue, opacity] = channels.length < 3 ? [red, red] : [channels[1], channels[2], channels[3]];
  // Clamped and rounded by the array itself; what is no number is 0.
  const rgba = new Uint8ClampedArray(red.length * 4);
  const scale = 255 / (white - black);
  for (let at = 0; at < red.length; at++) {
    if (at % PIECE === 0 && slices.areDue) await slices.pause();
    rgba[4 * at] = ((red[at] ?? 0) - black) * scale;
    rgba[4 * at + 1] = ((green?.[at] ?? 0) - black) * scale;
    rgba[4 * at + 2] = ((blue?.[at] ?? 0) - black) * scale;
    rgba[4 * at + 3] = opacity === undefined ? 255 : ((opacity[at] ?? 0) - black) * scale;
  }
  return new Uint8Array(rgba.buffer);
}
