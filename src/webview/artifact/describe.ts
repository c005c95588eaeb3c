import type { ArtifactWord } from "../../protocol/artifactWords.ts";
import type { Family, NodePath, NodeRow, Problem } from "../../protocol/nodes.ts";
import { formatCount } from "../kit/format.ts";
import { rowAt } from "./tree/model.ts";
import type { Tree } from "./tree/model.ts";
import { say, sayCount } from "./say.ts";

/** VS Code's icon for a family of values. */
export const ICON_OF: Readonly<Record<Family, string>> = {
  none: "circle-slash",
  bool: "symbol-boolean",
  number: "symbol-numeric",
  text: "symbol-string",
  bytes: "file-binary",
  time: "calendar",
  sequence: "symbol-array",
  mapping: "json",
  set: "symbol-enum",
  object: "symbol-class",
  name: "symbol-namespace",
  unknown: "question",
};

/** How long a value is, in the unit of its type, or of several axes how long along each; empty where the type has no length. */
export function lengthOf(row: NodeRow): string {
  if (row.shape !== undefined && row.shape.length !== 1) {
    return row.shape.map((length) => formatCount(length)).join(" × ");
  }
  if (row.length === undefined) return "";
  switch (row.family) {
    case "text":
      return sayCount("character", "characters", row.length);
    case "bytes":
      return sayCount("byte", "bytes", row.length);
    case "mapping":
      return sayCount("entry", "entries", row.length);
    default:
      return sayCount("item", "items", row.length);
  }
}

/** A place in the value as people write it: `["epochs"][3].loss`; the root has words. */
export function placeOf(tree: Tree, path: NodePath): string {
  if (path.length === 0) return say("theValue");
  // A deep place is named by its end: the beginning is on the screen above it.
  const shown = Math.max(0, path.length - 6);
  const parts = path.slice(shown).map((position, index) => {
    const key = rowAt(tree, path.slice(0, shown + index + 1))?.key;
    if (key === undefined) return `{${position}}`;
    return key.kind === "field" ? key.text : `[${key.text}]`;
  });
  return (shown > 0 ? "…" : "") + parts.join("");
}

/** What a person can do about a problem. */
export function adviceFor(problem: Problem): string {
  return say(ADVICE[problem.code] ?? "adviceUnknown");
}

const ADVICE: Readonly<Record<string, ArtifactWord>> = {
  "data-missing": "adviceMissing",
  "not-found": "adviceNotFound",
  "access-denied": "adviceDenied",
  "data-elsewhere": "adviceElsewhere",
  "credentials-missing": "adviceCredentials",
  forbidden: "adviceForbidden",
  unreachable: "adviceUnreachable",
  encoding: "adviceEncoding",
  protocol: "adviceEncoding",
  limit: "adviceLimit",
  lost: "adviceLost",
  "other-datastore": "adviceOtherDatastore",
  closed: "adviceLost",
  ...Object.fromEntries(
    [
      "checksum",
      "empty",
      "gzip",
      "length",
      "mark",
      "memo",
      "opcode",
      "truncated",
      "type",
      "underflow",
      "value",
    ].map((code) => [code, "adviceDamaged"] as const),
  ),
};
