import type { Extreme } from "../../../protocol/raster.ts";
import { DIVERGING, EVEN, type Palette } from "./colours.ts";

/** What colours mean: the numbers at both ends, and the colours between them. */
export interface ColourScale {
  readonly low: number;
  readonly high: number;
  /** The exact numbers at both ends. */
  readonly lowText: string;
  readonly highText: string;
  readonly palette: Palette;
}

/** From the least to the greatest; where these lie on both sides of 0, as far to both, so that the middle is nothing. */
export function colourScale(least: Extreme, greatest: Extreme): ColourScale {
  if (least.value >= 0 || greatest.value <= 0) {
    return {
      low: least.value,
      high: greatest.value,
      lowText: least.text,
      highText: greatest.text,
      palette: EVEN,
    };
  }
  const far = -least.value > greatest.value ? least : greatest;
  const [positive, negative] = [far.text.replace(/^-/, ""), `-${far.text.replace(/^-/, "")}`];
  const high = Math.abs(far.value);
  return { low: -high, high, lowText: negative, highText: positive, palette: DIVERGING };
}
