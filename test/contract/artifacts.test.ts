import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { Decoder } from "../../src/features/artifacts/decoder.ts";
import type { OpenDocument, OpenOptions } from "../../src/features/artifacts/decoder.ts";
import { fixtureStore } from "../fixtures/store.mjs";

/** Python's class names as Metaflow recorded them, of values that a pickle stores as something else. */
const STORED_AS: Readonly<Record<string, string>> = {
  builtin_function_or_method: "global",
  type: "global",
};

describe("the decoding thread on artifacts that Metaflow wrote", () => {
  let temporary = "";
  let client: Metaflow;
  let decoder: Decoder;
  let catalog = "";

  beforeAll(async () => {
    const { project, runs } = await fixtureStore();
    temporary = await mkdtemp(join(tmpdir(), "metaflow-decoder-"));
    const [flow = ""] = (catalog = runs["catalog"] ?? "").split("/");
    // A copy, because a test changes a record.
    await cp(join(project, ".metaflow", flow), join(temporary, ".metaflow", flow), { recursive: true });
    const script = join(temporary, "worker.cjs");
    await build({
      entryPoints: [join(import.meta.dirname, "../../src/worker/index.ts")],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: script,
      logLevel: "error",
    });
    client = await openMetaflow({ metadata: `local@${temporary}`, namespace: null });
    decoder = new Decoder({ script });
  });
  afterAll(async () => {
    decoder.dispose();
    await client.close();
    await rm(temporary, { recursive: true, force: true });
  });

  async function open(pathspec: string, options: OpenOptions = {}): Promise<OpenDocument> {
    const listener = { onChanged: () => undefined, onLost: () => undefined };
    return decoder.open({ metadata: client.metadata, pathspec }, listener, options);
  }

  it("tells what is missing and where, when the bytes are gone", async () => {
    const pathspec = `${catalog}/containers/2/pair`;
    const { sha } = await client.artifact(pathspec);
    const record = join(temporary, ".metaflow", catalog, "containers", "2", "_meta", "0_artifact_pair.json");
    const recorded = await readFile(record, "utf8");
    const gone = "0".repeat(sha.length);
    await writeFile(record, recorded.replaceAll(sha, gone));
    const failure: unknown = await open(pathspec).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      code: "data-missing",
      message: expect.stringContaining(pathspec) as string,
      place: expect.stringMatching(
        new RegExp(`^local@/.*/${catalog.split("/")[0] ?? ""}/data/00/${gone}$`),
      ) as string,
    });
    await expect(open(`${catalog}/containers/2/table`)).resolves.toBeDefined();
    await writeFile(record, recorded);
    await expect(open(pathspec, { fresh: true })).resolves.toBeDefined();
  });

  it("opens every one, with the type, the size and the SHA that Metaflow recorded", async () => {
    let count = 0;
    for (const step of ["start", "containers", "objects"]) {
      const task = await (await client.step(`${catalog}/${step}`)).task();
      const infos = await task?.artifactInfos();
      for (const [name, artifact] of (await task?.artifacts()) ?? []) {
        const document = await open(artifact.pathspec);
        const { facts, state } = document.opened;
        document.close();
        expect(state.problem, name).toBeUndefined();
        expect(state.settled, name).toBe(true);
        expect([facts.sha, facts.sizeBytes], name).toEqual([artifact.sha, await artifact.size()]);
        const [, kind, recorded = ""] = /^<(class|enum) '(.*)'>$/.exec(infos?.get(name)?.type ?? "") ?? [];
        // Python names an Enum's class without its module.
        const { type } = state.root;
        expect(kind === "enum" ? type.split(".").at(-1) : type, name).toBe(STORED_AS[recorded] ?? recorded);
        count++;
      }
    }
    expect(count).toBeGreaterThan(50);
  });

  it("gives the members of a value by pages", async () => {
    const document = await open(`${catalog}/containers/2/numbers`);
    const { root } = document.opened.state;
    expect(root).toMatchObject({ type: "list", length: 1200, childCount: 1200 });
    const page = await document.request("children", { node: root.id, from: 1100, to: 1200 });
    expect(page.rows).toHaveLength(100);
    expect(page.rows.at(-1)).toMatchObject({ key: { kind: "index", text: "1199" }, preview: "1199" });
    document.close();
    await expect(document.request("children", { node: root.id, from: 0, to: 1 })).rejects.toThrow(
      "not open any more",
    );
  });

  it("tells that there is no such artifact", async () => {
    await expect(open(`${catalog}/containers/2/nothing_of_this_name`)).rejects.toMatchObject({
      code: "not-found",
    });
  });
});
