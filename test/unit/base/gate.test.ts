import { describe, expect, it } from "vitest";
import { Gate } from "../../../src/base/gate.ts";

/** Work that ends when it is told to. */
function work(): { readonly run: () => Promise<string>; readonly end: () => void; hasBegun: () => boolean } {
  let resolve: (value: string) => void = () => undefined;
  const promise = new Promise<string>((done) => (resolve = done));
  let begun = false;
  return {
    run: async () => {
      begun = true;
      return promise;
    },
    end: () => {
      resolve("done");
    },
    hasBegun: () => begun,
  };
}

describe("a gate", () => {
  it("lets as many through as it has places, the others in order when one is free", async () => {
    const gate = new Gate(2);
    const jobs = [work(), work(), work(), work()];
    const passed = jobs.map(async ({ run }) => gate.pass(run));
    await Promise.resolve();
    expect(jobs.map(({ hasBegun }) => hasBegun())).toEqual([true, true, false, false]);
    jobs[1]?.end();
    expect(await passed[1]).toBe("done");
    await Promise.resolve();
    expect(jobs.map(({ hasBegun }) => hasBegun())).toEqual([true, true, true, false]);
    for (const { end } of jobs) end();
    expect(await Promise.all(passed)).toEqual(["done", "done", "done", "done"]);
  });

  it("is free again after work that fails", async () => {
    const gate = new Gate(1);
    await expect(gate.pass(async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await gate.pass(async () => Promise.resolve(1))).toBe(1);
  });

  it("keeps nobody who gives up, and gives his place to the next one", async () => {
    const gate = new Gate(1);
    const [first, second, third] = [work(), work(), work()];
    const passed = gate.pass(first.run);
    const abort = new AbortController();
    const gone = gate.pass(second.run, abort.signal);
    const waiting = gate.pass(third.run);
    abort.abort(new Error("not any more"));
    await expect(gone).rejects.toThrow("not any more");
    await expect(gate.pass(second.run, abort.signal)).rejects.toThrow("not any more");
    first.end();
    third.end();
    expect(await Promise.all([passed, waiting])).toEqual(["done", "done"]);
    expect(second.hasBegun()).toBe(false);
  });
});
