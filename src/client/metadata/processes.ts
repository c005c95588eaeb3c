import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { mapLimited } from "../../base/async.ts";
import { isRefused, namesIfPresent, readIfPresent } from "../../base/files.ts";

const FRESH_MS = 1000;
const PS_MS = 5000;
const PARALLEL_LOOKS = 32;

/** A process of this machine. */
interface Process {
  readonly pid: number;
  readonly args: readonly string[];
}

/** A task's process, by the ids in its arguments. */
interface TaskProcess {
  readonly pid: number;
  readonly runId: string;
  readonly taskId: string;
}

let scan: { readonly at: number; readonly tasks: Promise<readonly TaskProcess[] | undefined> } | undefined;

/**
 * The tasks of a run that have a process on this machine; `undefined` where processes cannot be listed.
 * The arguments of task processes carry `--run-id` and `--task-id`: the only sign of life that a local run gives.
 * @param sinceMs when the run last wrote anything: the task that did may have begun after an earlier look
 */
export async function liveTasksOf(runId: string, sinceMs: number): Promise<ReadonlySet<string> | undefined> {
  const now = Date.now();
  // One look a second serves every run that is asked about and has written nothing since; a time to come is another machine's.
  const needed = sinceMs > now ? now - FRESH_MS : Math.max(sinceMs, now - FRESH_MS);
  if (scan === undefined || scan.at < needed) scan = { at: now, tasks: taskProcesses() };
  const tasks = await scan.tasks;
  if (tasks === undefined) return undefined;
  const own = tasks.filter((task) => task.runId === runId);
  // A process may have ended since: a task that was killed is not said to run because it did a moment ago.
  const alive = await mapLimited(own, PARALLEL_LOOKS, async ({ pid }) => isAlive(pid));
  return new Set(own.filter((_, index) => alive[index] === true).map(({ taskId }) => taskId));
}

async function isAlive(pid: number): Promise<boolean> {
  if (process.platform === "linux") return (await linuxArgs(pid)).length > 0;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isRefused(error);
  }
}

async function taskProcesses(): Promise<readonly TaskProcess[] | undefined> {
  try {
    const processes = process.platform === "linux" ? await linuxProcesses() : await psProcesses();
    return processes?.flatMap((each) => taskOf(each) ?? []);
  } catch {
    return undefined; // Not knowing is an answer here: a status then says so.
  }
}

async function linuxProcesses(): Promise<Process[] | undefined> {
  const names = await namesIfPresent("/proc");
  const pids = names?.filter((name) => /^\d+$/.test(name)).map(Number);
  return pids && mapLimited(pids, PARALLEL_LOOKS, async (pid) => ({ pid, args: await linuxArgs(pid) }));
}

/** The arguments of a process; none of one that has ended, also while nobody has waited for it. */
async function linuxArgs(pid: number): Promise<readonly string[]> {
  // A process may end, or belong to somebody else, between the listing and the look.
  const bytes = await readIfPresent(`/proc/${pid}/cmdline`).catch(() => undefined);
  return bytes === undefined || bytes.length === 0 ? [] : bytes.toString("utf8").split("\0");
}

async function psProcesses(): Promise<Process[] | undefined> {
  if (process.platform === "win32") return undefined;
  const { stdout } = await promisify(execFile)("ps", ["-axww", "-o", "pid=,command="], {
    maxBuffer: 1 << 26,
    timeout: PS_MS,
  });
  return stdout.split("\n").map((line) => {
    const [pid = "", ...args] = line.trimStart().split(" ");
    return { pid: Number(pid), args };
  });
}

function taskOf({ pid, args }: Process): TaskProcess | undefined {
  const runId = valueOf(args, "--run-id");
  const taskId = valueOf(args, "--task-id");
  return runId === undefined || taskId === undefined ? undefined : { pid, runId, taskId };
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}
