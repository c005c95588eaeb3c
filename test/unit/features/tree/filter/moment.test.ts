import { describe, expect, it } from "vitest";
import { momentOf } from "../../../../../src/features/tree/filter/moment.ts";

const now = new Date(2026, 10, 23, 12, 30, 15);

describe("momentOf", () => {
  it.each([
    ["2026-11-20", new Date(2026, 10, 20), new Date(2026, 10, 20, 23, 59, 59, 999)],
    ["2026-11-20 09:14", new Date(2026, 10, 20, 9, 14), new Date(2026, 10, 20, 9, 14, 59, 999)],
    ["2026-11-20T09:14:05", new Date(2026, 10, 20, 9, 14, 5), new Date(2026, 10, 20, 9, 14, 5, 999)],
    ["today", new Date(2026, 10, 23), new Date(2026, 10, 23, 23, 59, 59, 999)],
    ["Yesterday", new Date(2026, 10, 22), new Date(2026, 10, 22, 23, 59, 59, 999)],
    ["90m", new Date(2026, 10, 23, 11, 0, 15), new Date(2026, 10, 23, 11, 0, 15)],
    ["2w", new Date(now.getTime() - 14 * 86_400_000), new Date(now.getTime() - 14 * 86_400_000)],
  ])("takes %s from its first to its last moment", (text, start, end) => {
    expect(momentOf(text, "start", now)).toEqual(start);
    expect(momentOf(text, "end", now)).toEqual(end);
  });

  it.each(["", "soon", "2026-02-30", "2026-13-01", "2026-11-20 25:00", "2026-11-20 09:75", "5y"])(
    "does not take %j for a time",
    (text) => {
      expect(momentOf(text, "start", now)).toBeUndefined();
    },
  );
});
