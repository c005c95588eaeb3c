import type { FileFacts } from "../../protocol/decoder.ts";

/** What a Python snippet names. */
export interface SnippetParts {
  /** Pathspec of the artifact, five parts. */
  readonly pathspec: string;
  readonly attempt?: number | undefined;
  /** Such as `["k"][3]`; empty for the artifact's value. */
  readonly expression?: string;
  /** Whether the sidebar shows all namespaces: Python then has to, too. */
  readonly anyNamespace?: boolean;
}

/** Python source that reads an artifact, or a part of it, with Metaflow's client. */
export function snippetOf({
  pathspec,
  attempt,
  expression = "",
  anyNamespace = false,
}: SnippetParts): string {
  const parts = pathspec.split("/");
  const name = parts.at(-1) ?? "";
  const task = parts.slice(0, -1).join("/");
  const ofAttempt = attempt === undefined ? "" : `, attempt=${attempt}`;
  const access = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? `.data.${name}` : `[${JSON.stringify(name)}].data`;
  return [
    anyNamespace ? "from metaflow import Task, namespace" : "from metaflow import Task",
    "",
    ...(anyNamespace ? ["namespace(None)"] : []),
    `${variableOf(name)} = Task(${JSON.stringify(task)}${ofAttempt})${access}${expression}`,
    "",
  ].join("\n");
}

/** Python source that reads a file with a pickle or an array, or a part of what is in it. */
export function fileSnippetOf(
  { file, format, objects }: Pick<FileFacts, "file" | "format" | "objects">,
  expression = "",
): string {
  const path = JSON.stringify(file);
  const name = file.split(/[/\\]/).at(-1) ?? "";
  const variable = variableOf(name.replace(/\..*$/, ""));
  if (format === "npy") {
    const allowed = objects === true ? ", allow_pickle=True" : "";
    return ["import numpy as np", "", `${variable} = np.load(${path}${allowed})${expression}`, ""].join("\n");
  }
  const opens = format === "gzip" ? "gzip.open" : "open";
  return [
    ...(opens === "open" ? [] : ["import gzip"]),
    "import pickle",
    "",
    `with ${opens}(${path}, "rb") as file:`,
    `    ${variable} = pickle.load(file)${expression}`,
    "",
  ].join("\n");
}

// A private artifact's name as a variable would not be exported from a notebook cell by some tools.
function variableOf(name: string): string {
  const plain = name.replace(/^_+/, "").replace(/[^\p{L}\p{N}_]/gu, "_");
  return plain === "" || /^\p{N}/u.test(plain) ? "value" : plain;
}
