import { describe, expect, it } from "vitest";
import { Turns } from "../../../src/base/turns.ts";

describe("Turns", () => {
  it("takes results as they come while they come in order", () => {
    const turns = new Turns();
    const first = turns.begin();
    const second = turns.begin();
    expect([first(), second()]).toEqual([true, true]);
  });

  it("leaves out what began before another whose result was taken", () => {
    const turns = new Turns();
    const first = turns.begin();
    const second = turns.begin();
    expect([second(), first()]).toEqual([true, false]);
    expect(turns.begin()()).toBe(true);
  });

  it("takes an older result where the newer read never ended", () => {
    const turns = new Turns();
    const first = turns.begin();
    turns.begin();
    expect(first()).toBe(true);
  });
});
