import type { Checks } from "./rpc.ts";
import { checkTablePlace } from "./table.ts";
import type { TablePlace } from "./table.ts";

/** The kinds of images that a page can show by itself. */
export type ImageType = "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp";

/** A value as an image. */
export type Image =
  /** A file of an image, as it lies in the value. */
  | {
      readonly kind: "file";
      readonly type: ImageType;
      readonly width: number;
      readonly height: number;
      readonly bytes: Uint8Array;
    }
  /** The elements of an array as pixels. */
  | {
      readonly kind: "pixels";
      /** Of the array. */
      readonly width: number;
      readonly height: number;
      /** How the elements are read: as shades of grey, as red, green and blue, or with how opaque they are. */
      readonly mode: "L" | "RGB" | "RGBA";
      /** The number that is black, and the one that is white. */
      readonly range: readonly [number, number];
      /** Every so many pixels of the array are one here: 1 unless it is too large. */
      readonly every: number;
      /** Four bytes a pixel, row by row. */
      readonly rgba: Uint8Array;
    }
  /** Too large to be shown. */
  | { readonly kind: "large"; readonly width: number; readonly height: number; readonly sizeBytes: number };

/** What is asked of a value as an image. */
export interface ImageRequests {
  /** `null`: it is none. Of an array of more axes the slice says which are rows and columns. */
  image: { params: TablePlace; result: Image | null };
}

/** The checks at both borders. */
export const imageChecks: Checks<ImageRequests> = { image: checkTablePlace };
