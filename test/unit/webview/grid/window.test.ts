import { describe, expect, it, vi } from "vitest";
import { MOST_CELLS } from "../../../../src/protocol/table.ts";
import type { CellBlock, CellWindow } from "../../../../src/protocol/table.ts";
import { CellWindows, columnsAtOnce } from "../../../../src/webview/grid/window.ts";

const size = { rowCount: 1000, columnCount: 50 };
const rows = (from: number, to: number): CellWindow => ({ rows: { from, to }, columns: { from: 0, to: 3 } });

function block({ rows, columns }: CellWindow): CellBlock {
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
    const read = vi.fn(async (window: CellWindow) => Promise.resolve(block(window)));
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

  it("does not ask for what came with the table, though fewer cells came than were asked for", () => {
    const read = vi.fn(async (window: CellWindow) => Promise.resolve(block(window)));
    const windows = new CellWindows(read, vi.fn());
    const asked = { rows: { from: 0, to: 5000 }, columns: { from: 0, to: 9 } };
    windows.keep({ window: asked, cells: block(rows(0, 40)), columns: [] });
    expect(windows.want(rows(10, 40), size)).toBe(true);
    expect(read).not.toHaveBeenCalled();
    expect(windows.cell(39, 2)?.text).toBe("39:2");
    windows.clear();
    expect(windows.want(rows(10, 40), size)).toBe(false);
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

  it("asks for no more cells at once than the host gives, and not again and again where it gives less", async () => {
    const read = vi.fn(async (window: CellWindow) => Promise.resolve(block(window)));
    const windows = new CellWindows(read, () => undefined);
    const wide = { rows: { from: 400, to: 500 }, columns: { from: 0, to: columnsAtOnce(100) } };
    windows.want(wide, { rowCount: 1000, columnCount: 100_000 });
    const [asked] = read.mock.calls[0] ?? [];
    const { rows: down, columns: across } = asked ?? wide;
    expect((down.to - down.from) * (across.to - across.from)).toBeLessThanOrEqual(MOST_CELLS);
    expect(down.from).toBeLessThan(400);

    const short = vi.fn(async ({ rows: { from }, columns }: CellWindow) =>
      Promise.resolve(block({ rows: { from, to: from + 2 }, columns })),
    );
    const changed = vi.fn();
    const others = new CellWindows(short, changed);
    others.want(rows(0, 20), size);
    await vi.waitFor(() => {
      expect(changed).toHaveBeenCalledTimes(1);
    });
    expect(others.want(rows(0, 20), size)).toBe(false);
    expect(short).toHaveBeenCalledTimes(1);
    expect(others.cell(1, 2)?.text).toBe("1:2");
  });

  it("keeps all windows of a screen between whose columns thousands are hidden", async () => {
    const read = vi.fn(async (window: CellWindow) => Promise.resolve(block(window)));
    const screen = Array.from({ length: 30 }, (_, index) => ({
      rows: { from: 0, to: 50 },
      columns: { from: index * 1000, to: index * 1000 + 1 },
    }));
    await new Promise<void>((resolve) => {
      const windows = new CellWindows(read, () => {
        paint();
      });
      const paint = (): void => {
        const size = { rowCount: 1000, columnCount: 30_000 };
        if (screen.every((each) => windows.want(each, size))) resolve();
      };
      paint();
    });
    expect(read).toHaveBeenCalledTimes(30);
  });
});
