import { describe, expect, it } from "vitest";
import { inTurns } from "../../../src/base/load.ts";

describe("inTurns", () => {
  it("loads each part once and in a turn of its own, however many ask, and gives the whole", async () => {
    const order: string[] = [];
    const part = (name: string) => async (): Promise<string> => {
      order.push(name);
      setImmediate(() => order.push(`turn after ${name}`));
      return Promise.resolve(name);
    };
    let whole = part("whole");
    const load = inTurns([part("a"), part("b")], async () => whole());
    expect(await Promise.all([load(), load()])).toEqual(["whole", "whole"]);
    expect(order.slice(0, 6)).toEqual([
      "a",
      "turn after a",
      "b",
      "turn after b",
      "whole",
      "turn after whole",
    ]);
    whole = async () => Promise.resolve("again");
    expect(await load()).toBe("again");
    expect(order.filter((name) => name === "a")).toHaveLength(1);
  });

  it("loads again after it failed", async () => {
    let isBroken = true;
    const load = inTurns(
      [async () => (isBroken ? Promise.reject(new Error("no disk")) : Promise.resolve())],
      async () => Promise.resolve("whole"),
    );
    await expect(load()).rejects.toThrow("no disk");
    isBroken = false;
    expect(await load()).toBe("whole");
  });
});
