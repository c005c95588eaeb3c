/** The library as npm packs it, in a project that has nothing else, and the examples of its guide. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as library from "../../src/client/index.ts";
import { unpackSamples } from "../../tools/samples.mjs";
import { Consumer } from "../helpers/consumer.ts";
import { examplesOf } from "../helpers/snippets.ts";

const ROOT = join(import.meta.dirname, "../..");
const GUIDE = await readFile(join(ROOT, "docs/library.md"), "utf8");
const README = await readFile(join(ROOT, "README.md"), "utf8");
const EXAMPLES = [...examplesOf(GUIDE), ...examplesOf(README)].map((example, index) => ({
  ...example,
  module: `example${index}`,
}));
/** Nothing of the machine's own configuration. */
const ENV = { METAFLOW_USER: "ada", METAFLOW_PROFILE: "", METAFLOW_HOME: "/nonexistent" };

const PROGRAM = `
import { MetaflowNotFound, openMetaflow, type Run, type RunStatus } from "vscode-metaflow/client";

const metaflow = await openMetaflow({ namespace: null });
const run: Run | undefined = await (await metaflow.flow("TrainFlow")).latestSuccessfulRun();
const status: RunStatus | undefined = await run?.status();
const accuracy = await (await run?.data())?.get("accuracy");
const missing: unknown = await metaflow.run("TrainFlow/1").catch((error: unknown) => error);
await metaflow.close();
console.log(JSON.stringify([status?.state, typeof accuracy, missing instanceof MetaflowNotFound]));
`;

let consumer: Consumer;
let scripts: string;

beforeAll(async () => {
  consumer = await Consumer.make();
  await unpackSamples(consumer.folder);
}, 600_000);
afterAll(async () => consumer.remove());

describe("the package for npm", () => {
  it("holds the library and nothing else", () => {
    const chunks = /^dist\/client-[\w-]+\.mjs$/;
    expect(consumer.packed.filter((file) => !chunks.test(file))).toEqual([
      "LICENSE",
      "README.md",
      "dist/ThirdPartyNotices.txt",
      "dist/client.d.ts",
      "dist/client.mjs",
      "package.json",
    ]);
  });

  it("brings no other package along and runs nothing when it is installed", async () => {
    const installed = join(consumer.folder, "node_modules/vscode-metaflow/package.json");
    const manifest = JSON.parse(await readFile(installed, "utf8")) as Record<string, unknown>;
    for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "bin"])
      expect(manifest[field], field).toBeUndefined();
    const scripts = Object.keys(manifest["scripts"] as object);
    expect(scripts.filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  it("has declarations that import nothing", async () => {
    const types = await readFile(
      join(consumer.folder, "node_modules/vscode-metaflow/dist/client.d.ts"),
      "utf8",
    );
    expect(types.match(/^import .*$|\bimport\(.*/gm)).toBeNull();
  });

  for (const resolution of ["node16", "bundler"] as const) {
    it(`is found with its types by a strict project that resolves as ${resolution} does, and answers`, async () => {
      const folder = await consumer.compile(resolution, { program: PROGRAM });
      const printed = await consumer.run(join(folder, "program.js"), ENV);
      expect(JSON.parse(printed)).toEqual(["completed", "number", true]);
    });
  }
});

describe("the guide, with the README", () => {
  beforeAll(async () => {
    const modules = Object.fromEntries(EXAMPLES.map(({ module, source }) => [module, source]));
    scripts = await consumer.compile("node16", modules);
  }, 300_000);

  for (const { heading, module, runs } of EXAMPLES) {
    if (!runs) continue;
    it(`has an example under "${heading}" that runs`, async () => {
      expect(await consumer.run(join(scripts, `${module}.js`), ENV)).not.toBe("");
    });
  }

  it("links to headings and files that are there", () => {
    const slugs = [...GUIDE.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...GUIDE.matchAll(/\]\(#([^)]*)\)/g)].map(([, slug = ""]) => slug);
    expect(links.filter((slug) => !slugs.includes(slug))).toEqual([]);
  });

  it("tells of every error that the library throws, and its code", () => {
    const told = new Map(
      [...GUIDE.matchAll(/^\| `(\w+)` +\| (`[^|]*)\|/gm)].map(([, name, codes]) => [name, codes]),
    );
    for (const [name, thrown] of Object.entries(library)) {
      if (!isErrorClass(thrown)) continue;
      const { code } = Reflect.construct(thrown, ["", "service-error"]) as library.MetaflowError;
      expect(told.get(name), name).toContain(`\`${code}\``);
    }
  });
});

function isErrorClass(value: unknown): value is typeof library.MetaflowError {
  if (typeof value !== "function") return false;
  return value === library.MetaflowError || value.prototype instanceof library.MetaflowError;
}
