import { Slices } from "../base/slices.ts";
import type { ReadNumbers, Table } from "../pickle/index.ts";
import type { Curve, CurveParams } from "../protocol/curve.ts";
import { endOfPixel, Extremes } from "./plane.ts";

/** Pixels at most, whatever is asked for. */
const MOST_PIXELS = 8192;
/** Numbers that are read at a time, from bytes and from values of the pickle. */
const PIECE = 1 << 14;
const SLOW_PIECE = 1 << 10;

type Numbers = [number, number, number, number];

/** A column's rows as a curve: what each pixel stands for is told by its least, greatest, first and last number. */
export async function curveOf(
  table: Table,
  params: Pick<CurveParams, "column" | "from" | "to" | "width">,
  signal: AbortSignal,
): Promise<Curve> {
  const { column } = params;
  const to = Math.min(params.to, table.rowCount);
  const from = Math.min(params.from, to);
  const size = to - from;
  const width = Math.min(Math.max(1, params.width), MOST_PIXELS, size);
  const blank = (): Float64Array => new Float64Array(width).fill(NaN);
  const [lows, highs, firsts, lasts] = [blank(), blank(), blank(), blank()];
  const { read, piece } = numbersOf(table, column);
  const numbers = new Float64Array(Math.min(piece, size));
  const extremes = new Extremes();
  const slices = new Slices({ signal });
  let missing = 0;
  for (let start = 0; start < size; start += piece) {
    if (slices.areDue) await slices.pause();
    const end = Math.min(size, start + piece);
    read(from + start, from + end, numbers);
    let at = start;
    while (at < end) {
      const pixel = Math.floor((at * width) / size);
      const last = Math.min(end, endOfPixel(pixel, width, size, at));
      let [low, high, first, latest] = [lows[pixel], highs[pixel], firsts[pixel], lasts[pixel]] as Numbers; // Its arrays have every pixel.
      for (; at < last; at++) {
        const value = numbers[at - start] ?? NaN;
        if (Number.isNaN(value)) {
          missing++;
          continue;
        }
        // Not `<`: nothing is less than what is not there.
        if (!(low <= value)) low = value;
        if (!(high >= value)) high = value;
        if (Number.isNaN(first)) first = value;
        latest = value;
        if (extremes.areBeyond(value)) extremes.see(value, column, from + at);
      }
      lows[pixel] = low;
      highs[pixel] = high;
      firsts[pixel] = first;
      lasts[pixel] = latest;
    }
  }
  return { width, lows, highs, firsts, lasts, missing, ...extremes.of(table, true) };
}

/** How the numbers of a column are read: from bytes in a row, or value by value. */
function numbersOf(table: Table, at: number): { readonly read: ReadNumbers; readonly piece: number } {
  if (at >= table.columnCount)
    return { read: (from, to, into) => into.fill(NaN, 0, to - from), piece: PIECE };
  const column = table.column(at);
  if (column.numbers !== undefined) return { read: column.numbers, piece: PIECE };
  const read: ReadNumbers = (from, to, into) => {
    for (let row = from; row < to; row++) {
      const value = column.key(row);
      into[row - from] = typeof value === "number" || typeof value === "bigint" ? Number(value) : NaN;
    }
  };
  return { read, piece: SLOW_PIECE };
}
