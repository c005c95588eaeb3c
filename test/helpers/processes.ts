import { readdir, readFile } from "node:fs/promises";
import { until } from "../../samples/run.mjs";

/**
 * Waits until every process of a group is dead: a signal takes its time on a busy machine. One that nobody has reaped is dead. Needs `/proc`.
 * @param leader the group's id
 */
export async function groupEnded(leader: number): Promise<void> {
  await until(async () => !(await isAlive(leader)), `the processes of group ${leader} to end`);
}

async function isAlive(group: number): Promise<boolean> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const alive = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      // "pid (name) state parent group …", where the name may hold anything.
      const [state = "", , own] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(own) === group && !/[ZX]/.test(state);
    }),
  );
  return alive.includes(true);
}
