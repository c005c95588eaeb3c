import * as vscode from "vscode";
import { KINDS } from "../client/pathspec.ts";
import { targetAt } from "./completion.ts";
import { pickTarget } from "./pathspecPicker.ts";
import { withProgress } from "./progress.ts";
import { targetsOf, type Services } from "./services.ts";
import { uniqueTargets, type Target } from "./targets.ts";
import { taskWithin } from "./taskWithin.ts";
import { t } from "./text.ts";
import { parseUri } from "./uris.ts";

/** What a command can work with. */
export interface Wanted {
  /** The picker's title, when it must ask: the command's own title. */
  readonly title: string;
  /** The acceptable kinds. */
  readonly kinds: readonly Target["kind"][];
  /** Whether the document in front goes before the sidebar's selection. */
  readonly documentFirst?: boolean;
}

/**
 * What a command is about: what it was called with, else the sidebar's selection, else the document in front, else what the person picks.
 * What lies below an acceptable object stands for it (a task for its run). What lies above a task stands for the one that people mean
 * (see `taskWithin`); where none stands out, the picker goes on from there.
 * Rejects with vscode.CancellationError when the person went away.
 */
export async function subjectOf(
  services: Services,
  args: readonly unknown[],
  wanted: Wanted,
): Promise<Target> {
  const [first] = await subjectsOf(services, args, wanted);
  if (first === undefined) throw new vscode.CancellationError();
  return first;
}

/** The same for a command that takes several. */
export async function subjectsOf(
  services: Services,
  args: readonly unknown[],
  wanted: Wanted,
): Promise<readonly Target[]> {
  const given = knownTargets(services, args, wanted.documentFirst ?? false);
  const fitting = uniqueTargets(given.flatMap((target) => fit(target, wanted.kinds) ?? []));
  if (fitting.length > 0) return fitting;
  const [above] = given;
  const meant = above && (await meantTask(services, above, wanted.kinds));
  if (meant !== undefined && wanted.kinds.includes("task")) return [meant];
  const picked = await pickTarget(services, { ...wanted, start: (meant ?? above)?.pathspec });
  if (picked === undefined) throw new vscode.CancellationError();
  return [picked];
}

/** What the document in front is about, where it is one of ours. */
export function activeTarget(): Target | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom
      ? input.uri
      : input instanceof vscode.TabInputTextDiff
        ? input.original
        : undefined;
  return uri === undefined ? undefined : targetOfUri(uri);
}

/** The Metaflow object or log that an address of ours names. */
export function targetOfUri(uri: vscode.Uri): Target | undefined {
  const resource = parseUri(uri);
  switch (resource?.kind) {
    case "log":
      return {
        kind: "log",
        pathspec: resource.task,
        stream: resource.stream,
        ...attemptOf(resource),
      };
    case "artifact":
      return { kind: "artifact", pathspec: resource.artifact, ...attemptOf(resource) };
    case "code":
      return targetAt(resource.owner);
    case "object":
      return targetAt(resource.pathspec);
    case undefined:
      return undefined;
  }
}

function knownTargets(
  services: Services,
  args: readonly unknown[],
  documentFirst: boolean,
): readonly Target[] {
  const [first] = args;
  // Editor menus pass the document's address.
  const given = first instanceof vscode.Uri ? [targetOfUri(first)] : targetsOf(args);
  const called = given.filter((target) => target !== undefined);
  if (called.length > 0) return called;
  const active = activeTarget();
  const open = active === undefined ? [] : [active];
  const selected = services.sidebar.selection;
  return [documentFirst ? open : selected, selected, open].find((targets) => targets.length > 0) ?? [];
}

/** The task that a run or step stands for, where a task or its log is wanted. */
async function meantTask(
  services: Services,
  target: Target,
  kinds: readonly Target["kind"][],
): Promise<Target | undefined> {
  if (!kinds.includes("task") && !kinds.includes("log")) return undefined;
  if (target.kind !== "run" && target.kind !== "step") return undefined;
  const task = await withProgress(t("Looking for a task in {0}", target.pathspec), async (io) =>
    taskWithin(await services.session.get(), target, io),
  );
  return task && { kind: "task", pathspec: task.pathspec };
}

/** The target itself or the nearest acceptable object above it. */
function fit(target: Target, kinds: readonly Target["kind"][]): Target | undefined {
  if (kinds.includes(target.kind)) return target;
  const parts = target.pathspec.split("/");
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const kind = KINDS[depth - 1];
    if (kind === undefined || !kinds.includes(kind)) continue;
    const keepsAttempt = kind === "task" && "attempt" in target && target.attempt !== undefined;
    return {
      kind,
      pathspec: parts.slice(0, depth).join("/"),
      ...(keepsAttempt ? { attempt: target.attempt } : {}),
    };
  }
  return undefined;
}

function attemptOf(resource: { readonly attempt?: number | undefined }): { attempt?: number } {
  return resource.attempt === undefined ? {} : { attempt: resource.attempt };
}
