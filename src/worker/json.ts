import { Slices } from "../base/slices.ts";
import type { PyChild, PyNode } from "../pickle/index.ts";
import { ownText } from "../pickle/natural/text.ts";
import type { JsonText } from "../protocol/decoder.ts";
import { familyOf, firstMember } from "./nodes.ts";

/** A value that would fill the clipboard. */
export class TooLarge extends Error {
  readonly code = "too-large";

  constructor(maxCharacters: number) {
    super(
      `The value is too large for the clipboard: its JSON has more than ${(maxCharacters / 1e6).toLocaleString("en")} million characters. Copy a part of it instead`,
    );
    this.name = "TooLarge";
  }
}

/** A value that JSON's writer, which recurses, cannot follow to its end. */
export class TooDeep extends Error {
  readonly code = "too-deep";

  constructor() {
    super("The value is nested too deeply for typed JSON. Copy a part of it, or copy it as JSON, instead");
    this.name = "TooDeep";
  }
}

/** Characters of JSON that are put on the clipboard at most. */
export const MAX_CHARACTERS = 16_000_000;
const PAGE = 1000;
/** Characters that are gathered for a sink. */
const PIECE = 1 << 16;

/** Where writing JSON is given up. */
export interface JsonLimits {
  readonly maxCharacters?: number;
  readonly signal?: AbortSignal | undefined;
  /** Takes the text piece by piece as it is made; the result then has none. */
  readonly sink?: ((text: string) => Promise<void>) | undefined;
}

/** How a container is written: its members in order, its entries, or everything that is known of an object. */
type Style = "array" | "entries" | "object";

interface Frame {
  readonly node: PyNode;
  readonly style: Style;
  readonly indent: string;
  /** The position of the first member, see {@link firstMember}. */
  readonly first: number;
  page: readonly PyChild[];
  /** Position of the page's first child. */
  from: number;
  /** Position of the next child to look at. */
  next: number;
  written: number;
}

/**
 * A value as plain JSON, the way Python's `json.dumps(indent=2)` writes it where it can: tuples as arrays, keys that are numbers, booleans or
 * `None` as text. What JSON has no form for is approximated and counted. No recursion. Throws {@link TooLarge}, and the signal's reason.
 */
export async function toJson(root: PyNode, limits: JsonLimits = {}): Promise<JsonText> {
  const { maxCharacters = MAX_CHARACTERS, signal, sink } = limits;
  const out = new Output(maxCharacters);
  const stack: Frame[] = [];
  const ancestors = new Set<number>();

  const put = async (node: PyNode): Promise<void> => {
    if (node.childCount === 0 || node.type.startsWith("pathlib.")) return writeLeaf(node, out);
    if (ancestors.has(node.id)) {
      out.approximate(JSON.stringify(`<the ${node.type} that it lies in>`));
      return;
    }
    const frame = await frameOf(node, `${stack.at(-1)?.indent ?? ""}  `);
    if (familyOf(node) === "set") out.approximated += 1;
    out.write(frame.style === "array" ? "[" : "{");
    if (frame.style === "object") {
      out.approximate(`\n${frame.indent}"$type": ${JSON.stringify(node.type)}`);
      frame.written = 1;
    }
    stack.push(frame);
    ancestors.add(node.id);
  };

  signal?.throwIfAborted();
  const slices = new Slices({ signal });
  await put(root);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (slices.areDue) await slices.pause();
    if (sink !== undefined && out.held > PIECE) await sink(out.take());
    const child = await nextChild(frame);
    if (child === undefined) {
      stack.pop();
      ancestors.delete(frame.node.id);
      out.write(`\n${frame.indent.slice(2)}${frame.style === "array" ? "]" : "}"}`);
      continue;
    }
    out.write(`${frame.written++ > 0 ? "," : ""}\n${frame.indent}`);
    if (frame.style !== "array") out.write(`${await nameOf(child, frame, out)}: `);
    await put(child.value);
  }
  if (sink !== undefined) await sink(`${out.take()}\n`);
  return { text: out.take(), approximated: out.approximated };
}

async function frameOf(node: PyNode, indent: string): Promise<Frame> {
  const first = await firstMember(node);
  const style = first === node.childCount ? "object" : styleOf(node);
  const from = style === "object" ? 0 : first;
  return { node, style, indent, first, page: [], from, next: from, written: 0 };
}

function styleOf(node: PyNode): Style {
  switch (familyOf(node)) {
    case "sequence":
    case "set":
      return "array";
    case "mapping":
      return "entries";
    default:
      return "object";
  }
}

/** Python's `str()` of a value that is no container: the text itself, all digits of a number, `1.50` of a Decimal. */
export async function plainText(node: PyNode): Promise<string> {
  const value = await node.toValue();
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
      return value.toString();
    case "object":
      return ownText(value) ?? node.preview;
    default:
      return node.preview;
  }
}

/** The next child that is written: of arrays and entries the members alone. */
async function nextChild(frame: Frame): Promise<PyChild | undefined> {
  for (;;) {
    if (frame.next >= frame.from + frame.page.length) {
      if (frame.next >= frame.node.childCount) return undefined;
      frame.from = frame.next;
      frame.page = await frame.node.children({ from: frame.from, to: frame.from + PAGE });
      if (frame.page.length === 0) return undefined;
    }
    const child = frame.page[frame.next++ - frame.from];
    if (frame.style === "object" || typeof child?.key !== "string") return child;
  }
}

/** The name of a child in a JSON object; that of an item inside an object is its index. */
async function nameOf({ key }: PyChild, frame: Frame, out: Output): Promise<string> {
  return key === undefined ? `"${frame.next - 1 - frame.first}"` : keyText(key, out);
}

async function writeLeaf(node: PyNode, out: Output): Promise<void> {
  switch (node.type) {
    case "NoneType":
      out.write("null");
      return;
    case "bool":
      out.write(node.preview === "True" ? "true" : "false");
      return;
    case "int":
      out.write(String(await node.toValue()));
      return;
    case "float":
      writeFloat(await node.toValue(), out);
      return;
    case "str":
      out.write(JSON.stringify(await node.toValue()));
      return;
    case "bytes":
    case "bytearray":
      out.approximate(JSON.stringify(await base64(node, out)));
      return;
    default:
      if (!(await writeElement(node, out))) writeOther(node, await plainText(node), out);
  }
}

/** An element of an array, where JSON has a form for it. */
async function writeElement(node: PyNode, out: Output): Promise<boolean> {
  if (!/^numpy\.(u?int|float|bool|str_)/.test(node.type)) return false;
  const value = await node.toValue();
  if (typeof value === "number" && node.type.startsWith("numpy.float")) writeFloat(value, out);
  else if (typeof value === "number" || typeof value === "bigint") out.write(String(value));
  else if (typeof value === "boolean" || typeof value === "string") out.write(JSON.stringify(value));
  else return false;
  return true;
}

/** What has no children: an empty container, or a value that JSON has no form for. */
function writeOther(node: PyNode, text: string, out: Output): void {
  const family = familyOf(node);
  if (family === "set") out.approximate("[]");
  else if (family === "mapping") out.write("{}");
  // A range has members that are not in the pickle.
  else if (family === "sequence" && node.type !== "range") out.write("[]");
  else out.approximate(JSON.stringify(text));
}

function writeFloat(value: unknown, out: Output): void {
  if (typeof value === "number" && Number.isFinite(value)) {
    // Python keeps a float a float: 1.0, not 1. -0.0 keeps its sign.
    const digits = Object.is(value, -0) ? "-0.0" : String(value);
    out.write(/^-?\d+$/.test(digits) ? `${digits}.0` : digits);
    return;
  }
  // NaN and the infinities: Python writes what no JSON reader takes.
  out.approximate("null");
}

async function base64(node: PyNode, out: Output): Promise<string> {
  const bytes = (await node.bytes({ from: 0, to: out.room })) ?? new Uint8Array();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

async function keyText(key: PyNode | string, out: Output): Promise<string> {
  if (typeof key === "string") return JSON.stringify(key.replace(/^\./, ""));
  switch (key.type) {
    case "str":
      return JSON.stringify(await key.toValue());
    case "NoneType":
      return '"null"';
    case "bool":
      return key.preview === "True" ? '"true"' : '"false"';
    case "int":
      return JSON.stringify(String(await key.toValue()));
    case "float":
      return JSON.stringify(key.preview);
    default:
      out.approximated += 1;
      return JSON.stringify(key.preview);
  }
}

class Output {
  approximated = 0;
  readonly #parts: string[] = [];
  readonly #max: number;
  #length = 0;
  #held = 0;

  constructor(maxCharacters: number) {
    this.#max = maxCharacters;
  }

  /** Characters that may still be written. */
  get room(): number {
    return Math.max(0, this.#max - this.#length) + 1;
  }

  write(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#max) throw new TooLarge(this.#max);
    this.#held += text.length;
    this.#parts.push(text);
  }

  approximate(text: string): void {
    this.approximated += 1;
    this.write(text);
  }

  /** Characters that nobody has taken yet. */
  get held(): number {
    return this.#held;
  }

  /** The text since the last time. */
  take(): string {
    this.#held = 0;
    return this.#parts.splice(0).join("");
  }
}
