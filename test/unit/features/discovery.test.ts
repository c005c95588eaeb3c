import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findDatastore, hasDatastore, NoDatastore } from "../../../src/features/discovery.ts";

describe("where a datastore is looked for", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "discovery-"));
    await mkdir(join(folder, ".metaflow"));
    await mkdir(join(folder, "flows"));
  });
  afterAll(async () => rm(folder, { recursive: true }));

  it("is above the workspace's folders, as Metaflow does", async () => {
    const search = { setting: "", folders: [join(folder, "flows")] };
    expect(await findDatastore(search)).toBe(folder);
    await expect(findDatastore({ ...search, folders: [] })).rejects.toThrow(NoDatastore);
  });

  it("is noticed to have none any more", async () => {
    expect(await hasDatastore(folder)).toBe(true);
    expect(await hasDatastore(join(folder, "flows"))).toBe(false);
  });
});
