import type { Curve } from "../../../protocol/curve.ts";
import { contextOf, inkOf, themed, type Size } from "./canvas.ts";
import { areaOf, pixelOf, writeMarks, type Area, type Mark } from "./frame.ts";
import { sizeOf, type Span } from "./span.ts";
import { ticks, tickText } from "./ticks.ts";

/** So many columns are drawn at once at most. */
export const MOST_LINES = 8;

/** Colours of VS Code's charts; the dashes tell lines apart where colours do not. */
const COLOURS = ["blue", "orange", "green", "red", "purple", "yellow", "foreground", "blue"] as const;
const DASHES: readonly (readonly number[])[] = [[], [], [], [], [6, 3], [6, 3], [2, 3], [10, 3, 2, 3]];

/** A column as a line. */
export interface Line {
  readonly curve: Curve;
  /** Which of the colours it has. */
  readonly colour: number;
  /** The rows that its pixels stand for. */
  readonly rows: Span;
}

/** The colour of a line, as CSS. */
export function lineColour(colour: number): string {
  return `var(--vscode-charts-${COLOURS[colour % MOST_LINES] ?? "blue"})`;
}

/** The span of numbers that lines are drawn in: a little more than they have. */
export function rangeOf(lines: readonly Line[]): Span {
  let [from, to] = [Infinity, -Infinity];
  for (const { curve } of lines) {
    from = Math.min(from, curve.least?.value ?? Infinity);
    to = Math.max(to, curve.greatest?.value ?? -Infinity);
  }
  if (from > to) return { from: 0, to: 1 };
  // Halved, so that the difference of any two numbers is one.
  const margin = to > from ? (to / 2 - from / 2) * 0.08 : Math.abs(from) * 0.1 || 1;
  return { from: from - margin, to: to + margin };
}

/** What is drawn. */
export interface Drawing {
  readonly lines: readonly Line[];
  readonly rows: Span;
  readonly values: Span;
  /** Rows with a text below. */
  readonly labels: readonly { readonly row: number; readonly text: string }[];
  readonly cursor: number | undefined;
}

/** Draws lines over rows. */
export function drawPlot(canvas: HTMLCanvasElement | null, size: Size, drawing: Drawing): void {
  const context = contextOf(canvas, size);
  if (context === undefined) return;
  const { lines, rows, values, labels, cursor } = drawing;
  const area = areaOf(size);
  const x = (row: number): number => pixelOf(row + 0.5, rows, area.left, area.width);
  const y = (value: number): number => pixelOf(value, values, area.top + area.height, -area.height);
  const heights = ticks(values, Math.max(2, area.height / 45));
  const step = (heights[1] ?? 1) - (heights[0] ?? 0);
  const marks = {
    x: labels.map(({ row, text }): Mark => ({ pixel: x(row), text })),
    y: heights.map((tick): Mark => ({ pixel: y(tick), text: tickText(tick, step) })),
  };
  drawGrid(context, area, marks);
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  for (const line of lines) drawLine(context, line, x, y);
  if (cursor !== undefined) {
    context.fillStyle = inkOf().dim;
    context.fillRect(Math.round(x(cursor)), area.top, 1, area.height);
  }
  context.restore();
  writeMarks(context, area, marks);
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Area,
  { x, y }: { readonly x: readonly Mark[]; readonly y: readonly Mark[] },
): void {
  context.strokeStyle = inkOf().line;
  context.lineWidth = 1;
  context.beginPath();
  for (const { pixel } of y) {
    context.moveTo(left, Math.round(pixel) + 0.5);
    context.lineTo(left + width, Math.round(pixel) + 0.5);
  }
  for (const { pixel } of x) {
    context.moveTo(Math.round(pixel) + 0.5, top + height);
    context.lineTo(Math.round(pixel) + 0.5, top + height + 4);
  }
  context.rect(left - 0.5, top - 0.5, width + 1, height + 1);
  context.stroke();
}

/** Points are drawn where they are so few that each can be seen. */
const FEW_POINTS = 200;

function drawLine(
  context: CanvasRenderingContext2D,
  { curve, colour, rows }: Line,
  x: (row: number) => number,
  y: (value: number) => number,
): void {
  const { width, lows, highs, firsts, lasts } = curve;
  const rowsOfPixel = sizeOf(rows) / width;
  context.strokeStyle = themed(`--vscode-charts-${COLOURS[colour % MOST_LINES] ?? "blue"}`, "gray");
  context.fillStyle = context.strokeStyle;
  context.setLineDash([...(DASHES[colour % MOST_LINES] ?? [])]);
  context.lineWidth = 1.4;
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  const points: [number, number][] = [];
  for (let pixel = 0; pixel < width; pixel++) {
    const first = firsts[pixel] ?? NaN;
    // A gap: what is missing is not bridged.
    if (Number.isNaN(first)) {
      isDown = false;
      continue;
    }
    const at = x(rows.from + (pixel + 0.5) * rowsOfPixel - 0.5);
    if (isDown) context.lineTo(at, y(first));
    else context.moveTo(at, y(first));
    isDown = true;
    if (rowsOfPixel <= 1) points.push([at, y(first)]);
    else {
      // Everything between the least and the greatest, in and out where the numbers come and go.
      context.lineTo(at, y(lows[pixel] ?? first));
      context.lineTo(at, y(highs[pixel] ?? first));
      context.lineTo(at, y(lasts[pixel] ?? first));
    }
  }
  context.stroke();
  if (points.length > FEW_POINTS) return;
  for (const [left, top] of points) {
    context.beginPath();
    context.arc(left, top, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}
