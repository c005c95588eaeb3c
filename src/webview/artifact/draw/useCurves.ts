import type { ColumnFacts, TableFacts, TablePlace } from "../../../protocol/table.ts";
import { useAnswer } from "../useAnswer.ts";
import type { Answered } from "../useAnswer.ts";
import type { Viewer } from "../viewer.ts";
import type { Line } from "./plot.ts";
import { wholeTicks } from "./ticks.ts";
import type { Span } from "./span.ts";

/** Columns that can be chosen from. */
const MOST_CHOICES = 1000;

/** A column that can be drawn. */
export interface Choice {
  readonly column: number;
  readonly name: string;
}

/** What the value has: its rows, and the columns of numbers among the first. */
export interface Drawable {
  readonly facts: TableFacts;
  readonly choices: readonly Choice[];
}

/** The columns that can be drawn. */
export function useDrawable(
  viewer: Viewer,
  place: TablePlace,
  rows: number | undefined,
): Answered<Drawable | undefined> {
  return useAnswer(
    async (signal) => {
      const facts = await viewer.ask("table", place, signal);
      if (facts === null) return undefined;
      const columns = await viewer.ask("columns", { ...place, from: 0, to: MOST_CHOICES }, signal);
      return { facts, choices: choicesOf(columns) };
    },
    [...keyOf(place), rows],
  );
}

/** What tells a place from others. */
function keyOf({ node, slice }: TablePlace): readonly unknown[] {
  return [node, slice];
}

/** Columns of numbers; where a list has values of several types, the list. */
function choicesOf(columns: readonly ColumnFacts[]): readonly Choice[] {
  return columns.flatMap(({ labels, family }, column) =>
    family === "number" || columns.length === 1
      ? [{ column, name: labels.map(({ text }) => text).join(" ") || String(column) }]
      : [],
  );
}

/** The curves of some columns over a stretch of rows; those of an older stretch until then. */
export function useCurves(
  viewer: Viewer,
  place: TablePlace,
  columns: readonly number[],
  { from, to }: Span,
  width: number,
): { readonly lines: readonly Line[]; readonly problem: string | undefined } {
  const { answer, problem } = useAnswer(
    async (signal) => {
      if (width === 0 || to <= from) return [];
      return Promise.all(
        columns.map(async (column, colour): Promise<Line> => {
          const curve = await viewer.ask("curve", { ...place, column, from, to, width }, signal);
          return { curve, colour, rows: { from, to } };
        }),
      );
    },
    [...keyOf(place), columns.join(), from, to, width],
  );
  return { lines: answer ?? [], problem };
}

/** The labels of round rows, or their positions where rows have no labels of their own. */
export function useLabels(
  viewer: Viewer,
  place: TablePlace,
  rows: Span,
  most: number,
  hasLabels: boolean,
): readonly { readonly row: number; readonly text: string }[] {
  const at = wholeTicks({ from: rows.from, to: rows.to - 1 }, most);
  const { answer } = useAnswer(
    async (signal) => {
      if (!hasLabels) return at.map((row) => ({ row, text: String(row) }));
      return Promise.all(at.map(async (row) => ({ row, text: await labelOf(viewer, place, row, signal) })));
    },
    [...keyOf(place), at.join(), hasLabels],
  );
  return answer ?? [];
}

/** A row's label: its levels one after the other. */
async function labelOf(viewer: Viewer, place: TablePlace, row: number, signal: AbortSignal): Promise<string> {
  const block = await viewer.ask(
    "cells",
    { ...place, rows: { from: row, to: row + 1 }, columns: { from: 0, to: 0 } },
    signal,
  );
  return block.rows[0]?.labels.map(({ text }) => text).join(" ") ?? String(row);
}

/** What a row holds in some columns. */
export interface RowTold {
  readonly row: number;
  readonly label: string;
  readonly texts: readonly string[];
}

/** The exact values of a row, once they are known. */
export function useRowTold(
  viewer: Viewer,
  place: TablePlace,
  columns: readonly number[],
  row: number | undefined,
): RowTold | undefined {
  const { answer } = useAnswer(
    async (signal) => {
      if (row === undefined) return undefined;
      const blocks = await Promise.all(
        columns.map(async (column) =>
          viewer.ask(
            "cells",
            { ...place, rows: { from: row, to: row + 1 }, columns: { from: column, to: column + 1 } },
            signal,
          ),
        ),
      );
      const labels = blocks[0]?.rows[0]?.labels ?? [];
      return {
        row,
        label: labels.length === 0 ? String(row) : labels.map(({ text }) => text).join(" "),
        texts: blocks.map((block) => block.rows[0]?.cells[0]?.text ?? ""),
      };
    },
    [...keyOf(place), columns.join(), row],
  );
  return answer?.row === row ? answer : undefined;
}
