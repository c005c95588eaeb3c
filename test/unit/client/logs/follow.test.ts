import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/base/async.ts";
import type { LogLine } from "../../../../src/client/logs/display.ts";
import { followLog, type FollowOptions } from "../../../../src/client/logs/follow.ts";
import { flatten } from "../../../../src/client/logs/merge.ts";
import { taskLog } from "../../../../src/client/logs/tasklog.ts";
import { line, MemoryStore } from "./memory.ts";

const ADDRESS = { flow: "F", run: "1", step: "s", task: "2", attempt: 0, stream: "stdout" } as const;
const RUNTIME = "F/1/s/2/0.runtime_stdout.log";
const TASK = "F/1/s/2/0.task_stdout.log";
const QUICK = { intervalMs: { shortest: 1, longest: 1 }, graceMs: 10 };

/** Follows a log to which one thing happens before each look; the task has ended with the last. */
function follow(
  store: MemoryStore,
  events: (() => void)[],
  options: Partial<FollowOptions> = {},
): AsyncIterable<LogLine> {
  const left = [...events];
  const isEnded = async (): Promise<boolean> => {
    left.shift()?.();
    return Promise.resolve(left.length === 0);
  };
  return flatten(followLog(taskLog(store, ADDRESS), { ...QUICK, isEnded, ...options }));
}

async function texts(lines: AsyncIterable<LogLine>): Promise<string[]> {
  return (await collect(lines)).map(({ text }) => text);
}

const nothing = (): void => undefined;

describe("followLog", () => {
  it("gives the lines of a log that is written anew, longer each time, once each", async () => {
    const store = new MemoryStore();
    const lines = Array.from({ length: 20 }, (_, n) => `${line(n, `epoch ${n}`, "task")}\n`);
    const events = lines.map((_, n) => () => {
      store.put(TASK, lines.slice(0, n + 1).join(""));
    });
    expect(await texts(follow(store, events))).toEqual(lines.map((_, n) => `epoch ${n}`));
  });

  it("reads only what is new", async () => {
    const store = new MemoryStore();
    const before = `${line(0, "x".repeat(1000), "task")}\n`.repeat(1000);
    let read = 0;
    const events = [
      () => {
        store.put(TASK, before);
      },
      () => {
        read = store.bytesRead;
        store.put(TASK, `${before}${line(1, "new", "task")}\n`);
      },
      nothing,
    ];
    expect((await texts(follow(store, events))).length).toBe(1001);
    expect(store.bytesRead - read).toBeLessThan(1000);
    expect(store.wholeReads).toBe(0);
  });

  it("waits for the log that a local scheduler writes after the task's end", async () => {
    const store = new MemoryStore();
    let looks = 0;
    const isEnded = async (): Promise<boolean> => {
      if (++looks === 5) store.put(RUNTIME, `${line(1, "a")}\n${line(2, "b")}`);
      return Promise.resolve(looks > 1);
    };
    expect(await texts(follow(store, [], { isEnded }))).toEqual(["a", "b"]);
  });

  it("ends where a task that ended left no log", async () => {
    expect(await texts(follow(new MemoryStore(), [nothing, nothing]))).toEqual([]);
  });

  it("holds a line back until it is whole, and gives it when nothing follows", async () => {
    const store = new MemoryStore();
    const first = line(1, "half and half");
    const seen: number[] = [];
    const events = [first.slice(0, -4), first, first].map((text) => () => {
      seen.push(got.length);
      store.put(RUNTIME, text);
    });
    const got: LogLine[] = [];
    for await (const each of follow(store, events)) got.push(each);
    expect(got.map(({ text }) => text)).toEqual(["half and half"]);
    expect(seen).toEqual([0, 0, 0]);
  });

  it("says what replaced a scrubbed log, and nothing twice", async () => {
    const store = new MemoryStore();
    const secret = `${line(1, "password=1")}\n${line(2, "done")}\n`;
    const events = [secret, "[REDACTED runtime stdout]", "[REDACTED runtime stdout]"].map((text) => () => {
      store.put(RUNTIME, text);
    });
    expect(await texts(follow(store, events))).toEqual(["password=1", "done", "[REDACTED runtime stdout]"]);
  });

  it("goes on behind the last known line where a file was written anew with another beginning", async () => {
    const store = new MemoryStore();
    const [a, b, c] = [line(1, "a"), line(2, "b"), line(3, "c")];
    const events = [`${a}\n${b}\n`, `${line(0, "earlier, now known")}\n${a}\n${b}\n${c}\n`].map(
      (text) => () => {
        store.put(TASK, text);
      },
    );
    expect(await texts(follow(store, [...events, nothing]))).toEqual(["a", "b", "c"]);
  });

  it("begins where it is told", async () => {
    const store = new MemoryStore();
    store.put(RUNTIME, `${line(1, "one")}\n${line(4, "four")}\n`);
    store.put(TASK, `${line(2, "two")}\n${line(3, "three")}\n`);
    const events = [
      nothing,
      () => {
        store.put(TASK, `${store.objects.get(TASK)!.toString()}${line(5, "five")}\n`);
      },
    ];
    expect(await texts(follow(store, [...events], { from: "now" }))).toEqual(["five"]);
    expect(await texts(follow(store, [nothing], { from: { last: 3 } }))).toEqual(["three", "four", "five"]);
    expect(await texts(follow(store, [nothing], { from: { last: 0 } }))).toEqual([]);
    expect(await texts(follow(store, [nothing], { from: { last: 100 } }))).toEqual([
      "one",
      "two",
      "three",
      "four",
      "five",
    ]);
  });

  it("stops at once when it is cancelled while it waits", async () => {
    const abort = new AbortController();
    const isEnded = async (): Promise<boolean> => {
      setTimeout(() => {
        abort.abort(new Error("closed"));
      });
      return Promise.resolve(false);
    };
    const options = { isEnded, signal: abort.signal, intervalMs: { shortest: 60_000, longest: 60_000 } };
    await expect(texts(follow(new MemoryStore(), [], options))).rejects.toThrow("closed");
  });

  it("looks when something changed instead of waiting", async () => {
    const store = new MemoryStore();
    let changes = 0;
    const options = {
      intervalMs: { shortest: 60_000, longest: 60_000 },
      changed: async () => {
        store.put(RUNTIME, `${line(1, "a")}\n`);
        changes++;
        return Promise.resolve();
      },
    };
    expect(await texts(follow(store, [nothing, nothing], options))).toEqual(["a"]);
    expect(changes).toBe(1);
  });

  it("leaves time between two looks where changes never stop", async () => {
    let looks = 0;
    const started = performance.now();
    const isEnded = async (): Promise<boolean> => Promise.resolve(++looks > 3);
    const options = {
      isEnded,
      intervalMs: { shortest: 60_000, longest: 60_000 },
      changed: async () => Promise.resolve(),
    };
    await texts(follow(new MemoryStore(), [], options));
    expect(performance.now() - started).toBeGreaterThan(120);
  });

  it("loses nothing and repeats nothing, whatever states of the files it meets", async () => {
    const logged = fc.array(
      fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => text.replaceAll("\n", "")),
      { maxLength: 8 },
    );
    // At each look a file shows a beginning of what it will be in the end; shorter than before while it is written anew.
    const states = fc.array(fc.tuple(fc.nat({ max: 1200 }), fc.nat({ max: 1200 })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(logged, logged, states, async (runtime, task, seen) => {
        const store = new MemoryStore();
        const whole = [runtime, task].map((all) =>
          Buffer.from(all.map((text, n) => `${line(n, text)}\n`).join("")),
        );
        const show = (lengths: readonly [number, number]) => () => {
          store.put(RUNTIME, whole[0]!.subarray(0, lengths[0]));
          store.put(TASK, whole[1]!.subarray(0, lengths[1]));
        };
        const events = [...seen, [5000, 5000] as const].map(show);
        const lines = await collect(follow(store, [...events, nothing], { graceMs: 0 }));
        expect(lines.map(({ text }) => text).sort()).toEqual(
          [...runtime, ...task].map((text) => Buffer.from(text).toString()).sort(),
        );
      }),
      { numRuns: 60 },
    );
  });
});
