/** The functions of the session against Python's: which metadata and which namespace they choose, one call after the other. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { collect } from "../../src/base/async.ts";
import * as client from "../../src/client/index.ts";
import { openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { ensurePython } from "../../tools/python.mjs";

const SCRIPT = join(import.meta.dirname, "session.py");

type Call = readonly [name: string, ...args: (string | null)[]];
type Environment = Readonly<Record<string, string>>;

const CALLS: Record<string, (metaflow: Metaflow, arg: string | null) => unknown> = {
  flows: async (metaflow) => (await collect(metaflow)).map(({ id }) => id),
  metadata: async (metaflow, ms) => metaflow.setMetadata(ms ?? ""),
  get_metadata: (metaflow) => metaflow.metadata,
  default_metadata: async (metaflow) => metaflow.resetMetadata(),
  namespace: (metaflow, namespace) => {
    metaflow.setNamespace(namespace);
    return metaflow.namespace;
  },
  get_namespace: (metaflow) => metaflow.namespace,
};

let python: string;
let root: string;

beforeAll(async () => {
  python = await ensurePython({});
  root = await realpath(await mkdtemp(join(tmpdir(), "metaflow-session-")));
  for (const folder of ["work/.metaflow", "work/.metaflow_spin", "other/.metaflow", "bare", "home"])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, "home/config_dev.json"), JSON.stringify({ METAFLOW_USER: "dev" }));
});
afterAll(async () => rm(root, { recursive: true }));

async function both(cwd: string, env: Environment, calls: readonly Call[]): Promise<[unknown, unknown]> {
  const folder = join(root, cwd);
  const own = { HOME: root, ...env };
  const metaflow = await openMetaflow({ cwd: folder, env: own });
  const answers = await answersTo(calls, async (name, arg) => Promise.resolve(CALLS[name]?.(metaflow, arg)));
  return [answers, await askPython(folder, own, calls)];
}

async function askPython(cwd: string, env: Environment, calls: readonly Call[]): Promise<unknown> {
  const path = [dirname(python), process.env["PATH"] ?? ""].join(":");
  const asking = await promisify(execFile)(python, [SCRIPT, JSON.stringify(calls)], {
    cwd,
    env: { ...env, PATH: path },
  });
  return JSON.parse(asking.stdout.trim().split("\n").at(-1) ?? "");
}

async function answersTo(
  calls: readonly Call[],
  call: (name: string, arg: string | null) => Promise<unknown>,
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const [name, arg = null] of calls) {
    try {
      answers.push({ answer: await call(name, arg) });
    } catch (error) {
      answers.push({ error: (error as Error).message });
    }
  }
  return answers;
}

describe("the session's metadata", () => {
  const get: Call = ["get_metadata"];
  const reset: Call = ["default_metadata"];

  it.each<[string, string, Environment, (folder: string) => Call[]]>([
    [
      "may be chosen by their kind alone",
      "work",
      {},
      () => [["metadata", "spin"], get, ["metadata", "local"], get],
    ],
    [
      "are at the configured place where only a kind is named",
      "bare",
      {},
      () => [["metadata", "local@"], get, ["metadata", ""], get],
    ],
    [
      "of a kind stay at the place that was chosen last",
      "work",
      {},
      (folder) => [["metadata", `${folder}/other`], ["metadata", "spin"], ["metadata", "local"], get],
    ],
    [
      "are at the place chosen last, too, after a return to the configured kind",
      "work",
      {},
      (folder) => [["metadata", `local@${folder}/other`], reset, ["metadata", "spin"], reset, get],
    ],
    [
      "stay where they were when a place is wrong",
      "work",
      {},
      () => [["metadata", "local@/nowhere"], get, ["metadata", "."], get, ["metadata", "nowhere"], get],
    ],
  ])("%s", async (_name, cwd, env, calls) => {
    const [here, told] = await both(cwd, env, calls(root));
    expect(here).toEqual(told);
  });

  it.each(["", ".", "../other", "../other//", "./../other/"])(
    "tell the sysroot '%s' as it was given",
    async (sysroot) => {
      const [here, told] = await both("work", { METAFLOW_DATASTORE_SYSROOT_LOCAL: sysroot }, [get, reset]);
      expect(here).toEqual(told);
    },
  );
});

describe("the session's namespace", () => {
  it("needs a user only where there is something to be in it", async () => {
    const [here, told] = await both("bare", { USER: "root" }, [["flows"], ["get_namespace"]]);
    expect(here).toEqual(told);
  });

  it("is of the user whom a profile names, in a home that is told from the working directory", async () => {
    const env = { METAFLOW_HOME: "../home", METAFLOW_PROFILE: "dev" };
    const [here, told] = await both("work", env, [["get_namespace"], ["namespace", null], ["get_namespace"]]);
    expect(here).toEqual(told);
  });
});

describe("the functions of the default session", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const functions: Record<string, (arg: string | null) => Promise<unknown>> = {
    metadata: async (ms) => client.metadata(ms ?? ""),
    get_metadata: async () => client.getMetadata(),
    default_metadata: async () => client.defaultMetadata(),
    namespace: async (namespace) => client.namespace(namespace),
    get_namespace: async () => client.getNamespace(),
    default_namespace: async () => client.defaultNamespace(),
  };

  // The session is opened once for the whole process, so that this is one test.
  it("are those of Python, by the environment and the working directory of the process", async () => {
    const env = {
      HOME: root,
      METAFLOW_HOME: join(root, "home"),
      METAFLOW_USER: "ada",
      METAFLOW_DATASTORE_SYSROOT_LOCAL: join(root, "work"),
    };
    for (const name of Object.keys(process.env).filter((each) => each.startsWith("METAFLOW_")))
      vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const calls: Call[] = [
      ["get_metadata"],
      ["get_namespace"],
      ["namespace", null],
      ["get_namespace"],
      ["namespace", "user:lin"],
      ["default_namespace"],
      ["get_namespace"],
      ["metadata", "nowhere"],
      ["metadata", `local@${root}/other`],
      ["get_metadata"],
      ["metadata", `spin@${root}/work`],
      ["get_metadata"],
      ["default_metadata"],
      ["get_namespace"],
    ];
    const here = await answersTo(calls, async (name, arg) => functions[name]?.(arg));
    expect(here).toEqual(await askPython(process.cwd(), env, calls));
    await (await client.defaultSession()).close();
  });
});
