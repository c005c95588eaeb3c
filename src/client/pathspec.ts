import { MetaflowInvalidPathspec } from "./errors.ts";

/** The five kinds of objects, from the outside in. A pathspec of n parts names an object of the n-th kind. */
export const KINDS = ["flow", "run", "step", "task", "artifact"] as const;
/** One of the five kinds. */
export type Kind = (typeof KINDS)[number];

/** The parts of a pathspec: `[flow, run, step, task, artifact]`, as many as its kind has. */
export type PathComponents = readonly string[];

const CLASS_OF_KIND = {
  flow: "Flow",
  run: "Run",
  step: "Step",
  task: "Task",
  artifact: "DataArtifact",
} as const satisfies Record<Kind, string>;

// Python's wording, from the constructor of each class.
const EXPECTED = {
  flow: "Expects Flow('FlowName')",
  run: "Expects Run('FlowName/RunID')",
  step: "Expects Step('FlowName/RunID/StepName')",
  task: "Expects Task('FlowName/RunID/StepName/TaskID')",
  artifact: "Expects DataArtifact('FlowName/RunID/StepName/TaskID/ArtifactName')",
} as const satisfies Record<Kind, string>;

/** The Python class name of a kind: `artifact` is `DataArtifact`. */
export function classNameOf(kind: Kind): string {
  return CLASS_OF_KIND[kind];
}

/**
 * Splits a pathspec into its components and checks their number and form.
 * Throws MetaflowInvalidPathspec; empty parts, `.`, `..`, `*` and what a file name cannot hold are refused, because parts become file names.
 */
export function parsePathspec(pathspec: string, kind: Kind): PathComponents {
  const parts = split(pathspec);
  if (parts.length !== KINDS.indexOf(kind) + 1) {
    throw new MetaflowInvalidPathspec(EXPECTED[kind], { pathspec });
  }
  for (const [index, part] of parts.entries()) checkComponent(part, KINDS[index], pathspec);
  return parts;
}

/** The kind of object that a pathspec names, told by its number of parts; `undefined` when none has so many. */
export function kindOf(pathspec: string): Kind | undefined {
  return KINDS[split(pathspec).length - 1];
}

/** Callers without types may give anything. */
function split(pathspec: unknown): string[] {
  if (typeof pathspec === "string") return pathspec.split("/");
  throw new MetaflowInvalidPathspec(
    `A pathspec is text such as 'FlowName/RunID', not of type ${typeof pathspec}`,
  );
}

/** Whether text can be one part of a pathspec (and so a file name below the datastore's root). */
export function isValidComponent(part: unknown): part is string {
  return (
    typeof part === "string" &&
    part !== "" &&
    part !== "." &&
    part !== ".." &&
    !/[*/\\\u0000-\u001f]/.test(part)
  );
}

/** Whether text can be the name of an artifact, of which Python's `setattr` makes any, where a file can be named so, too. */
export function isValidArtifactName(name: unknown): name is string {
  if (typeof name !== "string" || process.platform === "win32") return isValidComponent(name);
  return isValidComponent(name.replaceAll(/[\\\u0001-\u001f]/g, "_"));
}

/** Whether texts can be the first parts of a pathspec, each the name of what stands there. */
export function areValidComponents(parts: readonly string[]): boolean {
  return parts.every((part, index) => isNameOf(KINDS[index], part));
}

function isNameOf(kind: Kind | undefined, part: string): boolean {
  return kind === "artifact" ? isValidArtifactName(part) : isValidComponent(part);
}

function checkComponent(part: string, kind: Kind | undefined, pathspec: string): void {
  if (isNameOf(kind, part)) return;
  const what = part === "" ? "an empty part" : `the part '${part}', which no Metaflow object is named`;
  throw new MetaflowInvalidPathspec(`'${pathspec}' is not a pathspec: it has ${what}`, { pathspec });
}

/** The order of ids that count up: `2` before `10`. */
export function compareIds(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
