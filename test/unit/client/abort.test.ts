import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalStore } from "../../../src/client/datastore/local.ts";
import { LocalMetadata } from "../../../src/client/metadata/local.ts";

describe("reading local data with a signal that is aborted", () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(`${tmpdir()}/metaflow-abort-`);
  });
  afterAll(async () => rm(root, { recursive: true }));

  it.each([
    ["the platform's own", AbortSignal.abort()],
    ["a time-out", AbortSignal.abort(new DOMException("too late", "TimeoutError"))],
    ["an error of the caller", AbortSignal.abort(new Error("the view was closed"))],
    ["no error at all", AbortSignal.abort("closed")],
  ])("rejects with the signal's reason: %s", async (_name, signal) => {
    const store = new LocalStore(root);
    const metadata = new LocalMetadata(root, `local@${root}`);
    const reads = [
      store.get("Flow/data/00/0000", { signal }),
      store.getRange("Flow/data/00/0000", 0, 1, { signal }),
      store.head("Flow/data/00/0000", { signal }),
      metadata.record(["Flow", "1"], { signal }),
      metadata.count(["Flow"], { signal }),
      metadata.mutateTags(["Flow", "1"], { add: ["a"], remove: [] }, { signal }),
    ];
    for (const read of reads)
      await expect(read.catch((reason: unknown) => reason)).resolves.toBe(signal.reason);
  });

  it("rejects what was read before, too", async () => {
    await mkdir(`${root}/Kept/_meta`, { recursive: true });
    await writeFile(`${root}/Kept/_meta/_self.json`, '{"flow_id": "Kept", "ts_epoch": 1}');
    const metadata = new LocalMetadata(root, `local@${root}`);
    expect(await metadata.record(["Kept"])).toBeDefined();
    const signal = AbortSignal.abort(new Error("the view was closed"));
    await expect(metadata.record(["Kept"], { signal })).rejects.toBe(signal.reason);
  });
});
