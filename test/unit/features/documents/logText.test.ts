import { describe, expect, it } from "vitest";
import { emptyText, logText, type ReadableLog } from "../../../../src/features/documents/logText.ts";

const line = (text: string, open?: true) => ({
  timeUs: undefined,
  orderUs: 0,
  source: undefined,
  text,
  offset: 0,
  ...(open && { open }),
});

function log(sizeBytes: number, lines: readonly ReturnType<typeof line>[]) {
  const read: string[] = [];
  const readable: ReadableLog = {
    sizeBytes: async () => Promise.resolve(sizeBytes),
    batches: async function* () {
      read.push("all");
      yield await Promise.resolve(lines);
    },
    tail: async (_count, io) => {
      read.push(`last ${io?.maxBytes ?? 0}`);
      return Promise.resolve({ lines, sizeBytes, whole: false });
    },
  };
  return { readable, read };
}

describe("the document of a log", () => {
  it("has all lines of a log that is not large, plain and each ended", async () => {
    const { readable, read } = log(10, [line("\u001b[31ma\u001b[0m"), line("long, ", true), line("joined")]);
    expect(await logText(readable)).toBe("a\nlong, joined\n");
    expect(read).toEqual(["all"]);
  });

  it("has the end of a large one, below a line that says how to get all of it, and reads no more", async () => {
    const { readable, read } = log(1_000_000_000, [line("last")]);
    expect(await logText(readable)).toBe(
      "… 996 MB of this log come before this line. “Metaflow: Save Whole Log As…” writes all to a file.\nlast\n",
    );
    expect(read).toEqual(["last 4194304"]);
  });

  it("says why there are no lines while the task may write some, and when none can come any more", () => {
    expect(emptyText("stdout", "running", true)).toContain(
      "No stdout yet. Metaflow writes the log of a local task",
    );
    expect(emptyText("stderr", "pending", false)).toContain(
      "No stderr yet. It appears here when the task writes",
    );
    expect(emptyText("stdout", "stale", true)).toContain("ended before its log was written");
    expect(emptyText("stdout", "completed", true)).toBe("");
  });
});
