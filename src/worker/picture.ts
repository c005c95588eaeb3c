import { Slices } from "../base/slices.ts";
import type { PyNode } from "../pickle/index.ts";
import { decodeUtf8 } from "../pickle/text.ts";
import { grey, PAINTS, type Colour, type Paint } from "./paints.ts";
import { channelsOf, everyOf, PIECE, type Channels, type Pixels } from "./pixels.ts";

/** Modes of numbers that may be more than bytes. */
const NUMBERS = /^(I|F|I;16[BL]?)$/;
/** Modes whose pixels are places in a palette. */
const PLACES = /^PA?$/;
/** Names of an image's `info` that are looked through. */
const MOST_INFO = 64;
/** Colours of a palette. */
const MOST_COLOURS = 256;

/** The pixels of Pillow's image, as its `convert("RGBA")` has them, but for numbers past 255, which that makes white. */
export async function pictureOf(node: PyNode, signal: AbortSignal): Promise<Pixels | null> {
  const slices = new Slices({ signal });
  const parts = await named(node, MOST_INFO);
  const mode = decodeUtf8((await parts.get(".mode")?.bytes()) ?? new Uint8Array()) ?? "";
  const read = await pixelsIn(node, parts, slices);
  if (read === undefined) return null;
  const { width, height, every, channels } = read;
  const white = NUMBERS.test(mode) ? await whiteOf(read, slices) : mode === "1" ? 1 : 255;
  const info = parts.get(".info");
  const clear = info && (await named(info, MOST_INFO)).get("'transparency'");
  const own = (Object.hasOwn(PAINTS, mode) ? PAINTS[mode] : undefined) ?? scaled(white);
  const paint = PLACES.test(mode)
    ? placed(mode, await palette(parts.get(".palette")), await opacities(clear))
    : veiled(own, mode, await hidden(clear));
  const isGrey = channels.length < 3 && !PLACES.test(mode);
  return {
    kind: "pixels",
    width,
    height,
    mode: /a$/i.test(mode) || clear !== undefined ? "RGBA" : isGrey ? "L" : "RGB",
    range: [0, white],
    every,
    rgba: await painted(channels, paint, slices),
  };
}

/** The children that have a name, as `children` calls them. */
async function named(node: PyNode, most: number): Promise<ReadonlyMap<string, PyNode>> {
  const children = await node.children({ to: most });
  return new Map(
    children.map(({ key, value }) => [typeof key === "string" ? key : (key?.preview ?? ""), value]),
  );
}

/** The pixels as numbers, channel by channel. Of the mode `1` each row begins with a byte, its first pixel in the highest bit. */
async function pixelsIn(
  { shape }: PyNode,
  parts: ReadonlyMap<string, PyNode>,
  slices: Slices,
): Promise<Channels | undefined> {
  const pixels = parts.get("pixels");
  if (pixels !== undefined) {
    const channels = pixels.shape?.length === 3 ? 2 : undefined;
    return channelsOf(pixels, { rows: 0, columns: 1, channels }, slices);
  }
  const bytes = await parts.get("bytes")?.bytes();
  const [height = 0, width = 0] = shape ?? [];
  const stride = Math.ceil(width / 8);
  if (bytes === undefined || bytes.length < height * stride) return undefined;
  const every = everyOf(width, height);
  const across = Math.ceil(width / every);
  const bits = new Float32Array(across * Math.ceil(height / every));
  for (let at = 0; at < bits.length; at++) {
    if (at % PIECE === 0 && slices.areDue) await slices.pause();
    const [x, y] = [(at % across) * every, Math.floor(at / across) * every];
    bits[at] = ((bytes[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
  }
  return { width, height, every, dtype: "bool", channels: [bits] };
}

/** The number that is white: as of an array 1 where no float is above it; 65535 where a whole number does not fit a byte. */
async function whiteOf({ dtype, channels }: Channels, slices: Slices): Promise<number> {
  const isFloat = dtype.startsWith("float");
  const [low, high] = isFloat ? [1, 255] : [255, 65535];
  const [values = new Float32Array()] = channels;
  for (let from = 0; from < values.length; from += PIECE) {
    if (slices.areDue) await slices.pause();
    if (values.subarray(from, from + PIECE).some((value) => value > low)) return high;
  }
  return low;
}

/** Numbers as shades. Pillow cuts off what is behind the point. */
function scaled(white: number): Paint {
  return (value) => grey(Math.max(0, Math.min(255, Math.floor((value * 255) / white))) || 0);
}

/** The pixels of one colour as if they were not there. Only modes without an opacity of their own have such a colour. */
function veiled(paint: Paint, mode: string, colour: readonly number[]): Paint {
  if (colour.length === 0 || !/^([1L]|RGB)$/.test(mode)) return paint;
  const [red, green, blue] = colour;
  return (a, b, c, d) => {
    const made = paint(a, b, c, d);
    return made[0] === red && made[1] === green && made[2] === blue ? [made[0], made[1], made[2], 0] : made;
  };
}

/** The colour that a file declared transparent: a level of grey, or red, green and blue. */
async function hidden(clear: PyNode | undefined): Promise<readonly number[]> {
  if (clear?.type === "int") return [0, 0, 0].map(() => Number(clear.preview));
  return clear?.type === "tuple"
    ? (await clear.children({ to: 3 })).map(({ value }) => Number(value.preview))
    : [];
}

/** Places in a palette as its colours; behind its end all is black. */
function placed(mode: string, colours: readonly Colour[], opacity: readonly number[]): Paint {
  const black = grey(0);
  return (place, own) => {
    const [red, green, blue] = colours[place] ?? black;
    return [red, green, blue, mode === "PA" ? own : (opacity[place] ?? 255)];
  };
}

/** The colours of a palette: red, green and blue of the first one, and so on. */
async function palette(list: PyNode | undefined): Promise<readonly Colour[]> {
  const numbers = ((await list?.children({ to: 3 * MOST_COLOURS })) ?? []).map(({ value }) =>
    Number(value.preview),
  );
  return Array.from({ length: Math.floor(numbers.length / 3) }, (_, at): Colour => {
    const [red = 0, green = 0, blue = 0] = numbers.slice(3 * at);
    return [red, green, blue, 255];
  });
}

/** How opaque the colours of a palette are: a byte for each, or the place of the one that is not; all where nothing is told. */
async function opacities(clear: PyNode | undefined): Promise<readonly number[]> {
  if (clear?.type === "bytes") return [...((await clear.bytes({ to: MOST_COLOURS })) ?? [])];
  const place = clear?.type === "int" ? Number(clear.preview) : NaN;
  return Array.from({ length: MOST_COLOURS }, (_, at) => (at === place ? 0 : 255));
}

async function painted(channels: readonly Float32Array[], paint: Paint, slices: Slices): Promise<Uint8Array> {
  const [first = new Float32Array(), second, third, fourth] = channels;
  const rgba = new Uint8ClampedArray(first.length * 4);
  for (let at = 0; at < first.length; at++) {
    if (at % PIECE === 0 && slices.areDue) await slices.pause();
    rgba.set(paint(first[at] ?? 0, second?.[at] ?? 0, third?.[at] ?? 0, fourth?.[at] ?? 0), 4 * at);
  }
  return new Uint8Array(rgba.buffer);
}
