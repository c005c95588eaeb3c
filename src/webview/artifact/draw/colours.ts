type Colour = readonly [red: number, green: number, blue: number];

/** Perceptually even, from dark to light: stops of matplotlib's viridis. */
const VIRIDIS: readonly Colour[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** As even to both sides of nothing, which is light: stops of ColorBrewer's RdBu, blue for what is below. */
const BLUE_RED: readonly Colour[] = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [247, 247, 247],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
];

/** The colour of each level from 1 to 255, in four bytes; level 0 shows what lies below. */
export type Palette = Uint8Array;

/** One colour after the other. */
export const EVEN: Palette = paletteOf(VIRIDIS);
/** Two colours away from the middle. */
export const DIVERGING: Palette = paletteOf(BLUE_RED);

function paletteOf(stops: readonly Colour[]): Palette {
  const palette = new Uint8Array(256 * 4);
  for (let level = 1; level < 256; level++) {
    const place = ((level - 1) / 254) * (stops.length - 1);
    const below = stops[Math.floor(place)] ?? [0, 0, 0];
    const above = stops[Math.ceil(place)] ?? below;
    const share = place % 1;
    palette.set(
      [0, 1, 2].map((part) => Math.round((below[part] ?? 0) * (1 - share) + (above[part] ?? 0) * share)),
      level * 4,
    );
    palette[level * 4 + 3] = 255;
  }
  return palette;
}

/** Levels as pixels of an image. */
export function coloured(levels: Uint8Array, palette: Palette): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(levels.length * 4);
  const [from, to] = [new Uint32Array(palette.buffer), new Uint32Array(pixels.buffer)];
  for (let at = 0; at < levels.length; at++) to[at] = from[levels[at] ?? 0] ?? 0;
  return pixels;
}

/** A palette as a gradient from left to right. */
export function gradientOf(palette: Palette): string {
  const stops = Array.from({ length: 17 }, (_, index) => {
    const at = Math.round(1 + (254 * index) / 16) * 4;
    return `rgb(${palette.slice(at, at + 3).join(" ")})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
