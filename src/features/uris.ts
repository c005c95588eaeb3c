import { areValidComponents } from "../client/pathspec.ts";
import type { LogStream } from "./targets.ts";

/** The scheme under which everything that Metaflow recorded can be opened as a read-only file. */
export const SCHEME = "metaflow";

/** The two streams that Metaflow captures of a task. */
export const LOG_STREAMS = ["stdout", "stderr"] as const satisfies readonly LogStream[];

/** The log of a task: `metaflow:/Flow/run/step/task/stdout.log?attempt=0`. */
export interface LogResource {
  readonly kind: "log";
  /** Pathspec of the task. */
  readonly task: string;
  readonly stream: LogStream;
  /** Without one the current attempt, which may change while the document is open. */
  readonly attempt?: number | undefined;
}

/** An artifact: `metaflow:/Flow/run/step/task/name.artifact?attempt=0`. */
export interface ArtifactResource {
  readonly kind: "artifact";
  /** Pathspec of the artifact, five parts. */
  readonly artifact: string;
  readonly attempt?: number | undefined;
}

/** A file of the code package of a run or task: `metaflow:/Flow/run/~code/flow.py`. */
export interface CodeResource {
  readonly kind: "code";
  /** Pathspec of the run or task that has the package. */
  readonly owner: string;
  /** Path inside the package, with `/`; empty for the package itself. */
  readonly member: string;
}

/** A flow, run, step or task as a folder: `metaflow:/Flow/run`. An empty pathspec is the root. */
export interface ObjectResource {
  readonly kind: "object";
  readonly pathspec: string;
}

/** What a `metaflow:` address can name. */
export type Resource = LogResource | ArtifactResource | CodeResource | ObjectResource;

/** The parts of an address, as `vscode.Uri.from` takes them and every `vscode.Uri` has them. */
export interface UriParts {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

// Step names are Python identifiers, so no step is ever called this.
const CODE = "~code";
const ARTIFACT_SUFFIX = ".artifact";
const LOG_NAME = /^(stdout|stderr)\.log$/;

/** The address of a log. Make it a `vscode.Uri` by `vscode.Uri.from(logUri(…))`. */
export function logUri(task: string, stream: LogStream, attempt?: number): UriParts {
  return uri(`${task}/${stream}.log`, { attempt });
}

/** The address of an artifact, by its pathspec of five parts. */
export function artifactUri(artifact: string, attempt?: number): UriParts {
  return uri(artifact + ARTIFACT_SUFFIX, { attempt });
}

/** The address of a file in the code package of a run or task. */
export function codeUri(owner: string, member: string): UriParts {
  return uri(member === "" ? `${owner}/${CODE}` : `${owner}/${CODE}/${member}`);
}

/** The address of a flow, run, step or task as a folder. */
export function objectUri(pathspec: string): UriParts {
  return uri(pathspec);
}

/** What an address names; `undefined` for what is no address of ours. */
export function parseUri(address: UriParts): Resource | undefined {
  if (address.scheme !== SCHEME) return undefined;
  const parts = address.path.split("/").filter((part) => part !== "");
  if (!areValidComponents(parts)) return undefined;
  const code = parts.indexOf(CODE);
  if (code === 2 || code === 4) {
    return {
      kind: "code",
      owner: parts.slice(0, code).join("/"),
      member: parts.slice(code + 1).join("/"),
    };
  }
  const query = new URLSearchParams(address.query);
  const attempt = number(query.get("attempt"));
  const last = parts.at(-1) ?? "";
  if (parts.length <= 4) return { kind: "object", pathspec: parts.join("/") };
  if (parts.length !== 5) return undefined;
  const task = parts.slice(0, 4).join("/");
  const stream = LOG_NAME.exec(last)?.[1];
  if (stream === "stdout" || stream === "stderr") {
    return { kind: "log", task, stream, attempt };
  }
  if (!last.endsWith(ARTIFACT_SUFFIX) || last === ARTIFACT_SUFFIX) return undefined;
  return { kind: "artifact", artifact: `${task}/${last.slice(0, -ARTIFACT_SUFFIX.length)}`, attempt };
}

/** The Metaflow object that an address is about: the task of a log, the artifact, the run or task of a code file. */
export function pathspecOf(resource: Resource): string {
  switch (resource.kind) {
    case "log":
      return resource.task;
    case "artifact":
      return resource.artifact;
    case "code":
      return resource.owner;
    case "object":
      return resource.pathspec;
  }
}

function uri(path: string, query: Readonly<Record<string, number | undefined>> = {}): UriParts {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${String(value)}`],
  );
  return { scheme: SCHEME, path: `/${path}`, query: given.join("&") };
}

function number(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
