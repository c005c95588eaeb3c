/** Images of Pillow as pictures, against the colours that Pillow gives them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PyNode } from "../../src/pickle/index.ts";
import { openFile } from "../../src/worker/file.ts";
import { imageOf } from "../../src/worker/image.ts";
import { looksOf } from "../../src/worker/looks.ts";
import { saidBy } from "./libraryCases.ts";

interface ToldPicture {
  readonly name: string;
  readonly file: string;
  readonly size: readonly [width: number, height: number];
  readonly every: number;
  /** In base64; `null` where there is no picture. */
  readonly rgba: string | null;
}

const { signal } = new AbortController();

describe("an image that Pillow pickled", () => {
  let folder = "";
  let told: readonly ToldPicture[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-pictures-"));
    const stdout = await saidBy("new", join(import.meta.dirname, "pictures.py"), { args: [folder] });
    told = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ToldPicture);
  }, 600_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("has the colours that Pillow converts it to", async () => {
    const unlike: string[] = [];
    for (const { name, file, size, every, rgba } of told) {
      if (rgba === null) continue;
      const root = await rootOf(file);
      expect(looksOf(root, root.preview), name).toEqual(["image"]);
      const image = await imageOf(root, signal);
      if (image?.kind !== "pixels") throw new Error(`${name} is no picture`);
      expect([image.width, image.height, image.every], name).toEqual([...size, every]);
      const far = furthest(image.rgba, Buffer.from(rgba, "base64"));
      if (far > 0) unlike.push(`${name}: ${far}`);
    }
    // Pillow's own tables of this mode are rounded.
    expect(unlike.filter((one) => one !== "YCbCr: 1")).toEqual([]);
    expect(told.filter(({ rgba }) => rgba !== null).length).toBeGreaterThan(60);
  });

  it("is no picture where it has no such pixels, however large it says that it is", async () => {
    const none = told.filter(({ rgba }) => rgba === null);
    expect(none).toHaveLength(8);
    for (const { name, file } of none) {
      const root = await rootOf(file);
      expect(looksOf(root, root.preview), name).toEqual([]);
      expect(await imageOf(root, signal), name).toBeNull();
    }
  });
});

/** The largest difference of two colours. */
function furthest(found: Uint8Array, expected: Uint8Array): number {
  if (found.length !== expected.length) return Infinity;
  let most = 0;
  for (const [at, level] of found.entries()) most = Math.max(most, Math.abs(level - (expected[at] ?? 0)));
  return most;
}

async function rootOf(file: string): Promise<PyNode> {
  const { document } = await openFile(file);
  await document.complete;
  return document.root;
}
