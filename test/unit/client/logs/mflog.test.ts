import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MetaflowInternalError } from "../../../../src/client/errors.ts";
import { mergeLogs } from "../../../../src/client/logs/mflog.ts";
import { workMs } from "../../../helpers/work.ts";
import { line } from "./memory.ts";

const log = (...lines: string[]): Buffer => Buffer.from(lines.map((each) => `${each}\n`).join(""));

describe("mergeLogs", () => {
  it("orders the lines of several files by time, without their headers", () => {
    const merged = mergeLogs([log(line(1, "a"), line(3, "c")), log(line(2, "b", "task"))]);
    expect([...merged].map(([, text]) => text)).toEqual(["a", "b", "c"]);
    expect([merged.source(0), merged.source(1)]).toEqual(["runtime", "task"]);
    expect(merged.time(2).toISOString()).toBe("2026-11-23T08:00:03.000Z");
    expect(merged.toText()).toBe("a\nb\nc\n");
  });

  it("puts lines without header last, in the year 3000, and shows their newline twice, as Python does", () => {
    const merged = mergeLogs([log("Traceback", line(1, "a")), log("Aborted")]);
    expect(merged.toText()).toBe("a\nAborted\n\nTraceback\n\n");
    expect(merged.time(1).getUTCFullYear()).toBe(3000);
  });

  it("orders lines of the same microsecond by source, then id, not by place", () => {
    const at = "[MFLOG|0|2026-11-23T08:00:00.000001Z";
    const merged = mergeLogs([Buffer.from(`${at}|task|1]x\n${at}|runtime|2]b\n${at}|runtime|1]c\n`)]);
    expect(merged.toText()).toBe("c\nb\nx\n");
  });

  it("refuses two lines of one time of which one is marked, as Python's TypeError does", () => {
    const at = "[MFLOG|0|2026-11-23T08:00:00.000001Z|task|1]x\n";
    expect(() => mergeLogs([Buffer.from(at + "[!" + at)])).toThrow(MetaflowInternalError);
  });

  it("replaces what is not UTF-8 and keeps carriage returns and escapes", () => {
    const head = line(1, "");
    const merged = mergeLogs([Buffer.from(`${head}\x1b[31m50%\r100% \xff\xe9\n`, "latin1")]);
    expect(merged.text(0)).toBe("\u001b[31m50%\r100% \ufffd\ufffd");
  });

  it("takes a header for one only at a line's start", () => {
    const inner = line(2, "late");
    expect(mergeLogs([log(line(1, "early") + inner)]).text(0)).toBe(`early${inner}`);
  });

  it("gives every message back once, whatever is logged", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((each) => each.replaceAll("\n", ""));
    const files = fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), text), { maxLength: 12 }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(files, (all) => {
        const merged = mergeLogs(
          all.map((lines) => log(...lines.map(([second, each]) => line(second, each)))),
        );
        const logged = all.flat().map(([, each]) => Buffer.from(each).toString());
        expect([...merged].map(([, each]) => each).sort()).toEqual(logged.sort());
        const times = [...merged].map(([time]) => time?.getTime() ?? 0);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it("takes time in proportion to the log where lines are almost headers", () => {
    const almost = Buffer.from(`[MFLOG|0|2026-11-23T08:00:00.000001Z|task|1\n`.repeat(100_000));
    const started = workMs();
    expect(mergeLogs([almost]).length).toBe(100_000);
    expect(workMs() - started).toBeLessThan(3000);
  });
});
