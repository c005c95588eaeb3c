import { join } from "node:path";
import { namesIfPresent, statIfPresent } from "../../base/files.ts";
import type { PathComponents } from "../pathspec.ts";
import type { Change, Watch } from "./provider.ts";
import { isTemporary } from "./swapFile.ts";

const LOOK_MS = 1000;
/** What changed this long before the watch began may have been missed by who read it before. */
const BEFORE_MS = 15_000;
/** A finished task's folder is looked at this long after its last change: its log arrives shortly after it ended. */
const FINISHED_QUIET_MS = 30_000;

/**
 * Tells of changes below a run, step or task: one cheap look a second at the time stamps of the folders that can still change, compared
 * with those of the last look.
 */
export function lookAtRun(root: string, path: PathComponents, listener: (change: Change) => void): Watch {
  const stamps = new Map<string, number>();
  const quiet = new Set<string>();
  const begun = Date.now();
  let disposed = false;
  let timer: NodeJS.Timeout | undefined;
  // Asked by a function: it may have become so during a look, and a listener may make it so.
  const isDisposed = (): boolean => disposed;

  /** The stamp of a folder; a changed one is collected. */
  const stampOf = async (
    folder: PathComponents,
    changed: PathComponents[],
    told: PathComponents,
  ): Promise<void> => {
    const key = folder.join("/");
    const stamp = (await statIfPresent(join(root, key)).catch(() => undefined))?.mtimeMs ?? 0;
    if (stamps.has(key) && stamps.get(key) !== stamp) changed.push(told);
    stamps.set(key, stamp);
  };
  const lookAtTask = async (task: PathComponents, changed: PathComponents[]): Promise<void> => {
    const key = task.join("/");
    if (quiet.has(key)) return;
    await stampOf(task, changed, task);
    await stampOf([...task, "_meta"], changed, task);
    const last = Math.max(stamps.get(key) ?? 0, stamps.get(`${key}/_meta`) ?? 0);
    if (Date.now() - last > FINISHED_QUIET_MS && (await isDone(root, task))) quiet.add(key);
  };
  const lookAtStep = async (step: PathComponents, changed: PathComponents[]): Promise<void> => {
    await stampOf(step, changed, step);
    const tasks = await childFolders(root, step);
    await Promise.all(tasks.map(async (task) => lookAtTask([...step, task], changed)));
  };
  const lookBelow = async (changed: PathComponents[]): Promise<void> => {
    if (path.length === 4) return lookAtTask(path, changed);
    if (path.length === 3) return lookAtStep(path, changed);
    await stampOf(path, changed, path);
    await stampOf([...path, "_meta"], changed, path);
    const steps = await childFolders(root, path);
    await Promise.all(steps.map(async (step) => lookAtStep([...path, step], changed)));
  };
  const look = async (first: boolean): Promise<void> => {
    const changed: PathComponents[] = [];
    await lookBelow(changed).catch(() => undefined);
    if (isDisposed()) return;
    if (first && [...stamps.values()].some((stamp) => stamp > begun - BEFORE_MS)) changed.push(path);
    for (const each of new Set(changed.map((one) => one.join("/")))) {
      listener({ path: each.split("/") });
      if (isDisposed()) return;
    }
    timer = setTimeout(() => void look(false), LOOK_MS);
  };
  void look(true);
  return {
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
}

async function childFolders(root: string, path: PathComponents): Promise<string[]> {
  const names = await namesIfPresent(join(root, ...path)).catch(() => undefined);
  return (names ?? []).filter((name) => !name.startsWith(".") && name !== "_meta" && !isTemporary(name));
}

async function isDone(root: string, task: PathComponents): Promise<boolean> {
  const names = await namesIfPresent(join(root, ...task, "_meta")).catch(() => undefined);
  return names?.some((name) => name.startsWith("sysmeta_attempt-done_")) ?? false;
}
