import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { mapLimited } from "../../base/async.ts";
import { namesIfPresent, readIfPresent } from "../../base/files.ts";

const FRESH_MS = 1000;
const PS_MS = 5000;

/** A task process of this machine, by the ids in its arguments. */
interface TaskProcess {
  readonly runId: string;
  readonly taskId: string;
}

let scan: { readonly at: number; readonly tasks: Promise<readonly TaskProcess[] | undefined> } | undefined;

/**
 * The tasks of a run that have a process on this machine; `undefined` where processes cannot be listed.
 * The arguments of task processes carry `--run-id` and `--task-id`: the only sign of life that a local run gives.
 */
export async function liveTasksOf(runId: string): Promise<ReadonlySet<string> | undefined> {
  const now = Date.now();
  // One look a second serves every run that is asked about.
  if (scan === undefined || now - scan.at > FRESH_MS) scan = { at: now, tasks: taskProcesses() };
  const tasks = await scan.tasks;
  if (tasks === undefined) return undefined;
  return new Set(tasks.filter((task) => task.runId === runId).map((task) => task.taskId));
}

async function taskProcesses(): Promise<readonly TaskProcess[] | undefined> {
  try {
    const commands = process.platform === "linux" ? await linuxCommands() : await psCommands();
    return commands?.flatMap((args) => taskOf(args) ?? []);
  } catch {
    return undefined; // Not knowing is an answer here: a status then says so.
  }
}

async function linuxCommands(): Promise<string[][] | undefined> {
  const names = await namesIfPresent("/proc");
  const pids = names?.filter((name) => /^\d+$/.test(name));
  if (pids === undefined) return undefined;
  return mapLimited(pids, 32, async (pid) => {
    // A process may end, or belong to somebody else, between the listing and the look.
    const bytes = await readIfPresent(`/proc/${pid}/cmdline`).catch(() => undefined);
    return bytes === undefined ? [] : bytes.toString("utf8").split("\0");
  });
}

async function psCommands(): Promise<string[][] | undefined> {
  if (process.platform === "win32") return undefined;
  const { stdout } = await promisify(execFile)("ps", ["-axww", "-o", "command="], {
    maxBuffer: 1 << 26,
    timeout: PS_MS,
  });
  return stdout.split("\n").map((line) => line.split(" "));
}

function taskOf(args: readonly string[]): TaskProcess | undefined {
  const runId = valueOf(args, "--run-id");
  const taskId = valueOf(args, "--task-id");
  return runId === undefined || taskId === undefined ? undefined : { runId, taskId };
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}
