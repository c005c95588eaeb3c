/** Code packages against Metaflow's own reader: the package that it makes, and the layout of older versions. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPackage } from "../../src/client/package/codepackage.ts";
import { FLOWS, metaflowEnv } from "../../samples/run.mjs";
import { ensurePython } from "../../tools/python.mjs";

interface Told {
  readonly path: string;
  readonly metadata: string | null;
  readonly info: Record<string, unknown>;
  readonly flowspec: string;
  readonly members: readonly (readonly [name: string, size: number])[];
  readonly extracted: Readonly<Record<string, string>>;
}

const SCRIPT = join(import.meta.dirname, "package.py");
const sha1 = (bytes: Uint8Array | undefined): string =>
  createHash("sha1")
    .update(bytes ?? "")
    .digest("hex");

let folder: string;
let packages: Told[];

beforeAll(async () => {
  const python = await ensurePython();
  folder = await mkdtemp(join(tmpdir(), "metaflow-package-"));
  const flow = (await readdir(FLOWS)).find((name) => name.endsWith("_flow.py")) ?? "";
  const env = { ...metaflowEnv(python, "ada"), PYTHONPATH: FLOWS };
  const args = [SCRIPT, join(FLOWS, flow), folder];
  const { stdout } = await promisify(execFile)(python, args, { cwd: folder, env, maxBuffer: 1 << 26 });
  packages = JSON.parse(stdout) as Told[];
}, 300_000);

afterAll(async () => rm(folder, { recursive: true, force: true }));

describe.each([
  ["that Metaflow makes", 0],
  ["of the layout before 2.15.21", 1],
])("a code package %s", (_name, index) => {
  it("is read as Metaflow reads it", async () => {
    const told = packages[index]!;
    const code = openPackage(await readFile(told.path), told.metadata ?? undefined);
    expect(await code.info()).toEqual(told.info);
    expect(await code.scriptName()).toBe(told.info["script"]);
    expect(sha1(await code.flowspec())).toBe(told.flowspec);
    const members = await code.members();
    expect(members.map(({ name, size }) => [name, size])).toEqual(told.members);
  });

  it("is extracted as Metaflow extracts it", async () => {
    const told = packages[index]!;
    const target = join(folder, `extracted-${index}`);
    await openPackage(await readFile(told.path), told.metadata ?? undefined).extract(target);
    const files = (await readdir(target, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    const paths = files.map((each) => join(each.parentPath, each.name));
    const written = await Promise.all(
      paths.map(async (path) => [relative(target, path), sha1(await readFile(path))] as const),
    );
    expect(Object.fromEntries(written)).toEqual(told.extracted);
  });
});
