import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { swapFile } from "../../../../src/client/metadata/swapFile.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metaflow-swap-"));
  file = join(folder, "_self.json");
  await writeFile(file, "0");
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const text = async (): Promise<string> => readFile(file, "utf8");

describe("swapFile", () => {
  it("replaces a file that is as it was read, and leaves nothing else behind", async () => {
    expect(await swapFile(file, await readFile(file), "new")).toBe(true);
    expect(await text()).toBe("new");
    expect(await readdir(folder)).toEqual(["_self.json"]);
  });

  it("leaves alone what another writer made meanwhile", async () => {
    const read = await readFile(file);
    await writeFile(file, "theirs");
    expect(await swapFile(file, read, "ours")).toBe(false);
    expect(await text()).toBe("theirs");
    expect(await readdir(folder)).toEqual(["_self.json"]);
  });

  it.skipIf(process.platform === "win32")("leaves it readable to whom it was readable", async () => {
    for (const mode of [0o664, 0o640, 0o600]) {
      await chmod(file, mode);
      expect(await swapFile(file, await readFile(file), "new")).toBe(true);
      expect((await stat(file)).mode & 0o777).toBe(mode);
    }
  });

  it("lets a writer of Metaflow's go first that is at it already", async () => {
    const read = await readFile(file);
    const theirs = join(folder, "tmpq_3a81xz");
    await writeFile(theirs, "theirs");
    const swapping = swapFile(file, read, "ours");
    // Ours stands ready then.
    await expect.poll(async () => (await readdir(folder)).length).toBe(3);
    await rename(theirs, file);
    expect(await swapping).toBe(false);
    expect(await text()).toBe("theirs");
  });

  it("does not wait for one that was killed", async () => {
    await writeFile(join(folder, "tmpq_3a81xz"), "half");
    expect(await swapFile(file, await readFile(file), "new")).toBe(true);
  });

  it("does not bring back a file that was deleted", async () => {
    const read = await readFile(file);
    await unlink(file);
    expect(await swapFile(file, read, "ours")).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it("loses no change of writers of one process", async () => {
    const add = async (): Promise<void> => {
      for (;;) {
        const read = await readFile(file);
        if (await swapFile(file, read, String(Number(read.toString()) + 1))) return;
      }
    };
    await Promise.all(Array.from({ length: 40 }, add));
    expect(await text()).toBe("40");
  });
});
