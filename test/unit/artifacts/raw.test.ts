import { describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import { findBytes, rawPart } from "../../../src/worker/raw.ts";
import { assemble, le } from "../pickle/assemble.ts";

const { signal } = new AbortController();

describe("the bytes of a pickle", () => {
  it("are those that it was read from, part by part", async () => {
    const pickle = assemble("\x80\x04", "C\x05hello", ".");
    const document = await openPickle(pickle);
    expect(rawPart(document, { from: 3, to: 6 })).toEqual({
      from: 3,
      bytes: new Uint8Array(pickle.subarray(3, 6)),
      sizeBytes: pickle.length,
    });
    expect(rawPart(document, { from: 1000, to: 2000 }).bytes).toHaveLength(0);
  });

  it("are found from a place on, also where they go over the edge of what is looked through at a time", async () => {
    const data = Buffer.alloc((1 << 24) + 100);
    const document = await openPickle(assemble("\x80\x04", "B", le(data.length, 4), data, "."));
    await document.complete;
    const at = (1 << 24) - 2;
    data.write("needle", 0);
    data.write("needle", at);
    const again = await openPickle(assemble("\x80\x04", "B", le(data.length, 4), data, "."));
    await again.complete;
    const hex = Buffer.from("needle").toString("hex");
    expect(await findBytes(document, { from: 0, hex }, signal)).toBeNull();
    expect(await findBytes(again, { from: 0, hex }, signal)).toBe(7);
    expect(await findBytes(again, { from: 8, hex }, signal)).toBe(at + 7);
    expect(await findBytes(again, { from: at + 8, hex }, signal)).toBeNull();
    expect(await findBytes(again, { from: 0, hex: "" }, signal)).toBeNull();
  });
});
