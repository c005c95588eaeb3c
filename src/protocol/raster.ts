import { count, finite, flag, optional, record } from "./check.ts";
import type { Checks } from "./rpc.ts";
import { checkRange, tablePlace } from "./table.ts";
import type { Range, TablePlace } from "./table.ts";

/** A window of a table of numbers as a picture of at most so many pixels. */
export interface RasterParams extends TablePlace {
  readonly rows: Range;
  readonly columns: Range;
  readonly width: number;
  readonly height: number;
  /** Whether a pixel is the mean of all numbers that it stands for; else it is one of them. */
  readonly exact: boolean;
  /** The numbers that have the lowest and the highest level; those of the window where they are not given. */
  readonly low?: number;
  readonly high?: number;
}

/** A number of a table, and where it stands. */
export interface Extreme {
  /** The nearest number that JavaScript has. */
  readonly value: number;
  /** The exact value. */
  readonly text: string;
  readonly row: number;
  readonly column: number;
}

/** A picture of a window: never more pixels along an axis than the window has rows or columns. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Row by row: 0 where no number is, else 1 for the lowest to 255 for the highest. */
  readonly levels: Uint8Array;
  /** The least and the greatest finite number that was looked at; absent where there is none. */
  readonly least?: Extreme;
  readonly greatest?: Extreme;
  /** Whether every number of the window was looked at. */
  readonly exact: boolean;
}

/** What is asked of a table as a picture. */
export interface RasterRequests {
  /** `null`: it has no numbers in bytes. */
  raster: { params: RasterParams; result: Raster | null };
}

/** The checks at both borders. */
export const rasterChecks: Checks<RasterRequests> = {
  raster: record<RasterParams>({
    ...tablePlace,
    rows: checkRange,
    columns: checkRange,
    width: count,
    height: count,
    exact: flag,
    low: optional(finite),
    high: optional(finite),
  }),
};
