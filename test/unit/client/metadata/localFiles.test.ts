import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalFiles } from "../../../../src/client/metadata/localFiles.ts";

let root: string;
let files: LocalFiles;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "local-files-"));
  files = new LocalFiles(root, `local@${root}`);
  await mkdir(join(root, "folder"));
});
afterEach(async () => rm(root, { recursive: true, force: true }));

describe("the names in a folder", () => {
  it("are those of now for who asks after a change, however short before it others asked", async () => {
    expect(await files.names("folder")).toEqual([]);
    await writeFile(join(root, "folder", "new"), "");
    files.changed();
    expect(await files.names("folder")).toEqual(["new"]);
  });

  it("are not those that somebody is reading since before a change", async () => {
    const before = files.names("folder");
    // The look at the folder has begun when the file is made: either answer is right for the first, one alone for the second.
    await writeFile(join(root, "folder", "new"), "");
    files.changed();
    const after = files.names("folder");
    expect(await after).toEqual(["new"]);
    await before;
    expect(await files.names("folder")).toEqual(["new"]);
  });

  it("are read once for all who ask together", async () => {
    const [first, second] = await Promise.all([files.names("folder"), files.names("folder")]);
    expect(second).toBe(first);
  });
});
