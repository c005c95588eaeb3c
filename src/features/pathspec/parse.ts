import { isValidComponent } from "../../client/pathspec.ts";
import type { LogStream } from "../targets.ts";
import { parseUri, pathspecOf } from "../uris.ts";

/** What a text names: an object, perhaps one attempt of it, perhaps one of its logs. */
export interface Reference {
  /** One to five parts. */
  readonly pathspec: string;
  readonly attempt?: number | undefined;
  readonly stream?: LogStream | undefined;
}

const CLASSES: Readonly<Record<string, number>> = { Flow: 1, Run: 2, Step: 3, Task: 4, DataArtifact: 5 };
const CALL =
  /^(?:metaflow\.)?(Flow|Run|Step|Task|DataArtifact)\(\s*[rfbu]?(['"])([^'"]*)\2\s*(?:,\s*([^)]*))?\)(.*)$/s;
const SUBSCRIPT = /^\[\s*(['"])([^'"]*)\1\s*\](.*)$/s;
// `2026-11-23 17:02:13.123 [1795422677711326/start/1 (pid 4711)] Task is starting.`, as the scheduler prints it
const PRINTED = /\[(\d+\/[A-Za-z_]\w*\/[^\s/\]]+) \(pid \d+\)\]/;
const ATTEMPT = /\battempt\s*=\s*(\d+)/;

/**
 * Reads what people paste: `F/1/s/2`, `Task('F/1/s/2', attempt=0)`, `Run("F/1")["train"]`, `Task('F/1/s/2').data.loss`,
 * `metaflow:/F/1/s/2/stdout.log?attempt=0`, and the scheduler's own `[1/s/2 (pid 4711)]`, which leaves out the flow: see `lacksFlow`.
 * `undefined` for anything else.
 */
export function parseReference(text: string): Reference | undefined {
  const trimmed = text.trim();
  if (/^metaflow:/i.test(trimmed)) return fromAddress(trimmed);
  const call = CALL.exec(trimmed);
  if (call) return fromCall(call);
  const printed = PRINTED.exec(trimmed)?.[1];
  if (printed !== undefined) return checked(printed, {});
  const plain = /^(['"`]?)(.*)\1$/s.exec(trimmed)?.[2] ?? trimmed;
  return checked(plain.replace(/^\/+|\/+$/g, ""), {});
}

/** Whether a pathspec begins with a run's id instead of a flow: a flow's name is a Python identifier. */
export function lacksFlow(pathspec: string): boolean {
  return /^\d/.test(pathspec);
}

function fromCall(call: RegExpExecArray): Reference | undefined {
  const [, className = "", , path = "", options = "", rest = ""] = call;
  const parts = path.split("/");
  if (parts.length !== CLASSES[className]) return undefined;
  let tail = rest;
  for (let subscript = SUBSCRIPT.exec(tail); subscript; subscript = SUBSCRIPT.exec(tail)) {
    parts.push(subscript[2] ?? "");
    tail = subscript[3] ?? "";
  }
  const attempt = ATTEMPT.exec(options)?.[1];
  const found = { attempt: attempt === undefined ? undefined : Number(attempt) };
  const member = /^\.(?:data|artifacts)\.([A-Za-z_]\w*)/.exec(tail)?.[1];
  if (parts.length === 4 && member !== undefined) return checked([...parts, member].join("/"), found);
  const stream = /^\.(stdout|stderr)\b/.exec(tail)?.[1];
  if (parts.length === 4 && (stream === "stdout" || stream === "stderr")) {
    return checked(parts.join("/"), { ...found, stream });
  }
  return checked(parts.join("/"), found);
}

function fromAddress(text: string): Reference | undefined {
  const [path = "", query = ""] = text.slice(text.indexOf(":") + 1).split(/[?#]/, 2);
  const resource = parseUri({ scheme: "metaflow", path: decoded(path), query: decoded(query) });
  if (!resource) return undefined;
  const attempt = "attempt" in resource ? resource.attempt : undefined;
  return checked(pathspecOf(resource), {
    attempt,
    ...(resource.kind === "log" ? { stream: resource.stream } : {}),
  });
}

function checked(pathspec: string, extra: Omit<Reference, "pathspec">): Reference | undefined {
  const parts = pathspec.split("/");
  if (parts.length > 5 || !parts.every((part) => isValidComponent(part) && !/[\s'"()[\]]/.test(part)))
    return undefined;
  return { pathspec, ...extra };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
