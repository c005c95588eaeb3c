import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { retrying, type Again } from "../../../../src/client/http/retry.ts";

const policy = { tries: 4, firstPauseMs: 100 };

/** How a call that always fails went. */
interface Failed {
  readonly calls: number;
  readonly ms: number;
  readonly error: unknown;
}

describe("retrying", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const failing = async (again: Again | undefined): Promise<Failed> => {
    const begun = Date.now();
    let calls = 0;
    let endedMs = begun;
    const call = async (): Promise<never> => {
      endedMs = Date.now();
      return Promise.reject(new Error(`failure ${++calls}`));
    };
    const result = retrying(policy, call, () => again).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    return { calls, ms: endedMs - begun, error: await result };
  };

  it("gives the first success", async () => {
    let calls = 0;
    const call = async (): Promise<string> =>
      ++calls < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve("here");
    const result = retrying(policy, call, () => ({}));
    await vi.runAllTimersAsync();
    expect([await result, calls]).toEqual(["here", 3]);
  });

  it("fails with the last failure after so many tries, waiting twice as long each time", async () => {
    const { calls, ms, error } = await failing({});
    expect(calls).toBe(4);
    expect(String(error)).toContain("failure 4");
    expect(ms).toBeGreaterThanOrEqual(350);
    expect(ms).toBeLessThanOrEqual(1050);
  });

  it("fails at once with what is final, and after fewer tries where there are to be fewer", async () => {
    expect(await failing(undefined)).toMatchObject({ calls: 1, ms: 0 });
    expect((await failing({ atMost: 2 })).calls).toBe(2);
  });

  it("waits as long as the other side asks for, within reason", async () => {
    expect((await failing({ afterMs: 2000 })).ms).toBe(6000);
    expect((await failing({ afterMs: 3_600_000 })).ms).toBe(90_000);
  });

  it("ends at once when it is given up", async () => {
    const abort = new AbortController();
    const down = async (): Promise<never> => Promise.reject(new Error("down"));
    const caught = retrying(policy, down, () => ({}), abort.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    abort.abort();
    expect(await caught).toBe(abort.signal.reason);
  });
});
