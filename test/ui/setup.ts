import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { pack } from "../../tools/pack.mjs";
import { ensurePython } from "../../tools/python.mjs";
import { ensureVscode } from "../../tools/vscode.mjs";
import { ensureChromium } from "../../tools/chromium.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the packed extension. */
    readonly vsix: string;
    /** A Python with Metaflow. */
    readonly python: string;
  }
}

let folder: string | undefined;

/** Packs the extension once for all scenarios. */
export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "metaflow-ui-"));
  const vsix = join(folder, "metaflow.vsix");
  const [python] = await Promise.all([
    ensurePython(),
    ensureVscode("newest"),
    ensureChromium(),
    pack(vsix, { folder: join(folder, "package") }),
  ]);
  project.provide("vsix", vsix);
  project.provide("python", python);
}

/** Removes what was packed. */
export async function teardown(): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
