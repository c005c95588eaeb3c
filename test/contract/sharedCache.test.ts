/** One folder of cached objects, used by several processes at once while others take away what is in it, or are killed: never a wrong byte, never too much. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Order, Report } from "../helpers/cacheUser.ts";
import { patterned } from "../helpers/patterned.ts";
import { GsDouble } from "../servers/gsDouble.mjs";

const MAX_BYTES = 4 << 20;
/** A sweep comes after a part of the cache was written anew, by each process for itself, and each may be writing an object meanwhile. */
const SLACK = 1.5;
const OBJECTS = Array.from({ length: 150 }, (_, at) => {
  const byte = at.toString(16).padStart(2, "0");
  return { key: `F/data/${byte}/${byte.repeat(20)}`, length: 20_000 + at * 1_001 };
});
const READS = 300;

describe("a folder of cached objects", () => {
  let double: GsDouble;
  let host: string;
  let folder: string;
  let code: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    double = new GsDouble("bucket");
    for (const { key, length } of OBJECTS) double.put(`root/${key}`, patterned(key, length));
    host = await double.start();
    folder = await mkdtemp(join(tmpdir(), "metaflow-cache-"));
    code = await mkdtemp(join(tmpdir(), "metaflow-code-"));
    await build({
      entryPoints: [join(import.meta.dirname, "../helpers/cacheUser.ts")],
      outfile: join(code, "cacheUser.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
    });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const isOver = child.exitCode !== null || child.signalCode !== null;
      const exit = isOver ? undefined : once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
    await double.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await rm(code, { recursive: true });
  });

  function start(role: Order["role"], reads = 0, objects: Order["objects"] = OBJECTS): ChildProcess {
    const child = fork(join(code, "cacheUser.mjs"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    children.push(child);
    const order = { role, host, root: "gs://bucket/root", folder, maxBytes: MAX_BYTES, objects, reads };
    child.send(order satisfies Order);
    return child;
  }
  async function reportOf(child: ChildProcess): Promise<Report> {
    const ended = once(child, "exit").then(([status]) => {
      throw new Error(`it ended with ${String(status)} before it reported`);
    });
    const [report] = (await Promise.race([once(child, "message"), ended])) as [Report];
    ended.catch(() => undefined);
    return report;
  }
  async function bytesKept(): Promise<number> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(
      files.map(async ({ parentPath, name }) =>
        stat(join(parentPath, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  it("gives several processes the store's bytes while another one evicts, and does not grow", async () => {
    const evicting = start("evict");
    const reading = [start("read", READS), start("read", READS)].map(reportOf);
    const killed = start("read", 100_000);
    const sizes: number[] = [];
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) sizes.push(await bytesKept().catch(() => 0));
    })();
    await expect.poll(() => double.asked.length).toBeGreaterThan(50);
    killed.kill("SIGKILL");
    const reports = await Promise.all(reading);
    over.abort();
    await watching;
    evicting.kill("SIGKILL");
    expect(reports).toEqual([
      { reads: READS, wrong: [] },
      { reads: READS, wrong: [] },
    ]);
    expect(Math.max(...sizes)).toBeGreaterThan(MAX_BYTES / 4);
    expect(Math.max(...sizes)).toBeLessThan(MAX_BYTES * SLACK);
  });

  it("spares two sessions one after the other all requests but the first", async () => {
    const few = OBJECTS.slice(0, 3);
    for (let session = 0; session < 2; session++)
      expect((await reportOf(start("read", 60, few))).wrong).toEqual([]);
    const whole = double.asked.filter(({ headers }) => headers.range === undefined);
    expect(whole).toHaveLength(few.length);
  });
});
