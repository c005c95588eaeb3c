import { Slices } from "../base/slices.ts";
import type { Table } from "../pickle/index.ts";
import type { Raster, RasterParams } from "../protocol/raster.ts";
import type { Range } from "../protocol/table.ts";
import { endOfPixel, Extremes, planeOf, type Plane } from "./plane.ts";

/** Pixels along an axis at most, whatever is asked for. */
const MOST_PIXELS = 4096;
/** Numbers that are read at a time. */
const PIECE = 1 << 14;
/** A line of up to so many numbers a pixel is read whole: that is quicker than one number after the other. */
const CLOSE = 16;

type Window = Pick<RasterParams, "rows" | "columns" | "width" | "height" | "exact" | "low" | "high">;

/** A window of the lines of a plane, and into how many pixels it goes. */
interface Lines {
  readonly plane: Plane;
  readonly across: Range;
  readonly along: Range;
  /** Pixels. */
  readonly count: number;
  readonly length: number;
}

/** A table's window as a picture: one number for each pixel, or exact means; `null` for a table without numbers in bytes. */
export async function rasterOf(table: Table, window: Window, signal: AbortSignal): Promise<Raster | null> {
  const plane = planeOf(table, window.columns);
  if (plane === undefined) return null;
  const rows = inside(window.rows, table.rowCount);
  const columns = inside(window.columns, table.columnCount);
  const width = Math.min(window.width, MOST_PIXELS, columns.to - columns.from);
  const height = Math.min(window.height, MOST_PIXELS, rows.to - rows.from);
  const lines: Lines = plane.byColumns
    ? { plane, across: columns, along: rows, count: width, length: height }
    : { plane, across: rows, along: columns, count: height, length: width };
  const extremes = new Extremes();
  const slices = new Slices({ signal });
  const isWhole = width === columns.to - columns.from && height === rows.to - rows.from;
  const values = await (window.exact && !isWhole ? means : samples)(lines, extremes, slices);
  const found = extremes.of(table, plane.byColumns);
  const low = window.low ?? found.least?.value ?? 0;
  const high = window.high ?? found.greatest?.value ?? 0;
  return {
    width,
    height,
    levels: await levelsOf(values, { width, height, turned: plane.byColumns }, [low, high], slices),
    ...found,
    exact: window.exact || isWhole,
  };
}

function inside({ from, to }: Range, length: number): Range {
  const end = Math.min(to, length);
  return { from: Math.min(from, end), to: end };
}

/** The line, or the place on a line, in the middle of a pixel. */
function middleOf(pixel: number, pixels: number, { from, to }: Range): number {
  return from + Math.floor(((pixel + 0.5) * (to - from)) / pixels);
}

/** For each pixel the number in its middle, or near it. */
async function samples(
  { plane, across, along, count, length }: Lines,
  extremes: Extremes,
  slices: Slices,
): Promise<Float64Array> {
  const values = new Float64Array(count * length).fill(NaN);
  const size = along.to - along.from;
  const every = size <= length * CLOSE ? 1 : Math.floor(size / length);
  const read = new Float64Array(Math.ceil(size / every));
  const picks = Array.from({ length }, (_, pixel) =>
    Math.floor((middleOf(pixel, length, along) - along.from) / every),
  );
  for (let pixel = 0; pixel < count; pixel++) {
    if (slices.areDue) await slices.pause();
    const line = middleOf(pixel, count, across);
    const numbers = plane.line(line);
    if (numbers === undefined) continue;
    numbers(along.from, along.to, read, { every });
    for (let at = 0; at < length; at++) {
      const pick = picks[at] ?? 0;
      const value = read[pick] ?? NaN;
      values[pixel * length + at] = value;
      if (extremes.areBeyond(value)) extremes.see(value, line, along.from + pick * every);
    }
  }
  return values;
}

/** For each pixel the mean of its numbers. */
async function means(
  { plane, across, along, count, length }: Lines,
  extremes: Extremes,
  slices: Slices,
): Promise<Float64Array> {
  const sums = new Float64Array(count * length);
  const counts = new Float64Array(count * length);
  const size = along.to - along.from;
  const read = new Float64Array(Math.min(PIECE, size));
  for (let line = across.from; line < across.to; line++) {
    const numbers = plane.line(line);
    if (numbers === undefined) continue;
    const first = Math.floor(((line - across.from) * count) / (across.to - across.from)) * length;
    for (let from = 0; from < size; from += PIECE) {
      if (slices.areDue) await slices.pause();
      const to = Math.min(size, from + PIECE);
      numbers(along.from + from, along.from + to, read);
      let at = from;
      while (at < to) {
        const pixel = Math.floor((at * length) / size);
        const end = Math.min(to, endOfPixel(pixel, length, size, at));
        let [sum, present] = [0, 0];
        for (; at < end; at++) {
          const value = read[at - from] ?? NaN;
          if (Number.isNaN(value)) continue;
          sum += value;
          present++;
          if (extremes.areBeyond(value)) extremes.see(value, line, along.from + at);
        }
        sums[first + pixel] = (sums[first + pixel] ?? 0) + sum;
        counts[first + pixel] = (counts[first + pixel] ?? 0) + present;
      }
    }
  }
  return sums.map((sum, at) => sum / (counts[at] ?? 0));
}

interface Layout {
  readonly width: number;
  readonly height: number;
  /** Whether the values come column by column. */
  readonly turned: boolean;
}

/** Row by row: 0 where no number is, else 1 to 255. */
async function levelsOf(
  values: Float64Array,
  { width, height, turned }: Layout,
  [low, high]: readonly [number, number],
  slices: Slices,
): Promise<Uint8Array> {
  const levels = new Uint8Array(width * height);
  const [step, start] = turned ? [height, 1] : [1, width];
  for (let y = 0; y < height; y++) {
    if (slices.areDue) await slices.pause();
    lineOf(values, y * start, step, [low, high], levels.subarray(y * width, (y + 1) * width));
  }
  return levels;
}

function lineOf(
  values: Float64Array,
  from: number,
  step: number,
  [low, high]: readonly [number, number],
  into: Uint8Array,
): void {
  // Halved, so that the difference of any two numbers is one.
  const [least, span] = [low / 2, high / 2 - low / 2];
  let at = from;
  for (let x = 0; x < into.length; x++, at += step) {
    const value = values[at] ?? NaN;
    if (Number.isNaN(value)) continue;
    const share = span > 0 ? (value / 2 - least) / span : 0.5;
    // Rounded: what stands behind the point is left out of a byte.
    into[x] = 1.5 + 254 * (share < 0 ? 0 : share > 1 ? 1 : share);
  }
}
