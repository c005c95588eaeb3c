/** Objects of Python's standard library, against how Python prints them. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openPickle } from "../../src/pickle/index.ts";

interface Told {
  readonly name: string;
  /** The pickle, in base64. */
  readonly data: string;
  readonly type: string;
  readonly preview: string;
  readonly length?: number;
  /** What is below it: by what name, and Python's text. `null` where nothing is told. */
  readonly children: readonly (readonly [key: string | null, text: string])[] | null;
}

function lines<T>(text: string): T[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

describe("an object of Python's standard library", () => {
  it("is shown as Python prints it, with what it keeps by its name", async () => {
    const python = process.env["PYTHON"] ?? "python3";
    const args = [join(import.meta.dirname, "standardObjects.py")];
    const { stdout } = await promisify(execFile)(python, args, { maxBuffer: 1 << 24 });
    const told = lines<Told>(stdout);
    expect(told.length).toBeGreaterThan(2000);
    const unlike: string[] = [];
    for (const { name, data, type, preview, length, children } of told) {
      const { root } = await openPickle(Buffer.from(data, "base64"));
      const found = await root.children();
      const texts = found.map(({ key, value }) => [
        typeof key === "string" ? key : (key?.preview ?? null),
        value.preview,
      ]);
      const [shown, expected] = [
        { type: root.type, preview: root.preview, length: root.length, texts },
        { type, preview, length: length ?? root.length, texts: children ?? texts },
      ];
      if (JSON.stringify(shown) !== JSON.stringify(expected))
        unlike.push(`${name}: ${JSON.stringify(shown)}, not ${JSON.stringify(expected)}`);
    }
    expect(unlike).toEqual([]);
  });

  it("is the path that Python makes of it, whichever Python pickled it", async () => {
    const file = join(import.meta.dirname, "../fixtures/pickle/paths/cases.jsonl");
    const told = lines<{ python: string; data: string; text: string }>(await readFile(file, "utf8"));
    expect(new Set(told.map(({ python }) => python)).size).toBe(3);
    for (const { python, data, text } of told) {
      const { root } = await openPickle(Buffer.from(data, "base64"));
      expect(String(await root.toValue()), python).toBe(text);
    }
  });
});
