import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { Decoder } from "../../src/features/artifacts/decoder.ts";
import type { OpenDocument, OpenOptions } from "../../src/features/artifacts/decoder.ts";
import { serviceStore } from "../fixtures/serviceStore.mjs";
import { fixtureStore } from "../fixtures/store.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";

/** Python's class names as Metaflow recorded them, of values that a pickle stores as something else. */
const STORED_AS: Readonly<Record<string, string>> = {
  builtin_function_or_method: "global",
  type: "global",
};

const SILENT = { onChanged: () => undefined, onLost: () => undefined };

/** Builds the thread's program. */
async function buildWorker(outfile: string): Promise<string> {
  const worker = join(import.meta.dirname, "../../src/worker/index.ts");
  const options = { bundle: true, platform: "node", format: "cjs", logLevel: "error" } as const;
  await build({ ...options, entryPoints: [worker], outfile });
  return outfile;
}

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
    const script = await buildWorker(join(temporary, "worker.cjs"));
    client = await openMetaflow({ metadata: `local@${temporary}`, namespace: null });
    decoder = new Decoder({ script });
  });
  afterAll(async () => {
    decoder.dispose();
    await client.close();
    await rm(temporary, { recursive: true, force: true });
  });

  async function open(pathspec: string, options: OpenOptions = {}): Promise<OpenDocument> {
    const session = { cwd: temporary, project: true, metadata: client.metadata };
    return decoder.open({ session, pathspec }, SILENT, options);
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
        expect(facts, name).toMatchObject({ sha: artifact.sha, sizeBytes: await artifact.size() });
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

describe("the decoding thread on artifacts of a metadata service that wants a key", () => {
  const KEY = "s3cr3t-key";
  let temporary = "";
  let service: MetadataService;
  let decoder: Decoder;
  let pathspec = "";
  let sha = "";

  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "metaflow-decoder-"));
    const store = await serviceStore((line: string) => {
      console.log(line);
    });
    service = new MetadataService({ apiKey: KEY, rows: Rows.parse(store.rows) });
    await service.start();
    decoder = new Decoder({ script: await buildWorker(join(temporary, "worker.cjs")) });
    const credentials = { serviceKey: async () => Promise.resolve(KEY) };
    const client = await openMetaflow({ metadata: `service@${service.url}`, namespace: null, credentials });
    const run = await (await client.flow("TrainFlow")).latestRun();
    const artifact = (await run?.get("start"))?.task();
    const [first] = (await (await artifact)?.artifacts())?.values() ?? [];
    if (first === undefined) throw new Error("no artifact");
    ({ pathspec, sha } = first);
    await client.close();
  }, 600_000);
  afterAll(async () => {
    decoder.dispose();
    await service.stop();
    await rm(temporary, { recursive: true, force: true });
  });

  it("opens the session as the window did, by a profile, with the window's key", async () => {
    const home = join(temporary, "home");
    await mkdir(home);
    const profile = { METAFLOW_DEFAULT_METADATA: "service", METAFLOW_SERVICE_URL: service.url };
    await writeFile(join(home, "config_prod.json"), JSON.stringify(profile));
    vi.stubEnv("METAFLOW_HOME", home);
    try {
      const session = { cwd: temporary, project: true, profile: "prod" };
      const key = { url: service.url, key: KEY };
      const { opened } = await decoder.open({ session, key, pathspec }, SILENT);
      expect(opened.facts).toMatchObject({ pathspec, sha, metadata: `service@${service.url}` });
      expect(opened.state.problem).toBeUndefined();
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("tells that the service refuses, and opens it once it has the right key", async () => {
    const session = { cwd: temporary, project: true, metadata: `service@${service.url}` };
    const open = async (key: string): Promise<OpenDocument> =>
      decoder.open({ session, key: { url: service.url, key }, pathspec }, SILENT);
    await expect(open("wrong")).rejects.toMatchObject({ causes: [expect.stringContaining("403")] });
    expect((await open(KEY)).opened.facts).toMatchObject({ sha });
  });

  it("sends no service the key of another", async () => {
    const session = { cwd: temporary, project: true, metadata: `service@${service.url}` };
    const key = { url: "http://127.0.0.1:9", key: KEY };
    await expect(decoder.open({ session, key, pathspec }, SILENT)).rejects.toMatchObject({
      causes: [expect.stringContaining("403")],
    });
  });
});
