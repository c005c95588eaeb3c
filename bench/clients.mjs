/** The two clients that are measured, each in a process of its own that is asked in lines of JSON. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { metaflowEnv } from "../samples/run.mjs";
import { cacheRoot } from "../tools/cache.mjs";
import { median } from "./words.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A measurement; `hold`: the longest that the thread was held, in milliseconds. @typedef {{ ms: number; hold?: number; answer: unknown }} Measured */
/** Medians. @typedef {{ ms: number; requests: number; hold: number }} Figures */

/**
 * A process that answers a line of JSON with a line of JSON.
 * @param {string} command
 * @param {string} script
 * @param {NodeJS.ProcessEnv} env
 */
function startClient(command, script, env) {
  const child = spawn(command, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @returns {Promise<Measured>} */
    ask: async (/** @type {object} */ request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended without an answer`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

/**
 * Asks both clients in turn, after both have answered once and their answers were compared.
 * @param {import("./rows.mjs").Row} row
 * @param {{ python: string; rounds: number }} options
 * @returns {Promise<{ theirs: Figures; ours: Figures }>}
 */
export async function measure(row, { python, rounds }) {
  const { metadata, thing, requests = async () => 0 } = await row.data();
  const request = { question: row.question, metadata, thing, limit: row.limit ?? 0 };
  const env = {
    ...metaflowEnv(python, "ada"),
    METAFLOW_CLIENT_CACHE_PATH: join(cacheRoot(), "bench", "client"),
  };
  const clients = {
    theirs: startClient(python, join(ROOT, "bench", "theirs.py"), env),
    ours: startClient(process.execPath, join(ROOT, "bench", "ours.mjs"), process.env),
  };
  const questions = { theirs: request, ours: { ...request, question: row.ours ?? row.question } };
  /** @param {"theirs" | "ours"} who @param {boolean} again */
  const askOnce = async (who, again) => {
    await requests();
    const { ms, hold = 0, answer } = await clients[who].ask({ ...questions[who], again });
    return { ms, hold, answer, requests: await requests() };
  };
  /** @param {"theirs" | "ours"} who */
  const ask = async (who) => {
    const first = await askOnce(who, false);
    return row.which === "again" ? askOnce(who, true) : first;
  };
  try {
    const [theirs, ours] = [(await ask("theirs")).answer, (await ask("ours")).answer];
    if (row.isCompared !== false && !isDeepStrictEqual(theirs, ours))
      throw new Error(`the answers differ: ${difference(theirs, ours)}`);
    /** @type {Record<"theirs" | "ours", Awaited<ReturnType<typeof ask>>[]>} */
    const asked = { theirs: [], ours: [] };
    for (let round = 0; round < (row.rounds ?? rounds); round += 1) {
      asked.theirs.push(await ask("theirs"));
      asked.ours.push(await ask("ours"));
    }
    return { theirs: medians(asked.theirs), ours: medians(asked.ours) };
  } finally {
    for (const client of Object.values(clients)) client.end();
  }
}

/** @param {readonly Figures[]} measured @returns {Figures} */
function medians(measured) {
  const of = (/** @type {keyof Figures} */ figure) => median(measured.map((one) => one[figure]));
  return { ms: of("ms"), requests: of("requests"), hold: of("hold") };
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function difference(a, b) {
  const [left, right] = [/** @type {unknown[]} */ (a), /** @type {unknown[]} */ (b)];
  const at = left.findIndex((one, index) => !isDeepStrictEqual(one, right[index]));
  return `${left.length} and ${right.length} entries; at ${at}: ${JSON.stringify(left[at])} and ${JSON.stringify(right[at])}`;
}
