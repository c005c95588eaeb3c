import { describe, expect, it, vi } from "vitest";
import type { CellBlock } from "../../../../src/protocol/table.ts";
import { CellWindows, type Window } from "../../../../src/webview/grid/window.ts";

const size = { rowCount: 1000, columnCount: 50 };
const rows = (from: number, to: number): Window => ({ rows: { from, to }, columns: { from: 0, to: 3 } });

function block({ rows, columns }: Window): CellBlock {
  return {
    rowCount: size.rowCount,
    rows: Array.from({ length: rows.to - rows.from }, (_, index) => ({
      row: rows.from + index,
      labels: [],
      cells: Array.from({ length: columns.to - columns.from }, (_each, column) => ({
        text: `${rows.from + index}:${columns.from + column}`,
        kind: "text" as const,
      })),
    })),
  };
}

describe("CellWindows", () => {
  it("asks once for what is around the screen, and not again while that is there", async () => {
    const read = vi.fn(async (window: Window) => Promise.resolve(block(window)));
    const changed = vi.fn();
    const windows = new CellWindows(read, changed);
    expect(windows.want(rows(100, 120), size)).toBe(false);
    windows.want(rows(105, 125), size);
    await vi.waitFor(() => {
      expect(changed).toHaveBeenCalledTimes(1);
    });
    expect(windows.want(rows(85, 105), size)).toBe(true);
    expect(read).toHaveBeenCalledTimes(1);
    expect(windows.cell(118, 2)?.text).toBe("118:2");
    expect(windows.cell(141, 2)).toBeUndefined();
  });

  it("cancels what is not wanted any more, and never shows its answer over another table's", async () => {
    const answers: ((value: CellBlock) => void)[] = [];
    const signals: AbortSignal[] = [];
    const windows = new CellWindows(
      async (_window, signal) => {
        signals.push(signal);
        return new Promise((resolve) => answers.push(resolve));
      },
      () => undefined,
    );
    windows.want(rows(0, 20), size);
    windows.want(rows(500, 520), size);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    windows.clear();
    expect(signals[1]?.aborted).toBe(true);
    answers[1]?.(block(rows(480, 540)));
    await Promise.resolve();
    expect(windows.cell(500, 0)).toBeUndefined();
  });

  it("says what could not be read and does not ask for it again and again", async () => {
    const read = vi.fn(async () => Promise.reject(new Error("gone")));
    const changed = vi.fn();
    const windows = new CellWindows(read, changed);
    windows.want(rows(0, 20), size);
    await vi.waitFor(() => {
      expect(changed).toHaveBeenCalled();
    });
    expect(windows.problem).toBeInstanceOf(Error);
    windows.want(rows(0, 20), size);
    expect(read).toHaveBeenCalledTimes(1);
    windows.want(rows(700, 720), size);
    expect(read).toHaveBeenCalledTimes(2);
  });
});
