import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPickleFile } from "../../../src/pickle/document.ts";
import { openPickle } from "../../../src/pickle/index.ts";
import { LocalFile } from "../../../src/worker/localFile.ts";
import { assemble, inChunks, le, text } from "./assemble.ts";

/** Ten million bytes with values that refer to each other from end to end. */
function bigList(): Uint8Array {
  const parts = Array.from({ length: 2500 }, (_, at) =>
    assemble(
      "}(",
      at === 0 ? assemble(text("key"), "q\x01") : "h\x01",
      "X",
      le(4000, 4),
      Buffer.alloc(4000, at),
      "u",
    ),
  );
  return assemble("](", ...parts, "e.");
}

const big = bigList();
const memory = 1 << 20;

async function told(open: ReturnType<typeof openPickle>): Promise<string> {
  const document = await open;
  await document.complete;
  const rows = await document.root.children({ from: 0, to: 2500 });
  const all = JSON.stringify([await document.root.tagged(), rows.map(({ value }) => value.preview)]);
  document.close();
  return all;
}

describe("a value that is larger than the memory for it", () => {
  it("is the same as with memory enough", async () => {
    const truth = await told(openPickle(big));
    const limits = { memory };
    expect(await told(openPickle(inChunks(big, 300_000), { limits }))).toBe(truth);
    expect(await told(openPickle(gzipSync(big, { level: 3 }), { limits, encoding: "gzip+pickle-v4" }))).toBe(
      truth,
    );
  });

  it("says of what is gone with its document that this is closed", async () => {
    const document = await openPickle(inChunks(big, 300_000), { limits: { memory } });
    await document.complete;
    document.close();
    expect(document.root.type).toBe("list");
    const [first] = await document.root.children({ from: 1, to: 2 });
    expect(first?.value.preview).toMatch(/document was closed/);
    await expect(document.root.toValue()).rejects.toMatchObject({ code: "aborted" });
  });

  it("may be closed while it is read", async () => {
    for (const turns of [0, 1, 7, 20]) {
      const document = await openPickle(inChunks(big, 300_000), { limits: { memory } });
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      document.close();
      await document.complete.catch(() => undefined);
      expect(document.settled).toBe(true);
      expect(document.root.preview.length).toBeGreaterThan(0);
    }
  });
});

describe("a file that is read where it lies", () => {
  let folder = "";
  let path = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-outside-"));
    path = join(folder, "value.pkl");
    await writeFile(path, big);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is the same as its bytes", async () => {
    expect(await told(openPickleFile(new LocalFile(path)))).toBe(await told(openPickle(big)));
  });

  it("has what is put around it at its places", () => {
    const [prefix, suffix] = [Buffer.from("before "), Buffer.from(" behind")];
    const file = new LocalFile(path, { dataFrom: 100, prefix, suffix });
    const all = Buffer.concat([prefix, big.subarray(100), suffix]);
    expect(file.length).toBe(all.length);
    const near = fc.oneof(
      fc.nat(20),
      fc.integer({ min: all.length - 20, max: all.length }),
      fc.nat(all.length),
    );
    fc.assert(
      fc.property(near, near, (one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        const into = new Uint8Array(to - from);
        file.read(from, into);
        expect(Buffer.compare(into, all.subarray(from, to))).toBe(0);
      }),
    );
    file.close();
  });

  it("says so when somebody writes to it", async () => {
    const document = await openPickleFile(new LocalFile(path), { limits: { memory } });
    await document.complete;
    await appendFile(path, "more");
    const [first] = await document.root.children({ from: 1, to: 2 });
    expect(first?.value.preview).toMatch(/written to after it was opened/);
    await expect(document.root.toValue()).rejects.toMatchObject({ code: "source" });
    document.close();
  });
});
