import { count, record } from "./check.ts";
import type { Extreme } from "./raster.ts";
import type { Checks } from "./rpc.ts";
import { tablePlace } from "./table.ts";
import type { Range, TablePlace } from "./table.ts";

/** The rows `from` to `to` of a column as a curve of at most so many pixels. */
export interface CurveParams extends TablePlace, Range {
  readonly column: number;
  readonly width: number;
}

/** A curve: for each pixel the least, the greatest, the first and the last number that it stands for; `NaN` where it has none. */
export interface Curve {
  /** Pixels: never more than rows. */
  readonly width: number;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
  /** The least and the greatest finite number; absent where there is none. */
  readonly least?: Extreme;
  readonly greatest?: Extreme;
  /** Rows without a number. */
  readonly missing: number;
}

/** What is asked of a column as a curve. */
export interface CurveRequests {
  curve: { params: CurveParams; result: Curve };
}

/** The checks at both borders. */
export const curveChecks: Checks<CurveRequests> = {
  curve: record<CurveParams>({ ...tablePlace, column: count, from: count, to: count, width: count }),
};
