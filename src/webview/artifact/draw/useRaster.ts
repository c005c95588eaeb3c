import type { Raster, RasterParams } from "../../../protocol/raster.ts";
import { useAnswer } from "../useAnswer.ts";
import type { Viewer } from "../viewer.ts";

/** Numbers of a window that are looked at without being asked for: some tenths of a second. */
const FEW_NUMBERS = 50_000_000;

/** A raster, and what was asked for. */
export interface Seen {
  readonly raster: Raster;
  readonly params: Omit<RasterParams, "exact">;
}

/** The raster of a window: at once with a number a pixel, then with exact means where these are wanted or come soon. */
export function useRaster(
  viewer: Viewer,
  params: Omit<RasterParams, "exact">,
  wantsExact: boolean,
): { readonly seen: Seen | undefined; readonly isLate: boolean; readonly problem: string | undefined } {
  const { rows, columns, width } = params;
  const numbers = (rows.to - rows.from) * (columns.to - columns.from);
  const inputs = JSON.stringify(params);
  const ask = async (exact: boolean, signal: AbortSignal): Promise<Seen | undefined> => {
    const raster = await viewer.ask("raster", { ...params, exact }, signal);
    return raster === null ? undefined : { raster, params };
  };
  // Without a width the element is not laid out yet.
  const quick = useAnswer(async (signal) => (width === 0 ? undefined : ask(false, signal)), [inputs]);
  const isLate = quick.answer?.raster.exact === false && (wantsExact || numbers <= FEW_NUMBERS);
  const exact = useAnswer(async (signal) => (isLate ? ask(true, signal) : undefined), [inputs, isLate]);
  const isCurrent = exact.answer !== undefined && JSON.stringify(exact.answer.params) === inputs;
  return { seen: isCurrent ? exact.answer : quick.answer, isLate, problem: quick.problem ?? exact.problem };
}
