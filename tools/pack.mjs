/**
 * Packs the extension. What goes in is decided by `.vscodeignore`; the bundles are built minified into a folder of their own, so packing
 * disturbs nobody who is building.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../esbuild.mjs";

export const ROOT = join(import.meta.dirname, "..");

/** What lies beside the bundles: the manifest and what it names. */
const STATIC = [
  "package.json",
  "package.nls.json",
  "l10n",
  "media",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  ".vscodeignore",
];

/**
 * Lays out the extension as VS Code loads it.
 * @param {string} target emptied first
 * @param {{ minify: boolean }} options
 * @returns {Promise<import("./build/sizes.mjs").Bundle[]>}
 */
export async function stage(target, { minify }) {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const name of STATIC) {
    if (existsSync(join(ROOT, name))) await cp(join(ROOT, name), join(target, name), { recursive: true });
  }
  return build({ outdir: join(target, "dist"), minify, part: "extension" });
}

/**
 * Builds and packs.
 * @param {string} vsix where the packed extension goes
 * @param {{ minify?: boolean; folder?: string }} [options] `folder`: where it is laid out
 */
export async function pack(vsix, { minify = true, folder = join(ROOT, "out/package") } = {}) {
  const bundles = await stage(folder, { minify });
  const { createVSIX } = await import("@vscode/vsce");
  await rm(vsix, { force: true });
  const before = console.log;
  // It prints the whole list of files on success; our own report is shorter.
  console.log = () => undefined;
  try {
    await createVSIX({ cwd: folder, packagePath: vsix, dependencies: false });
  } finally {
    console.log = before;
  }
  return bundles;
}

/** The manifest. @returns {Promise<{ name: string; publisher: string; version: string }>} */
export async function manifest() {
  return /** @type {{ name: string; publisher: string; version: string; }} */ (
    JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"))
  );
}
