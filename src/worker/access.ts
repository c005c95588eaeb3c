import type { PyChild, PyNode } from "../pickle/index.ts";
import type { NodePath } from "../protocol/nodes.ts";
import { familyOf, firstMember } from "./nodes.ts";

/** Where a path leads: the value, and how Python gets there from the root. */
export interface Found {
  readonly node: PyNode;
  /** Such as `["k"][3].name`; empty for the root. */
  readonly expression: string;
  /** `false` where Python has no expression for the last part of the way: a member of a set, an argument of a constructor. */
  readonly exact: boolean;
}

/** Follows a path of positions from the root; `undefined` when it leads nowhere. */
export async function follow(root: PyNode, path: NodePath): Promise<Found | undefined> {
  let node = root;
  let expression = "";
  let exact = true;
  for (const position of path) {
    const [child] = await node.children({ from: position, to: position + 1 });
    if (child === undefined) return undefined;
    const part: string | undefined = exact ? await partOf(node, child, position) : undefined;
    if (part === undefined) exact = false;
    else expression += part;
    node = child.value;
  }
  return { node, expression, exact };
}

async function partOf(parent: PyNode, { key }: PyChild, position: number): Promise<string | undefined> {
  if (key === undefined) {
    return familyOf(parent) === "set" ? undefined : `[${position - (await firstMember(parent))}]`;
  }
  if (typeof key === "string") return /^\.[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? key : undefined;
  const literal = await literalOf(key);
  return literal === undefined ? undefined : `[${literal}]`;
}

/** A dict's key as Python source; `undefined` where its preview is not the whole of it. */
async function literalOf(key: PyNode): Promise<string | undefined> {
  // Python finds the key of an equal number, whatever its type.
  if (/^(int|numpy\.u?int\d+)$/.test(key.type)) return String(await key.toValue());
  switch (key.type) {
    case "str":
      // JSON's escapes are Python's, but for lone surrogates, which JSON.stringify writes as \udXXX: Python reads that too.
      return JSON.stringify(await key.toValue());
    case "bool":
    case "NoneType":
    case "float":
      return key.preview;
    case "bytes":
    case "tuple":
      return key.preview.includes("…") ? undefined : key.preview;
    default:
      return undefined;
  }
}
