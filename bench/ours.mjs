/**
 * Measures this client. Reads {"question", "project", "thing", "limit"} a line and answers {"ms": [first, again], "answer"} a line. Every
 * request opens a session of its own.
 */
import { createHash } from "node:crypto";
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
  list: async (mf, name) => {
    const listed = [];
    for await (const run of await mf.flow(name)) listed.push([run.id, run.createdAt.getTime()]);
    return listed;
  },
  tasks: async (mf, name) => {
    const tasks = [];
    for await (const task of await mf.step(name)) tasks.push(task);
    return Promise.all(tasks.map(state));
  },
  log: async (mf, name) => (await mf.task(name)).stdout(),
};

/**
 * @param {{ question: string; project: string; thing: string; limit: number }} request
 */
async function measure({ question, project, thing, limit }) {
  const ask = QUESTIONS[question];
  if (ask === undefined) throw new Error(`no question '${question}'`);
  const begun = performance.now();
  const mf = await openMetaflow({ metadata: `local@${project}`, namespace: null, env: {}, cwd: project });
  const answer = await ask(mf, thing, limit);
  const first = performance.now() - begun;
  const second = performance.now();
  await ask(mf, thing, limit);
  const again = performance.now() - second;
  await mf.close();
  return { ms: [first, again], answer: comparable(question, answer) };
}

/**
 * @param {string} question
 * @param {unknown} answer
 */
function comparable(question, answer) {
  if (typeof answer === "string") return [answer.length, createHash("sha1").update(answer).digest("hex")];
  if (question !== "tasks") return answer;
  return /** @type {string[][]} */ (answer).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await measure(JSON.parse(line))));
}
