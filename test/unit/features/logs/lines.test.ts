import { describe, expect, it } from "vitest";
import { channelLine, inOrder, type StreamedLine } from "../../../../src/features/logs/lines.ts";

const line = (stream: "stdout" | "stderr", ms: number | undefined, text: string): StreamedLine => ({
  stream,
  time: ms === undefined ? undefined : new Date(2026, 0, 1, 9, 14, 3, ms),
  text,
});

describe("channelLine", () => {
  it("tells time and stream, without what only a terminal understands", () => {
    expect(channelLine(line("stdout", 120, "\u001b[32mloading\u001b[0m data"))).toBe(
      "09:14:03.120 out  loading data",
    );
    expect(channelLine(line("stderr", 7, "Traceback"))).toBe("09:14:03.007 err  Traceback");
    expect(channelLine(line("stderr", undefined, "x"))).toBe("             err  x");
  });
});

describe("inOrder", () => {
  it("merges two logs by time and keeps each one's own order", () => {
    const texts = inOrder([
      line("stdout", 1, "a"),
      line("stdout", 5, "c"),
      line("stdout", undefined, "c2"),
      line("stdout", 5, "c3"),
      line("stderr", 2, "b"),
      line("stderr", 9, "d"),
    ]).map(({ text }) => text);
    expect(texts).toEqual(["a", "b", "c", "c2", "c3", "d"]);
  });

  it("leaves lines that no time orders as they came", () => {
    expect(
      inOrder([line("stderr", undefined, "x"), line("stdout", undefined, "y")]).map(({ text }) => text),
    ).toEqual(["x", "y"]);
  });
});
