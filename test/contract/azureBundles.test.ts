/** Azure's part of what is built: files of their own that lead to each other, from which a thread begins with the library for credentials in it. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundles } from "../../tools/build/bundles.mjs";
import { buildModules, buildSplit } from "../../tools/build/split.mjs";
import { mustRun } from "../../tools/process.mjs";
import { Azurite, CONTAINER } from "../servers/azurite.mjs";

/** What is run in a plain Node: prints the text of an object. */
const READ = `
const config = { env: process.env, cwd: "/", get: (name) => process.env["METAFLOW_" + name] };
const store = await openAzure(process.argv[1], config);
console.log(Buffer.from(await store.get("key")).toString());
store.close();
`;

describe("what is built reads Azure Blob Storage", () => {
  const azurite = new Azurite();
  let outdir: string;

  beforeAll(async () => {
    outdir = await mkdtemp(join(tmpdir(), "metaflow-bundles-"));
    await azurite.start();
    await azurite.put("root/key", Buffer.from("a text"));
  });
  afterAll(async () => {
    await azurite.stop();
    await rm(outdir, { recursive: true });
  });

  async function readBy(script: string): Promise<string> {
    const args = ["--input-type=module", "-e", script + READ, `${CONTAINER}/root`];
    return (await mustRun(process.execPath, args, { env: azurite.env, timeoutMs: 60_000 })).output.trim();
  }
  const optionsOf = (name: string): Parameters<typeof buildSplit>[0] => {
    const plan = bundles({ outdir, minify: true }).find((one) => one.name === name);
    if (plan === undefined) throw new Error(`nothing is called ${name}`);
    return plan.options;
  };

  it("in the extension", async () => {
    await buildSplit(optionsOf("host"));
    const chunks = (await readdir(join(outdir, "chunks"))).filter((name) => name.startsWith("open-"));
    const paths = chunks.map((name) => join(outdir, "chunks", name));
    const script = `
      import { createRequire } from "node:module";
      const found = ${JSON.stringify(paths)}.map(createRequire(import.meta.url)).find((chunk) => "openAzure" in chunk);
      const { openAzure } = found;`;
    expect(await readBy(script)).toBe("a text");
  });

  it("in the library, whose entry loads none of it", async () => {
    const { outputs } = await buildModules(optionsOf("library"));
    const entry = Object.values(outputs).find(({ entryPoint }) => entryPoint === "src/client/index.ts");
    const files = await readdir(outdir);
    expect(files).toContain("client.mjs");
    for (const { path, kind } of entry?.imports ?? [])
      if (kind === "import-statement")
        expect(Object.keys(outputs[path]?.inputs ?? {}).join()).not.toMatch(/azure|fast-xml-parser/);
    const paths = files.filter((name) => name.startsWith("client-open-")).map((name) => join(outdir, name));
    const script = `
      const parts = await Promise.all(${JSON.stringify(paths)}.map((path) => import(path)));
      const { openAzure } = parts.find((part) => "openAzure" in part);`;
    expect(await readBy(script)).toBe("a text");
  });

  it("without what an earlier build left", async () => {
    const { outputs } = await buildModules(optionsOf("library"));
    const first = (await readdir(outdir)).filter((name) => name.startsWith("client-"));
    await buildModules({ ...optionsOf("library"), minify: false });
    const second = (await readdir(outdir)).filter((name) => name.startsWith("client-"));
    expect(first).toHaveLength(Object.keys(outputs).length - 1);
    expect(second.filter((name) => first.includes(name))).toEqual([]);
  });
});
