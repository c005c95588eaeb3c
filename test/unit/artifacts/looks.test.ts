import { describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import { looksOf } from "../../../src/worker/looks.ts";
import { assemble, le } from "../pickle/assemble.ts";

async function looksOfText(value: string): Promise<readonly string[]> {
  const data = Buffer.from(value, "utf8");
  const { root } = await openPickle(assemble("\x80\x04", "X", le(data.length, 4), data, "."));
  return looksOf(root, root.preview);
}

async function looksOfPickle(...parts: string[]): Promise<readonly string[]> {
  const { root } = await openPickle(assemble("\x80\x04", ...parts, "."));
  return looksOf(root, root.preview);
}

describe("the looks of a text", () => {
  it("are those of the language that it is in", async () => {
    const texts: readonly (readonly [string, readonly string[]])[] = [
      ['{"a": [1, 2]}', ["json"]],
      ["  [1, 2, 3]", ["json"]],
      ['[\n  {"a": null}\n]', ["json"]],
      [`[${'"x", '.repeat(400)}"x"]`, ["json"]],
      ["<!DOCTYPE html>\n<html><body>x</body></html>", ["html"]],
      ["<!-- made by a tool -->\n<div class='card'>x</div>", ["html"]],
      ["<DIV>x</DIV>", ["html"]],
      ["# Title\n\nSome text.", ["markdown"]],
      ["Some **bold** text.\n\n- one\n- two\n", ["markdown"]],
      [`## Ein Bericht\n\n${"ü".repeat(1000)}`, ["markdown"]],
    ];
    for (const [text, looks] of texts) expect(await looksOfText(text), text.slice(0, 30)).toEqual(looks);
  });

  it("are none where it is just a text", async () => {
    for (const text of [
      "",
      "x",
      "[INFO] started",
      "{not json}",
      "<3",
      "# comment",
      "a - b",
      "1 < 2 and 3 > 2",
      "\u0000",
    ])
      expect(await looksOfText(text), text).toEqual([]);
  });
});

describe("the looks of a list", () => {
  it("are a curve where it has numbers", async () => {
    expect(await looksOfPickle("](K\x01K\x02e")).toEqual(["plot"]);
    expect(await looksOfPickle("](NK\x02e")).toEqual(["plot"]);
    expect(await looksOfPickle("](](K\x01K\x02e](K\x03K\x04ee")).toEqual(["plot"]);
  });

  it("are none where it has none, or one alone", async () => {
    expect(await looksOfPickle("](K\x01e")).toEqual([]);
    expect(await looksOfPickle("](X\x01\0\0\x00aX\x01\0\0\x00be")).toEqual([]);
    expect(await looksOfPickle("](NNe")).toEqual([]);
    expect(await looksOfPickle("]")).toEqual([]);
  });
});

describe("the looks of bytes", () => {
  it("are an image where they begin as one", async () => {
    expect(await looksOfPickle("C\x08\x89PNG\r\n\x1a\n")).toEqual(["image"]);
    expect(await looksOfPickle("C\x03abc")).toEqual([]);
  });
});
