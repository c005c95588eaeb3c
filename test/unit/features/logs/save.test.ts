import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { saveLog } from "../../../../src/features/logs/save.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metaflow-save-"));
});
afterEach(async () => rm(folder, { recursive: true }));

const line = (text: string, open?: true) => ({
  timeUs: undefined,
  orderUs: 0,
  source: undefined,
  text,
  offset: 0,
  ...(open && { open }),
});

describe("saving a whole log", () => {
  it("writes every line as it is, pieces of a long one together", async () => {
    const batches = async function* () {
      yield await Promise.resolve([line("a\r"), line("b1 ", true)]);
      yield [line("b2")];
    };
    const path = join(folder, "x.log");
    expect(await saveLog({ batches }, path)).toBe(3);
    expect(await readFile(path, "utf8")).toBe("a\r\nb1 b2\n");
    expect(await readdir(folder)).toEqual(["x.log"]);
  });

  it("leaves nothing behind when it is cancelled or fails", async () => {
    const controller = new AbortController();
    const batches = async function* () {
      yield await Promise.resolve([line("a")]);
      controller.abort(new Error("enough"));
      yield [line("b")];
    };
    await expect(saveLog({ batches }, join(folder, "x.log"), { signal: controller.signal })).rejects.toThrow(
      "enough",
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("says why a file cannot be written, and throws nothing beside that", async () => {
    const batches = async function* () {
      yield await Promise.resolve([line("a")]);
      // The file's opening fails while the log is still read.
      for (let turn = 0; turn < 5; turn++) await readdir(folder);
      yield [line("b")];
    };
    await expect(saveLog({ batches }, join(folder, "missing", "x.log"))).rejects.toThrow("ENOENT");
  });
});
