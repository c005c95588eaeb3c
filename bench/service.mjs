/** Metadata services for the benchmarks: rows that real Metaflow wrote, multiplied, behind the double of the tests, in a process of its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROCESS = fileURLToPath(new URL("serviceProcess.mjs", import.meta.url));

/**
 * @typedef {object} BenchService
 * @property {{ paged: string; unpaged: string }} urls addresses of two services with the same rows: the newest, and the last that has no pages
 * @property {string} step pathspec of the step with many tasks
 * @property {string} task pathspec of the task with many artifacts
 * @property {() => Promise<number>} requests how many there were since the last time
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ rows: string; runs: number; tasks: number }} what a file of rows, and how many runs and tasks to make of them
 * @returns {Promise<BenchService>}
 */
export async function startBenchService(what) {
  const child = fork(PROCESS, [JSON.stringify(what)]);
  const ended = once(child, "exit");
  const answer = async () => {
    const message = once(child, "message").then(([first]) => first);
    const failure = ended.then(([code]) => {
      throw new Error(`the metadata services ended with code ${code}`);
    });
    return Promise.race([message, failure]);
  };
  const { urls, step, task } = await answer();
  return {
    urls,
    step,
    task,
    requests: async () => {
      const counted = answer();
      child.send("requests");
      return (await counted).requests;
    },
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
