import type { Raster } from "../../../protocol/raster.ts";
import { contextOf, inkOf, themed, type Size } from "./canvas.ts";
import { coloured, type Palette } from "./colours.ts";
import { areaOf, pixelOf, writeMarks, type Area } from "./frame.ts";
import type { Span } from "./span.ts";
import { wholeTicks } from "./ticks.ts";

/** Which rows and columns are seen. */
export interface Window {
  readonly rows: Span;
  readonly columns: Span;
}

/** A cell of the table. */
export interface Cursor {
  readonly row: number;
  readonly column: number;
}

/** A picture, and the window that it is of. */
export interface Picture {
  readonly image: HTMLCanvasElement;
  readonly window: Window;
}

/** A raster in colours, without what is missing. */
export function pictureOf({ width, height, levels }: Raster, window: Window, palette: Palette): Picture {
  const image = document.createElement("canvas");
  image.width = Math.max(1, width);
  image.height = Math.max(1, height);
  if (width > 0 && height > 0)
    image.getContext("2d")?.putImageData(new ImageData(coloured(levels, palette), width, height), 0, 0);
  return { image, window };
}

/** Draws what of the picture is in the window, over hatching that shows where nothing is, and the cell with the focus. */
export function drawHeatmap(
  canvas: HTMLCanvasElement | null,
  size: Size,
  shown: Window,
  picture: Picture | undefined,
  cursor: Cursor | undefined,
): void {
  const context = contextOf(canvas, size);
  if (context === undefined) return;
  const area = areaOf(size);
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  hatch(context, area);
  if (picture !== undefined) {
    const { left, top, width, height } = boxOf(picture.window, shown, area);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture.image, left, top, width, height);
  }
  if (cursor !== undefined) drawCursor(context, boxOf(windowOf(cursor), shown, area));
  context.restore();
  const ink = inkOf();
  context.strokeStyle = ink.line;
  context.strokeRect(area.left - 0.5, area.top - 0.5, area.width + 1, area.height + 1);
  const across = wholeTicks(places(shown.columns), area.width / 90);
  const down = wholeTicks(places(shown.rows), area.height / 40);
  // A number stands in the middle of its row or column.
  writeMarks(context, area, {
    x: across.map((at) => ({
      pixel: pixelOf(at + 0.5, shown.columns, area.left, area.width),
      text: String(at),
    })),
    y: down.map((at) => ({ pixel: pixelOf(at + 0.5, shown.rows, area.top, area.height), text: String(at) })),
  });
}

/** The last place of a span is one before its end. */
function places({ from, to }: Span): Span {
  return { from, to: to - 1 };
}

function windowOf({ row, column }: Cursor): Window {
  return { rows: { from: row, to: row + 1 }, columns: { from: column, to: column + 1 } };
}

function boxOf({ rows, columns }: Window, shown: Window, area: Area): Area {
  const left = pixelOf(columns.from, shown.columns, area.left, area.width);
  const top = pixelOf(rows.from, shown.rows, area.top, area.height);
  return {
    left,
    top,
    width: pixelOf(columns.to, shown.columns, area.left, area.width) - left,
    height: pixelOf(rows.to, shown.rows, area.top, area.height) - top,
  };
}

/** Diagonal lines, which no colour of a number looks like. */
function hatch(context: CanvasRenderingContext2D, { left, top, width, height }: Area): void {
  context.strokeStyle = themed("--vscode-descriptionForeground", "gray");
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -height; at < width; at += 7) {
    context.moveTo(left + at, top + height);
    context.lineTo(left + at + height, top);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** A frame that is seen on every colour, also where the cell is less than a pixel. */
function drawCursor(context: CanvasRenderingContext2D, { left, top, width, height }: Area): void {
  const [w, h] = [Math.max(width, 7), Math.max(height, 7)];
  const [x, y] = [left + (width - w) / 2, top + (height - h) / 2];
  context.lineWidth = 3;
  context.strokeStyle = "black";
  context.strokeRect(x, y, w, h);
  context.lineWidth = 1;
  context.strokeStyle = "white";
  context.strokeRect(x, y, w, h);
}
