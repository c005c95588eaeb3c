import type { PickleError, PyChild, PyDocument, PyNode } from "../pickle/index.ts";
import type { DocumentState, Family, Imports, NodeKey, NodeRow, Problem } from "../protocol/nodes.ts";
import { looksOf } from "./looks.ts";

/** Characters of a key that are shown; the preview of a key is bounded, its label is not. */
const MAX_KEY = 120;

/** Characters of a type's name that are shown: a pickle may name a class by a megabyte. */
const MAX_TYPE = 200;

/** Arguments that are looked through for the first member. */
const MAX_ARGUMENTS = 100;

const FAMILY_OF: Readonly<Record<string, Family>> = {
  NoneType: "none",
  bool: "bool",
  int: "number",
  float: "number",
  complex: "number",
  "decimal.Decimal": "number",
  "fractions.Fraction": "number",
  str: "text",
  bytes: "bytes",
  bytearray: "bytes",
  list: "sequence",
  tuple: "sequence",
  range: "sequence",
  "collections.deque": "sequence",
  "array.array": "sequence",
  "numpy.ndarray": "sequence",
  "numpy.ma.MaskedArray": "sequence",
  dict: "mapping",
  "collections.OrderedDict": "mapping",
  "collections.defaultdict": "mapping",
  "collections.Counter": "mapping",
  set: "set",
  frozenset: "set",
  "datetime.datetime": "time",
  "datetime.date": "time",
  "datetime.time": "time",
  "datetime.timedelta": "time",
  global: "name",
  opaque: "unknown",
};

/** Those of types that have many names, or stand in other modules from version to version. */
const FAMILIES: readonly (readonly [types: RegExp, family: Family])[] = [
  [/^numpy\.(u?int|float|complex)\d+$/, "number"],
  [/^numpy\.str_$/, "text"],
  [/^numpy\.bool$/, "bool"],
  [/^numpy\.(bytes_|void)$/, "bytes"],
  [/^(numpy\.(datetime|timedelta)64|pandas\.(Timestamp|Timedelta|Period))$/, "time"],
  [/^torch\.(Tensor|Size|nn\.parameter\.Parameter)$/, "sequence"],
  [/^(pyarrow\.lib\.\w+Array|polars\..*Series)$/, "sequence"],
  [/^((geo)?pandas\.(.*\.)?(Geo)?DataFrame|metaflow\..*\.ConfigValue)$/, "mapping"],
  [/^(geo)?pandas\.(.*\.)?((Geo)?Series|\w*Index)$/, "sequence"],
];

/** A value as a row of the tree. */
export function rowOf(node: PyNode, key?: NodeKey): NodeRow {
  const family = familyOf(node);
  const { id, type, length, shape, childCount, preview } = node;
  const looks = looksOf(node, preview);
  return {
    id,
    type: type.length > MAX_TYPE ? `${type.slice(0, MAX_TYPE)}…` : type,
    family,
    childCount,
    preview,
    more: isCut(node, family),
    ...(key !== undefined && { key }),
    ...(length !== undefined && { length }),
    ...(shape !== undefined && { shape }),
    ...(node.isTabular && { tabular: true }),
    ...(looks.length > 0 && { looks }),
  };
}

/**
 * What a container calls its child at `position`. Members of a set have no name, nor a place that would mean anything.
 * `first`: the position of the first member, see {@link firstMember}.
 */
export function keyOf(parent: PyNode, child: PyChild, position: number, first = 0): NodeKey | undefined {
  if (child.key === undefined) {
    return familyOf(parent) === "set" ? undefined : { kind: "index", text: String(position - first) };
  }
  if (typeof child.key === "string") return { kind: "field", text: child.key.slice(0, MAX_KEY) };
  return { kind: "key", text: child.key.preview };
}

/**
 * The position of a container's first own member. In an object that was made by a call (a deque, a defaultdict) the call's arguments stand before
 * it, so Python's index 0 is not position 0. The number of children where there is no member at all.
 */
export async function firstMember(node: PyNode): Promise<number> {
  if (isPlain(node)) return 0;
  const children = await node.children({ from: 0, to: MAX_ARGUMENTS });
  const found = children.findIndex(({ key }) => typeof key !== "string");
  return found < 0 ? node.childCount : found;
}

/** Whether a node is one of the containers that pickles have opcodes for: all its children are members. */
export function isPlain({ type }: PyNode): boolean {
  return type === "list" || type === "tuple" || type === "dict" || type === "set" || type === "frozenset";
}

/** What colours and icons a value is shown with, by its type's name. */
export function familyOf(node: PyNode): Family {
  if (Object.hasOwn(FAMILY_OF, node.type)) return FAMILY_OF[node.type] ?? "object";
  return FAMILIES.find(([types]) => types.test(node.type))?.[1] ?? "object";
}

/** How a document stands. `place`: where its bytes come from, for what is wrong with them. */
export function stateOf(document: PyDocument, place: string, summary: SummaryOf | undefined): DocumentState {
  const { decoded, total } = document.progress;
  const { problem } = document;
  return {
    root: rowOf(document.root),
    settled: document.settled,
    progress: { decodedBytes: decoded, ...(total !== undefined && { totalBytes: total }) },
    warnings: summary?.warnings ?? [],
    ...(problem !== undefined && { problem: problemOf(problem, place) }),
    ...(summary !== undefined && { protocol: summary.protocol }),
    ...(summary?.imports !== undefined && { imports: summary.imports }),
  };
}

interface SummaryOf {
  readonly protocol: number;
  readonly imports?: Imports;
  readonly warnings: readonly string[];
}

function problemOf({ code, message, offset, cause }: PickleError, place: string): Problem {
  return { code, message, place, offset, ...(cause instanceof Error && { causes: [cause.message] }) };
}

/** Whether text or bytes go on behind their preview. A character takes up to ten columns there (`\U0001f600`), so length alone does not tell. */
function isCut(node: PyNode, family: Family): boolean {
  if (family !== "text" && family !== "bytes") return false;
  return (node.length ?? 0) > node.preview.length || node.preview.includes("…");
}
