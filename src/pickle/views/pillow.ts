import { plainDtype, type DType } from "../numpy/dtype.ts";
import { byteSpan, smallInts } from "../recognisers/arguments.ts";
import type { NdArrayShape, ObjectShape, Span, ValueReader } from "../shapes.ts";
import type { PartRow } from "../part.ts";
import { rowsOf } from "./rows.ts";
import type { View } from "./view.ts";

const BYTE = plainDtype("u", 1);
const bands = (count: number): { readonly dtype: DType; readonly bands: number } => ({
  dtype: BYTE,
  bands: count,
});

/** Pillow's modes whose pixels are bytes or numbers, as numpy reads them. Of `1` eight pixels of a row share a byte. */
const MODES: Readonly<Record<string, { readonly dtype: DType; readonly bands: number }>> = {
  L: bands(1),
  P: bands(1),
  LA: bands(2),
  La: bands(2),
  PA: bands(2),
  RGB: bands(3),
  YCbCr: bands(3),
  LAB: bands(3),
  HSV: bands(3),
  RGBA: bands(4),
  RGBa: bands(4),
  RGBX: bands(4),
  CMYK: bands(4),
  I: { dtype: plainDtype("i", 4), bands: 1 },
  F: { dtype: plainDtype("f", 4), bands: 1 },
  "I;16": { dtype: plainDtype("u", 2), bands: 1 },
  "I;16L": { dtype: plainDtype("u", 2), bands: 1 },
  "I;16B": { dtype: { ...BYTE, itemsize: 2, littleEndian: false }, bands: 1 },
};

/** Pillow's images: `Image` with the state `[info, mode, size, palette, bytes]`, from Pillow 12 on with members behind it. */
export function imageView({ module, name, states }: ObjectShape, reader: ValueReader): View | undefined {
  const [state] = states;
  const list = state === undefined ? undefined : reader.shape(state);
  if (!name.includes("Image") || list?.t !== "list" || list.members.length < 5) return undefined;
  const { members } = list;
  const mode = reader.text(members.at(1));
  const sizes = reader.tuple(members.at(2));
  const [width, height] = (sizes && smallInts(reader, sizes)) ?? [];
  if (mode === undefined || width === undefined || height === undefined || width < 0 || height < 0)
    return undefined;
  const data = byteSpan(reader, members.at(4), 1 << 26);
  const pixels = data && pixelsOf(data, mode, [height, width]);
  const bits = mode === "1" && data?.to === (data?.from ?? 0) + Math.ceil(width / 8) * height;
  const rows: PartRow[] = ["mode", "size", "info", "palette"].map((key) => ({
    key: `.${key}`,
    value: members.at(["info", "mode", "size", "palette"].indexOf(key)),
  }));
  rows.push(
    pixels === undefined
      ? { key: "bytes", value: members.at(4) }
      : { key: "pixels", value: { t: "elements", array: pixels, base: 0, shape: pixels.shape } },
  );
  return {
    type: `${module}.${name}`,
    // Of a size that its bytes have not, a pickle may say anything.
    shape: pixels?.shape ?? (bits ? [height, width] : undefined),
    print: (pen) => {
      const size = data && pixels === undefined && !bits ? ` in ${data.to - data.from} bytes` : "";
      pen.text(`<${name} ${mode} of ${width} × ${height} pixels${size}>`);
    },
    rows: rowsOf(rows),
  };
}

function pixelsOf(
  data: Span,
  mode: string,
  size: readonly [height: number, width: number],
): NdArrayShape | undefined {
  const kind = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (kind === undefined) return undefined;
  const { dtype, bands: count } = kind;
  if (data.to - data.from !== size[0] * size[1] * count * dtype.itemsize) return undefined;
  const shape = count === 1 ? size : [...size, count];
  return { t: "ndarray", dtype, turned: false, shape, order: "C", data, mask: undefined };
}
