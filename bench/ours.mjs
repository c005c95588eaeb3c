/**
 * Measures this client. Reads {"question", "metadata", "thing", "limit", "again"} a line and answers {"ms", "hold", "answer"} a line, `hold` being
 * the longest that the thread was held. Every request opens a session of its own, but for those that ask `again`.
 */
import { createHash } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createInterface } from "node:readline";

const client = new URL("../dist/client.mjs", import.meta.url).href;
/** @type {typeof import("../src/client/index.ts")} */
const { openMetaflow } = await import(client);

/** @typedef {import("../src/client/index.ts").Run | import("../src/client/index.ts").Task} RunOrTask */
/** @typedef {import("../src/client/index.ts").Metaflow} Metaflow */

/** @param {RunOrTask} it */
async function state(it) {
  const [successful, finishedAt] = await Promise.all([it.successful(), it.finishedAt()]);
  return [it.id, it.createdAt.getTime(), successful, finishedAt?.getTime() ?? null];
}

/** What the sidebar asks. @param {RunOrTask} it */
async function status(it) {
  return [it.id, (await it.status()).state];
}

/** @type {Record<string, (mf: Metaflow, name: string, limit: number) => Promise<unknown>>} */
const QUESTIONS = {
  runs: async (mf, name, limit) =>
    Promise.all((await (await mf.flow(name)).page({ limit })).items.map(state)),
  sidebar: async (mf, name, limit) =>
    Promise.all((await (await mf.flow(name)).page({ limit })).items.map(status)),
  runStates: async (mf, name, limit) =>
    Promise.all(
      (await (await mf.flow(name)).page({ limit })).items.map(async (run) => [
        run.id,
        (await run.status()).state === "completed",
      ]),
    ),
  page: async (mf, name, limit) =>
    (await (await mf.flow(name)).page({ limit })).items.map((run) => [run.id, run.createdAt.getTime()]),
  list: async (mf, name) => {
    const listed = [];
    for await (const run of await mf.flow(name)) listed.push([run.id, run.createdAt.getTime()]);
    return listed;
  },
  tasks: async (mf, name) => {
    const tasks = [];
    for await (const task of await mf.step(name)) tasks.push(task);
    return sorted(await Promise.all(tasks.map(state)));
  },
  taskStates: async (mf, name) => {
    const { items } = await (await mf.step(name)).statuses();
    return sorted(
      items.map(({ task, status: { state: how } }) => [task.id, how === "completed", how === "completed"]),
    );
  },
  sizes: async (mf, name) => {
    const task = await mf.task(name);
    const [artifacts, infos] = await Promise.all([task.artifacts(), task.artifactInfos()]);
    return sorted([...artifacts.keys()].map((id) => [id, infos.get(id)?.sizeBytes]));
  },
  log: async (mf, name) => {
    const text = await (await mf.task(name)).stdout();
    return [text.length, createHash("sha1").update(text).digest("hex")];
  },
};

/** By the first column: where Python's order is the file system's, any is right. @template {unknown[]} R @param {R[]} rows */
function sorted(rows) {
  return rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** The session of the last first answer. @type {Metaflow | undefined} */
let session;

/**
 * @param {{ question: string; metadata: string; thing: string; limit: number; again: boolean }} request
 */
async function measure({ question, metadata, thing, limit, again }) {
  const ask = QUESTIONS[question];
  if (ask === undefined) throw new Error(`no question '${question}'`);
  if (!again) await session?.close();
  const holds = monitorEventLoopDelay({ resolution: 1 });
  holds.enable();
  const begun = performance.now();
  if (!again) session = await openMetaflow({ metadata, namespace: null, env: {} });
  const answer = session && (await ask(session, thing, limit));
  const ms = performance.now() - begun;
  holds.disable();
  return { ms, hold: holds.max / 1e6, answer };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await measure(JSON.parse(line))));
}
await session?.close();
