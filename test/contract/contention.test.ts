/** Eight processes change the tags of one run at the same time, half of them by Metaflow's Python client: what each left is there in the end. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metaflowEnv } from "../../samples/run.mjs";
import { ensurePython } from "../../tools/python.mjs";
import { openMetaflow } from "../../src/client/index.ts";
import { copyOfFixtures } from "../helpers/copy.ts";
import { MetadataService } from "../servers/metadataService.mjs";

const OF_EACH = 4;
const TAGS = 200;

/** What a process tells when it is done: the tags that it left, how often its own were not those, how often it had to begin an edit anew. */
interface Told {
  readonly left: readonly string[];
  readonly lost: number;
  readonly refused: number;
}

describe("eight processes that each add and remove 200 tags of one run", () => {
  let folder: string;
  let python: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-contention-"));
    python = await ensurePython();
    await build({
      entryPoints: [join(import.meta.dirname, "../helpers/tagger.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
      outfile: join(folder, "tagger.mjs"),
      logLevel: "error",
    });
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts all, has them begin together, and gives what they tell. @param batch how many tags an edit takes away and adds */
  async function contend(
    metadata: string,
    pathspec: string,
    batch: number,
    lock: string,
  ): Promise<{ readonly pythons: readonly Told[]; readonly ours: readonly Told[] }> {
    const args = (name: string): string[] => [
      metadata,
      pathspec,
      name,
      String(TAGS / batch),
      String(batch),
      lock,
    ];
    const each = Array.from({ length: OF_EACH }, (_, index) => index);
    const script = join(import.meta.dirname, "tagger.py");
    const pythons = each.map((index) => start(python, [script, ...args(`python${index}`)]));
    const ours = each.map((index) =>
      start(process.execPath, [join(folder, "tagger.mjs"), ...args(`ours${index}`)]),
    );
    await Promise.all([...pythons, ...ours].map(async ({ ready }) => ready));
    for (const { begin } of [...pythons, ...ours]) begin();
    return {
      pythons: await Promise.all(pythons.map(async ({ told }) => told)),
      ours: await Promise.all(ours.map(async ({ told }) => told)),
    };
  }

  function start(
    command: string,
    args: readonly string[],
  ): { ready: Promise<void>; begin: () => void; told: Promise<Told> } {
    const child = spawn(command, args, { cwd: folder, env: metaflowEnv(python, "ada"), stdio: "pipe" });
    children.push(child);
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const line = async (): Promise<string> => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${args.join(" ")} ended:\n${errors}`);
      return value;
    };
    const ready = line().then(() => undefined);
    const told = ready.then(line).then((text) => JSON.parse(text) as Told);
    return { ready, begin: () => child.stdin.write("begin\n"), told };
  }

  const sum = (told: readonly Told[], of: (one: Told) => number): number =>
    told.reduce((total, one) => total + of(one), 0);

  it("lose no change through a metadata service", async () => {
    const service = new MetadataService();
    service.rows.addFlow("F", {});
    service.rows.addRun("F", { user_name: "ada", tags: ["kept"], system_tags: ["user:ada"] });
    const metadata = `service@${await service.start()}`;
    const begun = performance.now();
    const { pythons, ours } = await contend(metadata, "F/1", 5, "-");
    const all = [...pythons, ...ours];
    console.log(
      `through a service: ${Math.round(performance.now() - begun)} ms, lost ${sum(all, ({ lost }) => lost)}`,
    );
    expect(sum(all, ({ lost }) => lost)).toBe(0);
    const metaflow = await openMetaflow({ metadata, namespace: null, env: {} });
    const tags = [...(await metaflow.run("F/1")).userTags].sort();
    expect(tags).toEqual(["kept", ...all.flatMap(({ left }) => left)].sort());
    await metaflow.close();
    await service.stop();
  }, 120_000);

  it("lose no change of this client locally, and none of Python's by it", async () => {
    const store = await copyOfFixtures(["TrainFlow"]);
    const metaflow = await openMetaflow({ cwd: store.project, namespace: null });
    const pathspec = (await (await metaflow.flow("TrainFlow")).latestRun())?.pathspec ?? "";
    const before = [...(await metaflow.run(pathspec)).userTags];
    const begun = performance.now();
    const { pythons, ours } = await contend(`local@${store.project}`, pathspec, 2, join(folder, "lock"));
    console.log(
      `locally: ${Math.round(performance.now() - begun)} ms, lost ${sum(ours, ({ lost }) => lost)} of ours and ` +
        `${sum(pythons, ({ lost }) => lost)} of Python's, ${sum(pythons, ({ refused }) => refused)} of Python's begun anew`,
    );
    expect(sum(ours, ({ lost }) => lost)).toBe(0);
    expect(sum(pythons, ({ lost }) => lost)).toBe(0);
    const tags = [...(await metaflow.run(pathspec)).userTags].sort();
    expect(tags).toEqual([...before, ...[...pythons, ...ours].flatMap(({ left }) => left)].sort());
    await metaflow.close();
    await store.dispose();
  }, 120_000);
});
