import { describe, expect, it } from "vitest";
import { Shared } from "../../../src/base/shared.ts";

describe("Shared", () => {
  const begun = (): {
    calls: AbortSignal[];
    end: (value: string) => void;
    begin: (signal: AbortSignal) => Promise<string>;
  } => {
    const calls: AbortSignal[] = [];
    let end: (value: string) => void = () => undefined;
    return {
      calls,
      end: (value) => {
        end(value);
      },
      begin: async (signal) => {
        calls.push(signal);
        return new Promise((resolve) => {
          end = resolve;
        });
      },
    };
  };

  it("does the work once for all who ask while it is under way, and again afterwards", async () => {
    const work = begun();
    const shared = new Shared<string>();
    const both = [shared.ask("a", work.begin), shared.ask("a", work.begin)];
    work.end("done");
    expect(await Promise.all(both)).toEqual(["done", "done"]);
    const again = shared.ask("a", work.begin);
    work.end("again");
    expect([await again, work.calls.length]).toEqual(["again", 2]);
  });

  it("goes on while anybody waits, and stops with the last", async () => {
    const work = begun();
    const shared = new Shared<string>();
    const [first, second] = [new AbortController(), new AbortController()];
    const one = shared.ask("a", work.begin, first.signal);
    const other = shared.ask("a", work.begin, second.signal);
    first.abort();
    await expect(one).rejects.toBe(first.signal.reason);
    expect(work.calls[0]?.aborted).toBe(false);
    second.abort();
    await expect(other).rejects.toBe(second.signal.reason);
    expect([work.calls.length, work.calls[0]?.aborted]).toEqual([1, true]);
  });

  it("keeps no failure", async () => {
    const shared = new Shared<string>();
    await expect(shared.ask("a", async () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await shared.ask("a", async () => Promise.resolve("up"))).toBe("up");
  });
});
