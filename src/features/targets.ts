import type { LogStream } from "../client/index.ts";
import { areValidComponents, KINDS, kindOf, type Kind } from "../client/pathspec.ts";

export type { LogStream };

/** What a command is about: one of Metaflow's five kinds of objects. */
export interface ObjectTarget {
  readonly kind: Kind;
  readonly pathspec: string;
  /** Only of tasks and artifacts; `undefined` is the latest. */
  readonly attempt?: number | undefined;
}

/** A log of a task; `pathspec` is the task's. */
export interface LogTarget {
  readonly kind: "log";
  readonly pathspec: string;
  readonly stream: LogStream;
  readonly attempt?: number | undefined;
}

export type Target = ObjectTarget | LogTarget;

/**
 * The targets that a command was called with. VS Code passes the clicked row and, for a selection of several, all selected
 * rows; a click outside the selection means the clicked row alone. Pathspecs as text and targets themselves are taken too, for
 * key bindings and other features. Nothing known: an empty list, and the command asks.
 */
export function targetsOf(args: readonly unknown[]): readonly Target[] {
  const [clicked, selected] = args;
  const first = targetOf(clicked);
  if (Array.isArray(selected) && (clicked === undefined || selected.includes(clicked))) {
    const all = selected.map(targetOf).filter((target) => target !== undefined);
    if (all.length > 0) return uniqueTargets(all);
  }
  return first === undefined ? [] : [first];
}

/** The target that a command's argument stands for. */
export function targetOf(value: unknown): Target | undefined {
  if (typeof value === "string") return targetOfPathspec(value);
  if (typeof value !== "object" || value === null) return undefined;
  if ("target" in value) return targetOf(value.target);
  return isTarget(value) ? value : undefined;
}

/** The object that a pathspec names; `undefined` when it cannot be one. */
export function targetOfPathspec(pathspec: string): ObjectTarget | undefined {
  const kind = kindOf(pathspec);
  if (kind === undefined || !areValidComponents(pathspec.split("/"))) return undefined;
  return { kind, pathspec };
}

/** The pathspec of the object above, `undefined` for a flow. */
export function parentPathspec(pathspec: string): string | undefined {
  const cut = pathspec.lastIndexOf("/");
  return cut < 0 ? undefined : pathspec.slice(0, cut);
}

/** Each target once; attempts and streams of one task are several. */
export function uniqueTargets(targets: readonly Target[]): readonly Target[] {
  const seen = new Map<string, Target>();
  for (const target of targets) {
    const stream = target.kind === "log" ? target.stream : "";
    seen.set(`${target.kind}:${target.pathspec}#${stream}#${target.attempt ?? ""}`, target);
  }
  return [...seen.values()];
}

function isTarget(value: object): value is Target {
  return (
    "kind" in value &&
    "pathspec" in value &&
    typeof value.pathspec === "string" &&
    (value.kind === "log" || KINDS.some((kind) => kind === value.kind))
  );
}
