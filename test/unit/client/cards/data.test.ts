import { describe, expect, it } from "vitest";
import { parseCardData } from "../../../../src/client/cards/data.ts";
import { CorruptRecord } from "../../../../src/client/errors.ts";

describe("a card's runtime data", () => {
  it("may have the numbers that Python writes and JSON does not know, and texts that look like them", () => {
    const text = `{"reload_token": "t", "created_on": 1.5, "data": [NaN, -Infinity, Infinity, 1e3, "NaN", "say \\"NaN\\", \\\\", "\\\\", NaN]}`;
    expect(parseCardData(text, "place")).toEqual({
      reload_token: "t",
      created_on: 1.5,
      data: [Number.NaN, -Infinity, Infinity, 1000, "NaN", 'say "NaN", \\', "\\", Number.NaN],
    });
  });

  it.each(["", "{", '{"data": NaN', "[]", "{}", '"NaN', "null"])(
    "are not '%s', which is refused with its place",
    (text) => {
      expect(() => parseCardData(text, "s3://bucket/card")).toThrow(CorruptRecord);
      expect(() => parseCardData(text, "s3://bucket/card")).toThrow(/s3:\/\/bucket\/card/);
    },
  );
});
