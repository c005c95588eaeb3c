import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/base/async.ts";
import type { LogLine } from "../../../../src/client/logs/display.ts";
import { mergeLazily, type LazyLog } from "../../../../src/client/logs/lazy.ts";
import { flatten } from "../../../../src/client/logs/merge.ts";

function lineAt(orderUs: number, source: string, offset: number): LogLine {
  return { timeUs: orderUs, orderUs, source, text: "", offset };
}

/** Logs of which each begins with its first line, and what was opened and closed of them. */
function made(all: readonly (readonly number[])[]): {
  logs: LazyLog<LogLine>[];
  lines: LogLine[];
  open: Set<number>;
  most: () => number;
} {
  const open = new Set<number>();
  let most = 0;
  const lines: LogLine[][] = all.map((times, log) =>
    [...times].sort((a, b) => a - b).map((time, n) => lineAt(time, String(log), n)),
  );
  const logs = lines.map((own, log): LazyLog<LogLine> => ({
    fromUs: own[0]?.orderUs ?? 0,
    open: async function* () {
      open.add(log);
      most = Math.max(most, open.size);
      try {
        for (const each of own) yield [each];
        await Promise.resolve();
      } finally {
        open.delete(log);
      }
    },
  }));
  return { logs, lines: lines.flat(), open, most: () => most };
}

describe("mergeLazily", () => {
  it("gives every line once and in time order, each log in its own order", async () => {
    const sources = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 5 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sources, async (all) => {
        const { logs, lines, open } = made(all);
        const merged = await collect(flatten(mergeLazily(logs)));
        expect(merged.map(({ orderUs }) => orderUs)).toEqual(
          lines.map(({ orderUs }) => orderUs).sort((a, b) => a - b),
        );
        expect(new Set(merged)).toEqual(new Set(lines));
        for (const [log] of all.entries()) {
          const own = merged.filter(({ source }) => source === String(log)).map(({ offset }) => offset);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
        expect(open.size).toBe(0);
      }),
    );
  });

  it("holds a thousand logs that follow each other a few at a time", async () => {
    const { logs, most } = made(Array.from({ length: 1000 }, (_, n) => [n * 10, n * 10 + 15]));
    expect(await collect(flatten(mergeLazily(logs)))).toHaveLength(2000);
    expect(most()).toBeLessThan(25);
  });

  it("closes what it opened when nobody reads on", async () => {
    const { logs, open } = made(Array.from({ length: 100 }, (_, n) => [n, n + 1000]));
    let seen = 0;
    for await (const batch of mergeLazily(logs)) if ((seen += batch.length) >= 20) break;
    expect(open.size).toBe(0);
  });

  it("fails with the log that cannot be read, when its time has come", async () => {
    const { logs } = made([[1], [3]]);
    const broken = {
      fromUs: 2,
      // eslint-disable-next-line @typescript-eslint/require-await -- it fails before it has a line
      open: async function* () {
        throw new Error("gone");
      },
    };
    const read: number[] = [];
    const reading = (async () => {
      for await (const batch of mergeLazily([...logs, broken]))
        read.push(...batch.map(({ orderUs }) => orderUs));
    })();
    await expect(reading).rejects.toThrow("gone");
    expect(read).toEqual([1]);
  });
});
