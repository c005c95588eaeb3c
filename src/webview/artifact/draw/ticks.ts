import type { Span } from "./span.ts";

/** Round numbers inside a span, at most so many: steps of 1, 2 or 5 times a power of ten. */
export function ticks({ from, to }: Span, most: number): readonly number[] {
  const size = to - from;
  if (!(size > 0) || !Number.isFinite(size) || most < 1) return Number.isFinite(from) ? [from] : [];
  const rough = size / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  // By whole steps: sums of steps would drift.
  return Array.from({ length: Math.min(count, most + 1) }, (_, index) => round((first + index) * step, step));
}

/** The same between whole places. */
export function wholeTicks(span: Span, most: number): readonly number[] {
  return ticks(span, Math.max(1, Math.min(most, span.to - span.from))).filter((tick) =>
    Number.isInteger(tick),
  );
}

/** A round number as short as its step allows. */
export function tickText(tick: number, step: number): string {
  const size = Math.abs(tick);
  if (tick !== 0 && (size >= 1e6 || size < 1e-4)) {
    const digits = Math.max(0, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step)));
    return tick.toExponential(Math.min(15, digits)).replace("e+", "e");
  }
  return tick.toFixed(Math.max(0, Math.min(15, -Math.floor(Math.log10(step) + 1e-9))));
}

function round(value: number, step: number): number {
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return digits > 15 ? value : Number(value.toFixed(digits));
}
