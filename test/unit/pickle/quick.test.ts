import { expect, it } from "vitest";
import { ByteStore } from "../../../src/pickle/bytes.ts";
import { QuickScalars } from "../../../src/pickle/quick.ts";
import { assemble, text } from "./assemble.ts";

it("reads what has come since the last look", () => {
  const bytes = new ByteStore();
  const quick = new QuickScalars(bytes);
  const places: number[] = [];
  const parts = Array.from({ length: 2000 }, (_, at) => text(`text-${String(at).padStart(20, "0")}`));
  for (let at = 0, place = 0; at < parts.length; place += parts[at]?.length ?? 0, at++) places.push(place);
  const all = assemble(...parts);
  // Pieces that end anywhere, so that texts break off at the end of what is there.
  let there = 0;
  for (const size of [1000, 510, 18_490, all.length - 20_000]) {
    bytes.append(all.subarray(there, there + size));
    there += size;
    for (const [at, place] of places.entries())
      if (place + 27 <= there) expect(quick.value(place)).toBe(`text-${String(at).padStart(20, "0")}`);
  }
});
