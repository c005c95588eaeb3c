/** A stretch of an axis, `from` to `to`, in rows, columns or whatever the axis counts; also between two of them. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The least that can be zoomed to. */
const SMALLEST = 4;

/** The whole of an axis. */
export function whole(length: number): Span {
  return { from: 0, to: length };
}

/** Nearer to or further from a place that stays where it is; inside an axis of this length. */
export function zoomed({ from, to }: Span, at: number, factor: number, length: number): Span {
  const size = Math.min(length, Math.max(Math.min(SMALLEST, length), (to - from) * factor));
  const share = to === from ? 0.5 : (at - from) / (to - from);
  return inside({ from: at - share * size, to: at + (1 - share) * size }, length);
}

/** Moved along; it stays inside an axis of this length. */
export function moved({ from, to }: Span, by: number, length: number): Span {
  return inside({ from: from + by, to: to + by }, length);
}

/** Moved by no more than it takes to show a place. */
export function showing(span: Span, at: number, length: number): Span {
  if (at < span.from) return moved(span, at - span.from, length);
  return at + 1 > span.to ? moved(span, at + 1 - span.to, length) : span;
}

/** The whole places that a span touches. */
export function outer({ from, to }: Span, length: number): Span {
  return { from: Math.max(0, Math.floor(from)), to: Math.min(length, Math.ceil(to)) };
}

function inside({ from, to }: Span, length: number): Span {
  const size = to - from;
  const start = Math.max(0, Math.min(from, length - size));
  return { from: start, to: start + size };
}

/** How much it spans. */
export function sizeOf({ from, to }: Span): number {
  return to - from;
}

/** The place in its middle. */
export function centre({ from, to }: Span): number {
  return (from + to) / 2;
}
