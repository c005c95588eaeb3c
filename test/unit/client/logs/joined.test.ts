import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/base/async.ts";
import { joinedLines } from "../../../../src/client/logs/joined.ts";
import type { LineBatches } from "../../../../src/client/logs/merge.ts";
import type { TimedLine } from "../../../../src/client/logs/mflog.ts";
import { taskLog } from "../../../../src/client/logs/tasklog.ts";
import { line, MemoryStore, us } from "./memory.ts";

const ADDRESS = { flow: "F", run: "1", step: "s", task: "2", attempt: 0, stream: "stdout" } as const;
const PIECE = 1 << 20;

function batches(text: string): LineBatches {
  const store = new MemoryStore();
  store.put("F/1/s/2/0.runtime_stdout.log", text);
  return taskLog(store, ADDRESS).batches();
}

const sizes = (lines: readonly TimedLine[]): number[] => lines.map(([, text]) => text.length);

describe("joinedLines", () => {
  it("puts a long line together again", async () => {
    const long = "x".repeat(3.5 * PIECE);
    expect(await collect(joinedLines(batches(`${line(1, long)}\n${line(2, "b")}\n`)))).toEqual([
      [new Date(us(1) / 1000), long],
      [new Date(us(2) / 1000), "b"],
    ]);
  });

  it("cuts a line that never ends into lines of one time, losing nothing", async () => {
    const long = "x".repeat(9.5 * PIECE);
    const lines = await collect(joinedLines(batches(`${line(1, long)}\n${line(2, "b")}\n`), 4 * PIECE));
    expect(lines.slice(0, -1).every(([time]) => time?.getTime() === us(1) / 1000)).toBe(true);
    expect(Math.max(...sizes(lines))).toBeLessThanOrEqual(4 * PIECE);
    expect(
      lines
        .slice(0, -1)
        .map(([, text]) => text)
        .join("") === long,
    ).toBe(true);
    expect(lines.at(-1)?.[1]).toBe("b");
  });

  it("adds no empty line to one that is as long as a line may be", async () => {
    const lines = await collect(joinedLines(batches("x".repeat(4 * PIECE)), 4 * PIECE));
    expect(sizes(lines)).toEqual([4 * PIECE]);
  });
});
