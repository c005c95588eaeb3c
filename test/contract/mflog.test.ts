/** The merge of logs against Metaflow's own, on logs made to be difficult. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { MetaflowInternalError } from "../../src/client/errors.ts";
import { mergeLogs } from "../../src/client/logs/mflog.ts";
import { ensurePython } from "../../tools/python.mjs";

const SCRIPT = join(import.meta.dirname, "mflog.py");
const CASES = 600;

interface Merged {
  readonly lines?: readonly (readonly [time: string, message: string])[];
  readonly text?: string;
  readonly error?: string;
}

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

/** Times that are equal, nearly equal, oddly written or wrong. */
const times = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .integer({ min: 0, max: 30 })
      .map((n) => `2026-11-23T08:31:18.0550${String(n).padStart(2, "0")}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "2026-11-23T08:31:18.5",
      "2026-11-23T08:31:18.50",
      "2026-11-23T8:31:18.055001",
      "2026-1-2T08:31:18.055001",
      "2026-11- 3T08:31:18.055001",
      "2026-11-23t08:31:18.055001",
      "2024-02-29T00:00:00.000000",
      "0099-01-01T00:00:00.000001",
      "3000-01-01T00:00:00.000001",
      "9999-12-31T23:59:59.999999",
      "9999-12-31T23:59:59.999998",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "2026-02-29T00:00:00.000000",
      "2026-11-31T08:31:18.055001",
      "2026-11-23T08:31:60.055001",
      "2026-11-23T24:31:18.055001",
      "2026-13-23T08:31:18.055001",
      "0000-01-01T00:00:00.000000",
      "2026-11-23T08:31:18.0550011",
      "2026-11-23T08:31:18",
      "2026-11-23 08:31:18.055001",
      "",
      "Z",
      "3000-01-01T00:00:00.000000",
    ),
  },
);
const messages = fc.constantFrom(
  "",
  "a",
  "b]c",
  "[MFLOG|0|2026",
  "|",
  "\r50%\r100%",
  "caf\xc3\xa9",
  "\xff\xfe",
  "\xe2\x82",
  "\xef\xbb\xbfbom",
);
const headered = fc
  .record({
    mark: fc.oneof({ weight: 30, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constant("[!") }),
    version: fc.oneof(
      { weight: 30, arbitrary: fc.constant("0") },
      { weight: 1, arbitrary: fc.constantFrom("1", "00", "") },
    ),
    time: times,
    source: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom("runtime", "task") },
      fc.constantFrom("", "|", "a|b", "run"),
    ),
    id: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("1", "2", "12") }, fc.constantFrom("", "]", "x|y")),
    message: messages,
  })
  .map(
    ({ mark, version, time, source, id, message }) =>
      `${mark}[MFLOG|${version}|${time}Z|${source}|${id}]${message}`,
  );
const lines = fc.oneof(
  { weight: 8, arbitrary: headered },
  { weight: 1, arbitrary: messages },
  { weight: 1, arbitrary: fc.tuple(messages, headered).map(([before, line]) => before + line) },
);
const log = fc
  .tuple(fc.array(lines, { maxLength: 12 }), fc.boolean())
  .map(([all, ended]) => bytes(all.join("\n") + (ended ? "\n" : "")));
const cases = fc.array(log, { minLength: 1, maxLength: 3 });

async function askMetaflow(python: string, asked: readonly (readonly Buffer[])[]): Promise<Merged[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(python, [SCRIPT], { maxBuffer: 1 << 28 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new Error("metaflow.mflog failed", { cause: error }));
    });
    child.stdin?.end(
      asked.map((logs) => JSON.stringify(logs.map((each) => each.toString("base64"))) + "\n").join(""),
    );
  });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Merged);
}

function merge(logs: readonly Uint8Array[]): Merged {
  try {
    const merged = mergeLogs(logs);
    const all = Array.from({ length: merged.length }, (_, index) => {
      const time = merged.time(index).toISOString().slice(0, -1);
      return [time, Buffer.from(merged.message(index)).toString("base64")] as const;
    });
    return { lines: all, text: merged.toText() };
  } catch (error) {
    if (error instanceof MetaflowInternalError) return { error: "TypeError" };
    throw error;
  }
}

describe("mergeLogs and metaflow.mflog.merge_logs", () => {
  let python: string;

  beforeAll(async () => {
    python = await ensurePython();
  }, 300_000);

  it("order the same lines alike, to the byte, and refuse the same ones", async () => {
    const seed = Number(process.env["MFLOG_SEED"] ?? 20_261_123);
    const asked = fc.sample(cases, { numRuns: CASES, seed });
    const answers = await askMetaflow(python, asked);
    expect(answers).toHaveLength(CASES);
    for (const [index, logs] of asked.entries()) {
      const told = logs.map((each) => each.toString("latin1"));
      expect({ told, merged: merge(logs) }).toEqual({ told, merged: answers[index] });
    }
    // Otherwise the test would not say much.
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(CASES / 50);
    expect(answers.filter(({ lines: all = [] }) => all.length > 5).length).toBeGreaterThan(CASES / 4);
  });
});
