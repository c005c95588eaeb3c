import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/base/async.ts";
import { LineSplitter, type LogLine } from "../../../../src/client/logs/display.ts";
import { flatten, mergeBatches } from "../../../../src/client/logs/merge.ts";
import { legacyTaskLog, TaskLog, taskLog } from "../../../../src/client/logs/tasklog.ts";
import { workMs } from "../../../helpers/work.ts";
import { line, MemoryStore, us } from "./memory.ts";

const ADDRESS = { flow: "F", run: "1", step: "s", task: "2", attempt: 0, stream: "stdout" } as const;
const RUNTIME = "F/1/s/2/0.runtime_stdout.log";
const TASK = "F/1/s/2/0.task_stdout.log";

function texts(lines: readonly LogLine[]): string[] {
  return lines.map(({ text }) => text);
}

/** A log of two files, and the same read as if it were too large for the memory. */
function tooLarge(runtime: string, task: string): { log: TaskLog; streamed: TaskLog } {
  const store = new MemoryStore();
  store.put(RUNTIME, runtime);
  store.put(TASK, task);
  const log = taskLog(store, ADDRESS);
  return { log, streamed: new TaskLog(log.files, { wholeBytes: 0 }) };
}

describe("TaskLog", () => {
  it("merges what scheduler and task wrote, and says how large it is with headers", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(1, "a")}\n${line(3, "c")}\n`);
    store.put(TASK, `${line(2, "b", "task")}\n`);
    const log = taskLog(store, ADDRESS);
    expect(await log.text()).toBe("a\nb\nc\n");
    expect(await log.sizeBytes()).toBe(store.objects.get(RUNTIME)!.length + store.objects.get(TASK)!.length);
    expect((await collect(log.loglines())).map(([time, text]) => [time?.getTime(), text])).toEqual([
      [us(1) / 1000, "a"],
      [us(2) / 1000, "b"],
      [us(3) / 1000, "c"],
    ]);
  });

  it("is empty where nothing was written yet", async () => {
    const log = taskLog(new MemoryStore(), ADDRESS);
    expect(await log.text()).toBe("");
    expect(await log.sizeBytes()).toBe(0);
    expect(await collect(log.lines())).toEqual([]);
    expect(await log.tail(10)).toEqual({ lines: [], sizeBytes: 0, whole: true });
  });

  it("gives a log from before Metaflow 2.2.10 as it is", async () => {
    const store = new MemoryStore();
    store.put("F/1/s/2/1.stdout.log", "plain\nno end");
    const log = legacyTaskLog(store, { ...ADDRESS, attempt: 1 });
    expect(await log.text()).toBe("plain\nno end");
    expect(texts(await collect(log.lines()))).toEqual(["plain", "no end"]);
  });

  it("keeps lines without header behind the line that they follow, in the order for people", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(1, "a")}\n  from C\n${line(4, "d")}\n`);
    store.put(TASK, `${line(2, "b", "task")}\n`);
    const lines = await collect(taskLog(store, ADDRESS).lines());
    expect(texts(lines)).toEqual(["a", "  from C", "b", "d"]);
    expect(lines[1]).toMatchObject({ timeUs: undefined, source: undefined });
  });

  it("keeps a file's own order where its clock went back", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(5, "first")}\n${line(1, "second")}\n`);
    store.put(TASK, `${line(6, "third", "task")}\n`);
    expect(texts(await collect(taskLog(store, ADDRESS).lines()))).toEqual(["first", "second", "third"]);
    expect(await taskLog(store, ADDRESS).text()).toBe("second\nfirst\nthird\n");
  });

  it("begins a new line where text without newline is followed by the next header", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(1, "no newline")}${line(2, "Task finished.")}\n`);
    const lines = await collect(taskLog(store, ADDRESS).lines());
    expect(texts(lines)).toEqual(["no newline", "Task finished."]);
    expect(lines[1]!.timeUs).toBe(us(2));
  });

  it("shows the end of a huge log without reading the rest", async () => {
    const store = new MemoryStore();
    const many = Array.from({ length: 50_000 }, (_, n) => `${line(n, `line ${n}`)}\n`).join("");
    store.put(RUNTIME, many);
    store.put(TASK, `${line(49_998, "from the task", "task")}\n`);
    const tail = await taskLog(store, ADDRESS).tail(3);
    expect(texts(tail.lines)).toEqual(["line 49998", "from the task", "line 49999"]);
    expect(tail.whole).toBe(false);
    expect(tail.sizeBytes).toBeGreaterThan(many.length);
    expect(store.bytesRead).toBeLessThan(200_000);
    expect(store.wholeReads).toBe(0);
  });

  it("shows the end of a line that alone is larger than what may be read", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(1, "x".repeat(100_000))}\n`);
    const tail = await taskLog(store, ADDRESS).tail(5, { maxBytes: 1000 });
    expect(texts(tail.lines)).toEqual(["x".repeat(999)]);
    expect(tail.whole).toBe(false);
  });

  it("says that a short log is shown whole", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(1, "a")}\n${line(2, "b")}`);
    const log = taskLog(store, ADDRESS);
    expect(await log.tail(2)).toMatchObject({ whole: true });
    expect(await log.tail(1)).toMatchObject({ whole: false });
    expect(texts((await log.tail(1)).lines)).toEqual(["b"]);
  });

  it("streams Python's lines of a log that is too large for the memory", async () => {
    const { log, streamed } = tooLarge(
      `${line(1, "a")}\n${line(3, "c")}${line(4, "mid-line")}\n${line(5, "x".repeat(3 << 20))}\n`,
      `${line(2, "b")}\n`,
    );
    expect(await collect(streamed.loglines())).toEqual(await collect(log.loglines()));
  });

  it("streams such a log in the order for people where something else wrote into it", async () => {
    const { streamed } = tooLarge(`Traceback\n${line(5, "e")}\n${line(1, "a")}\n`, `${line(2, "b")}\n`);
    const lines = await collect(streamed.loglines());
    expect(lines.map(([time, text]) => [time?.getTime(), text])).toEqual([
      [undefined, "Traceback"],
      [us(2) / 1000, "b"],
      [us(5) / 1000, "e"],
      [us(1) / 1000, "a"],
    ]);
  });

  it("stops reading when it is cancelled", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(1, "x".repeat(200))}\n`.repeat(10_000));
    const abort = new AbortController();
    const reading = (async () => {
      for await (const each of taskLog(store, ADDRESS).lines({ signal: abort.signal }))
        if (each.text !== "") abort.abort();
    })();
    await expect(reading).rejects.toThrow("abort");
    expect(store.ranges.length).toBeLessThan(3);
  });
});

describe("LineSplitter", () => {
  const texted = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\n", ""));

  it("gives the same lines however the bytes arrive", () => {
    const part = fc.oneof(
      texted,
      fc.tuple(fc.integer({ min: 0, max: 9 }), texted).map(([s, text]) => line(s, text)),
    );
    fc.assert(
      fc.property(
        fc.array(part),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (parts, ended, cuts) => {
          const bytes = Buffer.from(parts.join("\n") + (ended ? "\n" : ""));
          const whole = new LineSplitter();
          const expected = [...whole.push(bytes), ...whole.end()];
          const cut = new LineSplitter();
          const lines: LogLine[] = [];
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const next = at + cuts[n % cuts.length]!;
            lines.push(...cut.push(bytes.subarray(at, next)));
            at = next;
          }
          lines.push(...cut.end());
          expect(lines).toEqual(expected);
          expect(cut.consumed).toBe(bytes.length);
        },
      ),
    );
  });

  it("takes time in proportion to a line that is full of almost headers", () => {
    const almost = "[MFLOG|0|2026-11-23T08:00:00.000001Z|task|1";
    const started = workMs();
    expect(new LineSplitter().push(Buffer.from(`${almost.repeat(20_000)}\n`))).toHaveLength(1);
    expect(workMs() - started).toBeLessThan(3000);
  });

  it("gives a very long line in pieces that are the line when put together", () => {
    const text = "é".repeat(1 << 20);
    const splitter = new LineSplitter();
    const bytes = Buffer.from(`${line(1, text)}\n${line(2, "next")}\n`);
    const lines: LogLine[] = [];
    for (let at = 0; at < bytes.length; at += 65_536)
      lines.push(...splitter.push(bytes.subarray(at, at + 65_536)));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.slice(0, -2).every(({ open, timeUs }) => open === true && timeUs === us(1))).toBe(true);
    expect(lines.at(-2)!.open).toBeUndefined();
    expect(texts(lines.slice(0, -1)).join("")).toBe(text);
    expect(lines.at(-1)).toMatchObject({ text: "next", timeUs: us(2) });
  });
});

describe("mergeBatches", () => {
  it("merges any number of sources by time, each in its own order, losing nothing", async () => {
    const sources = fc.array(
      fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 4 }), { maxLength: 4 }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(sources, async (all) => {
        const made = all.map((batches, source) => {
          const sorted = batches.flat().sort((a, b) => a - b);
          const lines = sorted.map((orderUs, n) => ({
            timeUs: orderUs,
            orderUs,
            source: String(source),
            text: "",
            offset: n,
          }));
          let at = 0;
          return batches.map(({ length }) => lines.slice(at, (at += length)));
        });
        const merged = await collect(
          flatten(
            mergeBatches(
              made.map(async function* (batches) {
                yield* batches;
                await Promise.resolve();
              }),
            ),
          ),
        );
        const expected = made
          .flat(2)
          .map((each, n) => ({ each, n }))
          .sort((a, b) => a.each.orderUs - b.each.orderUs || a.n - b.n);
        expect(merged).toEqual(expected.map(({ each }) => each));
      }),
    );
  });
});
