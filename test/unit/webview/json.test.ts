import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indentedJson } from "../../../src/webview/kit/json.ts";

describe("JSON that is set out", () => {
  it("has a line for each member, as JSON.stringify writes it", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(indentedJson(text)).toBe(JSON.stringify(JSON.parse(text), undefined, 2));
      }),
    );
  });

  it("keeps every digit of its numbers", () => {
    expect(indentedJson('{"id":12345678901234567890,"x":1.10}')).toBe(
      '{\n  "id": 12345678901234567890,\n  "x": 1.10\n}',
    );
  });

  it("shows what is damaged or cut as far as it goes", () => {
    expect(indentedJson('{"a": [1, "tex')).toBe('{\n  "a": [\n    1,\n    "tex');
    expect(indentedJson("]}")).toBe("\n]\n}");
    expect(indentedJson("")).toBe("");
  });
});
