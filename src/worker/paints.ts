/** A colour: red, green, blue and how opaque it is, each to 255. */
export type Colour = readonly [red: number, green: number, blue: number, opacity: number];

/** Makes a colour of the numbers that a pixel has. */
export type Paint = (a: number, b: number, c: number, d: number) => Colour;

export const grey = (level: number, opacity = 255): Colour => [level, level, level, opacity];

/** How Pillow's `convert("RGBA")` reads the bytes of its modes; those with a palette and those of numbers are apart. */
export const PAINTS: Readonly<Record<string, Paint>> = {
  L: (level) => grey(level),
  LA: grey,
  La: (level, opacity) => grey(straight(level, opacity), opacity),
  RGB: (red, green, blue) => [red, green, blue, 255],
  RGBX: (red, green, blue) => [red, green, blue, 255],
  RGBA: (red, green, blue, opacity) => [red, green, blue, opacity],
  RGBa: (red, green, blue, opacity) => [
    straight(red, opacity),
    straight(green, opacity),
    straight(blue, opacity),
    opacity,
  ],
  CMYK: (cyan, magenta, yellow, black) => {
    const light = 255 - black;
    const inked = (ink: number): number => light - Math.round((ink * light) / 255);
    return [inked(cyan), inked(magenta), inked(yellow), 255];
  },
  YCbCr: fromYCbCr,
  HSV: fromHsv,
};

/** A colour that its opacity was multiplied into. */
function straight(level: number, opacity: number): number {
  return opacity === 0 ? level : Math.min(255, Math.floor((255 * level) / opacity));
}

/** JFIF's formula. Pillow's tables are rounded otherwise here and there: one level at most. */
function fromYCbCr(luma: number, blue: number, red: number): Colour {
  const [cb, cr] = [blue - 128, red - 128];
  const level = (value: number): number => Math.max(0, Math.min(255, Math.round(value - 0.5 + 0.022)));
  return [level(luma + 1.402 * cr), level(luma - 0.34414 * cb - 0.71414 * cr), level(luma + 1.772 * cb), 255];
}

function fromHsv(hue: number, saturation: number, value: number): Colour {
  const sixth = (hue * 6) / 255;
  const [part, full] = [Math.floor(sixth) % 6, saturation / 255];
  const rest = sixth - Math.floor(sixth);
  const level = (share: number): number => Math.floor(value * (1 - full * share) + 0.5);
  const [low, falling, rising] = [level(1), level(rest), level(1 - rest)];
  const sides: readonly (readonly [number, number, number])[] = [
    [value, rising, low],
    [falling, value, low],
    [low, value, rising],
    [low, falling, value],
    [rising, low, value],
    [value, low, falling],
  ];
  const [red, green, blue] = sides[part] ?? [value, value, value];
  return [red, green, blue, 255];
}
