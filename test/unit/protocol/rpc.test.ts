import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { count, record } from "../../../src/protocol/check.ts";
import { Peer } from "../../../src/protocol/rpc.ts";
import type { Handlers, Nothing } from "../../../src/protocol/rpc.ts";

/** A deadline, not a measure: other suites have the cores at the same time. */
const WAIT = { timeout: 20_000 };

interface Sums {
  double: { params: { n: number }; result: number };
  never: { params: { n: number }; result: number };
}
interface News {
  told: { n: number };
}

function pair(handlers: Partial<Handlers<Sums>> = {}) {
  const heard: number[] = [];
  const signals: AbortSignal[] = [];
  const sent: unknown[] = [];
  // As on a real channel: data is cloned, and arrives later.
  const carry = (to: () => { receive(data: unknown): void }) => (message: unknown) => {
    const clone = structuredClone(message);
    sent.push(clone);
    queueMicrotask(() => {
      to().receive(clone);
    });
  };
  const asker = new Peer<Sums, Nothing, Nothing, News>({
    post: carry(() => server),
    handlers: {},
    checks: {},
    onEvent: { told: ({ n }) => heard.push(n) },
  });
  const check = record<{ n: number }>({ n: count });
  const server: Peer<Nothing, Sums, News, Nothing> = new Peer<Nothing, Sums, News, Nothing>({
    post: carry(() => asker),
    checks: { double: check, never: check },
    handlers: {
      double: ({ n }) => n * 2,
      never: async (_, signal) => {
        signals.push(signal);
        return new Promise<number>(() => {});
      },
      ...handlers,
    },
  });
  return { asker, server, heard, signals, sent };
}

describe("Peer", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => vi.useRealTimers());

  it("answers a request", async () => {
    await expect(pair().asker.request("double", { n: 4 })).resolves.toBe(8);
  });

  it("keeps many requests apart, whatever order they are answered in", async () => {
    const waiting: (() => void)[] = [];
    const { asker } = pair({
      double: async ({ n }) =>
        new Promise((resolve) =>
          waiting.unshift(() => {
            resolve(n * 2);
          }),
        ),
    });
    const all = Promise.all([1, 2, 3].map(async (n) => asker.request("double", { n })));
    await vi.waitFor(() => {
      expect(waiting).toHaveLength(3);
    }, WAIT);
    waiting.forEach((answer) => {
      answer();
    });
    await expect(all).resolves.toEqual([2, 4, 6]);
  });

  it("rejects with the other side's error: its code, place and causes", async () => {
    const { asker } = pair({
      double: () => {
        throw Object.assign(new Error("F/1/start/1/x cannot be read", { cause: new Error("EACCES") }), {
          code: "access-denied",
          context: { store: "local@/data", key: "F/data/ab/abc" },
        });
      },
    });
    await expect(asker.request("double", { n: 1 })).rejects.toMatchObject({
      message: "F/1/start/1/x cannot be read",
      code: "access-denied",
      place: "local@/data/F/data/ab/abc",
      causes: ["EACCES"],
    });
  });

  it("refuses params that are not what the protocol says, naming the field", async () => {
    const { asker } = pair();
    // A stranger's message: the compiler does not stop it.
    await expect(asker.request("double", { n: "4" as unknown as number })).rejects.toMatchObject({
      code: "bad-message",
      message: "n is not a count",
    });
  });

  it("refuses a request that does not exist, also one that every object has", async () => {
    const { asker } = pair();
    await expect(asker.request("constructor" as "double", { n: 1 })).rejects.toThrow(
      'there is no request "constructor"',
    );
  });

  it("ends a request when its signal fires, and the work on the other side with it", async () => {
    const { asker, signals } = pair();
    const stop = new AbortController();
    const asked = asker.request("never", { n: 1 }, { signal: stop.signal });
    await vi.waitFor(() => {
      expect(signals).toHaveLength(1);
    }, WAIT);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
    await vi.waitFor(() => {
      expect(signals[0]!.aborted).toBe(true);
    }, WAIT);
  });

  it("does not send a request whose signal fired before", async () => {
    const { asker, sent } = pair();
    await expect(asker.request("double", { n: 1 }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(sent).toEqual([]);
  });

  it("gives a request up after its time, and cancels it on the other side", async () => {
    const { asker, signals } = pair();
    const asked = asker.request("never", { n: 1 }, { timeoutMs: 2000 });
    const ended = expect(asked).rejects.toMatchObject({
      code: "timeout",
      message: '"never" was not answered within 2 s',
    });
    await vi.advanceTimersByTimeAsync(2001);
    await ended;
    await vi.waitFor(() => {
      expect(signals[0]!.aborted).toBe(true);
    }, WAIT);
  });

  it("rejects what is asked and aborts what is answered when the channel closes", async () => {
    const { asker, server, signals } = pair();
    const asked = asker.request("never", { n: 1 });
    await vi.waitFor(() => {
      expect(signals).toHaveLength(1);
    }, WAIT);
    server.close("the view was closed");
    asker.close("the view was closed");
    await expect(asked).rejects.toMatchObject({ code: "closed", message: "the view was closed" });
    expect(signals[0]!.aborted).toBe(true);
    await expect(asker.request("double", { n: 1 })).rejects.toMatchObject({ code: "closed" });
  });

  it("rejects at once when the message cannot be sent", async () => {
    const peer = new Peer<Sums, Nothing, Nothing, News>({
      post: () => {
        throw new Error("could not be cloned");
      },
      handlers: {},
      checks: {},
    });
    await expect(peer.request("double", { n: 1 })).rejects.toThrow("could not be cloned");
  });

  it("hears events, and drops what is no message", async () => {
    const { server, asker, heard } = pair();
    server.emit("told", { n: 7 });
    for (const junk of [
      null,
      7,
      "x",
      {},
      { kind: "result" },
      { kind: "result", id: 99 },
      { kind: "event" },
    ]) {
      asker.receive(junk);
    }
    await vi.waitFor(() => {
      expect(heard).toEqual([7]);
    }, WAIT);
  });
});
