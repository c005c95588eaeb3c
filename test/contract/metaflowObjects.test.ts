/** Metaflow's own objects in artifacts, against what they say of themselves. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPickle, type Tagged } from "../../src/pickle/index.ts";
import { saidBy } from "./libraryCases.ts";
import { difference } from "./taggedForm.ts";

interface ToldObject {
  readonly name: string;
  /** The pickle, in base64. */
  readonly data: string;
  readonly type: string;
  readonly preview: string;
  /** What is below it: by what name, and Python's text where it is short. `null` where nothing is told. */
  readonly children: readonly (readonly [key: string, text: string | null])[] | null;
  readonly tagged: Tagged | null;
}

describe("an object of Metaflow that Metaflow pickled", () => {
  let folder = "";
  let told: readonly ToldObject[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-objects-"));
    const stdout = await saidBy("newest", join(import.meta.dirname, "metaflowObjects.py"), {
      args: [folder],
    });
    told = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ToldObject);
    expect(told.length).toBeGreaterThan(25);
  }, 600_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is shown as it prints itself, with what it keeps below it", async () => {
    for (const { name, data, type, preview, children } of told) {
      const { root } = await openPickle(Buffer.from(data, "base64"));
      expect(root.type, name).toBe(type);
      // A long text is cut behind its beginning.
      expect(preview.startsWith(root.preview.replace(/….*$/, "")), `${name}: ${root.preview}`).toBe(true);
      expect(root.preview.includes("…") || root.preview === preview, name).toBe(true);
      if (children === null) continue;
      const found = await root.children();
      const texts = found.map(({ key, value }, at) => [
        typeof key === "string" ? key : key?.preview,
        children[at]?.[1] === null ? null : value.preview,
      ]);
      expect(texts, name).toEqual(children);
    }
  });

  it("has the lossless form of an object, whatever it is shown as", async () => {
    const forms = told.filter(({ tagged }) => tagged !== null);
    expect(forms.length).toBeGreaterThan(20);
    for (const { name, data, tagged } of forms) {
      const { root } = await openPickle(Buffer.from(data, "base64"));
      expect(difference(await root.tagged(), tagged ?? undefined, ""), name).toBeUndefined();
    }
  });
});
