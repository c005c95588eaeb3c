import type { Size } from "./canvas.ts";
import { inkOf } from "./canvas.ts";
import type { Span } from "./span.ts";

/** Pixels beside a drawing for what is written along its axes. */
export const MARGIN = { left: 64, right: 12, top: 8, bottom: 22 } as const;

/** The rectangle that a drawing has. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is left of a canvas between its margins. */
export function areaOf({ width, height }: Size): Area {
  const { left, right, top, bottom } = MARGIN;
  return { left, top, width: Math.max(1, width - left - right), height: Math.max(1, height - top - bottom) };
}

/** A place along an axis, as a pixel. @param start pixel of the span's beginning @param length its pixels, negative where it grows upwards */
export function pixelOf(at: number, { from, to }: Span, start: number, length: number): number {
  return start + ((at - from) / (to - from)) * length;
}

/** The other way round. */
export function placeAt(pixel: number, { from, to }: Span, start: number, length: number): number {
  return from + ((pixel - start) / length) * (to - from);
}

/** A text at a place of an axis, in pixels. */
export interface Mark {
  readonly pixel: number;
  readonly text: string;
}

/** Writes along the left and the lower edge; what would run into what is there already is left out. */
export function writeMarks(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Area,
  marks: { readonly x: readonly Mark[]; readonly y: readonly Mark[] },
): void {
  const ink = inkOf();
  context.font = ink.font;
  context.fillStyle = ink.dim;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const { pixel, text } of marks.y) context.fillText(text, left - 6, pixel, left - 8);
  context.textBaseline = "top";
  let end = -Infinity;
  for (const { pixel, text } of marks.x) {
    const half = context.measureText(text).width / 2;
    const middle = Math.max(
      left + half - MARGIN.left + 4,
      Math.min(pixel, left + width - half + MARGIN.right - 2),
    );
    if (middle - half < end + 8) continue;
    context.textAlign = "center";
    context.fillText(text, middle, top + height + 6);
    end = middle + half;
  }
}
