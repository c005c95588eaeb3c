/** Files with a pickle or an array, as the decoding thread opens them: what numpy reads of the same files. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tagged } from "../../src/pickle/index.ts";
import { openFile } from "../../src/worker/file.ts";
import { saidBy } from "./libraryCases.ts";
import { difference, sorted } from "./taggedForm.ts";

const SCRIPTS = join(import.meta.dirname, "../fixtures/pickle");

describe("a file", () => {
  let folder = "";
  let told: { readonly file: string; readonly tagged: Tagged; readonly large?: number }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-files-"));
    const stdout = await saidBy("new", join(SCRIPTS, "files.py"), { args: [folder] });
    told = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as (typeof told)[number]);
  }, 600_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("of numpy, of pickle or of both with gzip is what Python reads", async () => {
    const wrong: string[] = [];
    // Small ones are copied; as large ones they are read where they lie.
    for (const { file, tagged, large } of told.flatMap((one) => [one, { ...one, large: 0 }])) {
      const { document, facts } = await openFile(file, large);
      await document.complete;
      const why = difference(sorted(await document.root.tagged()), sorted(tagged), "");
      if (why !== undefined) wrong.push(`${basename(file)}: ${why}`);
      expect([facts.name, facts.file]).toEqual([basename(file), file]);
      expect(facts.format).toBe({ ".npy": "npy", ".pkl": "pickle", ".gz": "gzip" }[extname(file)]);
      document.close();
    }
    expect(wrong).toEqual([]);
    expect(told).toHaveLength(17);
  });

  it("that is damaged or none says so, and shows what can be read", async () => {
    const header = (text: string): Buffer =>
      Buffer.concat([
        Buffer.from("\x93NUMPY\x01\0", "latin1"),
        Buffer.from([text.length, 0]),
        Buffer.from(text),
      ]);
    const files = {
      "no dict.npy": header("[1, 2]"),
      "no shape.npy": header("{'descr': '<f8', 'fortran_order': False}"),
      "no dtype.npy": header("{'descr': 'import os', 'fortran_order': False, 'shape': (1,)}"),
      "deep.npy": header("(".repeat(200)),
    };
    for (const [name, bytes] of Object.entries(files)) {
      await writeFile(join(folder, name), bytes);
      await expect(openFile(join(folder, name)), name).rejects.toThrow(/\.npy file/);
    }
    await writeFile(
      join(folder, "short.npy"),
      Buffer.concat([header("{'descr': '<f8', 'fortran_order': False, 'shape': (9,)}"), Buffer.alloc(16)]),
    );
    const { document } = await openFile(join(folder, "short.npy"));
    await document.complete;
    expect(document.root.type).toBe("numpy.ndarray");
    expect((await document.root.tagged()).t).toBe("object");
    await expect(openFile(join(folder, "missing.pkl"))).rejects.toThrow("ENOENT");
  });
});
