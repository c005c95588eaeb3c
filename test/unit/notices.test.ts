import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "../../esbuild.mjs";
import { bundledPackages } from "../../tools/build/notices.mjs";

const ROOT = join(import.meta.dirname, "../..");

describe("the notices beside the bundles", () => {
  let folder: string;
  let packages: string[];
  let text: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-notices-"));
    const built = await build({ outdir: folder });
    packages = bundledPackages(built.map(({ metafile }) => metafile));
    text = await readFile(join(folder, "ThirdPartyNotices.txt"), "utf8");
  }, 60_000);
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  it("name every package that is in one, with its version and licence", async () => {
    const names = packages.map((path) => path.split("node_modules/").at(-1));
    expect(names).toEqual(expect.arrayContaining(["tar", "preact", "@azure/identity", "@vscode/codicons"]));
    for (const path of packages) {
      const manifest = JSON.parse(await readFile(join(ROOT, path, "package.json"), "utf8")) as {
        readonly name: string;
        readonly version: string;
        readonly license: string;
      };
      expect(text).toContain(`\n${manifest.name} ${manifest.version} (${manifest.license})\n`);
    }
  });

  it("hold the licences' own texts, also where a README has them", async () => {
    expect(text).toContain(
      await readFile(join(ROOT, "node_modules/p-limit/license"), "utf8").then((own) => own.trim()),
    );
    expect(text).toMatch(/data-uri-to-buffer [^-]*Permission is hereby granted/);
  });

  it("do not name what only the tools need", () => {
    expect(packages.filter((path) => /esbuild|vitest|typescript$/.test(path))).toEqual([]);
  });
});
