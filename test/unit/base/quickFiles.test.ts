import { execFileSync } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readIfPresent, visitNames } from "../../../src/base/files.ts";
import { QuickFiles } from "../../../src/base/quickFiles.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quick-files-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("QuickFiles", () => {
  it("answers at once within a slice, and whoever asks outside of one waits for the next", async () => {
    await writeFile(join(folder, "a"), "text");
    const files = new QuickFiles(folder);
    const first = files.text(join(folder, "a"));
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toBe("text");
    expect(files.isOpen).toBe(true);
    expect(files.text(join(folder, "a"))).toBe("text");
    expect(files.text(join(folder, "missing"))).toBeUndefined();
  });

  it("gives everybody else a turn while thousands of files are read", async () => {
    const names = Array.from({ length: 5000 }, (_, at) => join(folder, `f${at % 50}`));
    await Promise.all(names.slice(0, 50).map(async (name) => writeFile(name, name)));
    const files = new QuickFiles(folder);
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const texts = await Promise.all(names.map(async (name) => files.text(name)));
    isOver = true;
    expect(texts).toEqual(names);
    expect(turns).toBeGreaterThan(2);
  });

  it("reads files whole that are larger than its own room", async () => {
    const text = "é".repeat(100_000);
    await writeFile(join(folder, "large"), text);
    const files = new QuickFiles(folder);
    expect(await files.text(join(folder, "large"))).toBe(text);
    expect(await files.text(join(folder, "large"))).toBe(text);
  });

  it.skipIf(process.platform === "win32")("does not wait for who might write into a named pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const files = new QuickFiles(folder);
    expect(await files.text(pipe)).toBe("");
    expect(await readIfPresent(pipe)).toHaveLength(0);
  });

  it("stops waiting callers that were cancelled", async () => {
    const files = new QuickFiles(folder);
    const abort = new AbortController();
    const reading = files.names(folder, { signal: abort.signal });
    abort.abort();
    await expect(reading).rejects.toThrow(/abort/i);
  });
});

describe("visitNames", () => {
  it("tells every name of a folder of any size once", async () => {
    for (const count of [0, 1, 1023, 1024, 1025, 2500]) {
      const large = join(folder, String(count));
      await mkdir(large);
      const names = Array.from({ length: count }, (_, at) => `n${at}`);
      await Promise.all(names.map(async (name) => writeFile(join(large, name), "")));
      const seen: string[] = [];
      expect(await visitNames(large, (name) => seen.push(name))).toBe(true);
      expect(seen.sort()).toEqual(names.sort());
    }
  });

  it("tells that a folder does not exist", async () => {
    expect(await visitNames(join(folder, "missing"), () => undefined)).toBe(false);
  });
});
