import { mkdir, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FolderWatch } from "../../../../src/client/metadata/folderWatch.ts";
import { watchLocal } from "../../../../src/client/metadata/localWatch.ts";
import type { Watch } from "../../../../src/client/metadata/provider.ts";

let root: string;
let watch: Watch | undefined;
const told: string[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "metaflow-watch-"));
  told.length = 0;
});
afterEach(async () => {
  watch?.dispose();
  await rm(root, { recursive: true, force: true });
});

const listener = ({ path }: { readonly path: readonly string[] }): void => {
  told.push(path.join("/"));
};

/** Makes folders of runs, one after the other, until one of them was told of. */
async function untilToldOf(flow: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await mkdir(join(root, flow, String(performance.now())), { recursive: true });
      expect(told).toContain(flow);
    },
    { timeout: 10_000, interval: 100 },
  );
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 10_000, interval: 10 }).toBe(true);
}

/** A folder of any size counts as a large one. */
const ANY_BYTES = 0;

describe("watching a local datastore", () => {
  it.each([
    { what: "all flows", begin: () => watchLocal(root, [], listener) },
    { what: "one flow", begin: () => watchLocal(root, ["F"], listener) },
    { what: "flows with very many runs", begin: () => new FolderWatch(root, undefined, listener, ANY_BYTES) },
    { what: "one with very many runs", begin: () => new FolderWatch(root, "F", listener, ANY_BYTES) },
  ])("goes on with a flow that was deleted and made anew (watching $what)", async ({ begin }) => {
    await mkdir(join(root, "F", "1"), { recursive: true });
    watch = begin();
    await untilToldOf("F");
    told.length = 0;
    await rm(join(root, "F"), { recursive: true });
    await until(() => told.includes("F"));
    await mkdir(join(root, "F"));
    // The news that it is there again, before what is asked for: a run in it.
    await until(() => told.filter((one) => one === "F").length > 1);
    told.length = 0;
    await untilToldOf("F");
  });

  it("begins when the datastore is made after it", async () => {
    const before = root;
    root = join(root, "later");
    watch = watchLocal(root, [], listener);
    await mkdir(root);
    await until(() => told.includes(""));
    await untilToldOf("F");
    root = before;
  });

  it("begins when the flow is made after it", async () => {
    watch = watchLocal(root, ["F"], listener);
    await mkdir(join(root, "Other"));
    await untilToldOf("F");
    expect(new Set(told)).toEqual(new Set(["F"]));
  });

  it("tells nothing to who disposed it while being told", async () => {
    const run = join(root, "F", "1");
    for (const task of ["2", "3"]) await mkdir(join(run, "start", task), { recursive: true });
    // All of it long ago: who begins to watch is told of what is recent.
    let stamp = 0;
    const touch = async (...folders: string[]): Promise<void> => {
      stamp += 10;
      for (const folder of folders) await utimes(join(run, folder), stamp, stamp);
    };
    await touch("start/2", "start/3", "start", "");
    watch = watchLocal(root, ["F", "1"], (change) => {
      listener(change);
      watch?.dispose();
    });
    await vi.waitFor(
      async () => {
        await touch("start/2", "start/3");
        expect(told).not.toEqual([]);
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(told).toHaveLength(1);
  });
});
