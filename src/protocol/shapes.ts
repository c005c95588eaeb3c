import { curveChecks } from "./curve.ts";
import type { CurveRequests } from "./curve.ts";
import { imageChecks } from "./image.ts";
import type { ImageRequests } from "./image.ts";
import { rasterChecks } from "./raster.ts";
import type { RasterRequests } from "./raster.ts";
import { rawChecks } from "./raw.ts";
import type { RawRequests } from "./raw.ts";
import type { Checks } from "./rpc.ts";

/** What is asked of a value that is drawn, and of its bytes. */
export interface ShapeRequests extends RasterRequests, CurveRequests, ImageRequests, RawRequests {}

/** The checks at both borders. */
export const shapeChecks: Checks<ShapeRequests> = {
  ...rasterChecks,
  ...curveChecks,
  ...imageChecks,
  ...rawChecks,
};
