import type { PyNode, Table } from "../pickle/index.ts";
import type { Look } from "../protocol/nodes.ts";
import { decodeUtf8, endOfCharacter } from "../pickle/text.ts";
import { imageType } from "./imageFile.ts";
import { isPicture } from "./image.ts";
import { areShades, imageLayout } from "./layout.ts";

/** Bytes of a text that tell what it is. */
const LOOKED_AT = 512;

/** The ways in which a value can be looked at beside the tree, by a glance at it. @param preview of the node */
export function looksOf(node: PyNode, preview: string): readonly Look[] {
  switch (node.type) {
    case "str":
      return textLooks(node.beginning(LOOKED_AT) ?? new Uint8Array());
    case "bytes":
    case "bytearray":
      return imageType(node.beginning(LOOKED_AT) ?? new Uint8Array()) === undefined ? [] : ["image"];
    case "list":
    case "tuple":
    case "dict":
      // Of records and lists the first members tell enough: a table of them would be read to know more.
      return node.childCount > 1 && SEEN_NUMBER.test(preview) && (node.isTabular || IS_FLAT.test(preview))
        ? ["plot"]
        : [];
    default:
      return isPicture(node) ? ["image"] : node.isTabular ? tableLooks(node) : [];
  }
}

/** A number in a preview, as a member or behind a key. */
const SEEN_NUMBER = /(?:^[[(]|[:,([] ?)(?:-?\d|nan\b|inf\b)/;
/** A list that begins with a number, or with none. */
const IS_FLAT = /^[[(](?:-?\d|nan\b|-?inf\b|None\b)/;

function tableLooks(node: PyNode): readonly Look[] {
  const table = node.table();
  if (table === undefined || table.rowCount === 0 || table.columnCount === 0) return [];
  const { shape, rowCount, columnCount } = table;
  const looks: Look[] = [];
  if (shape !== undefined && shape.length > 1) {
    const { numbers, dtype } = table.column(0);
    if (areShades(dtype, shape.length) && imageLayout(shape) !== undefined) looks.push("image");
    if (numbers !== undefined && rowCount > 1 && columnCount > 1) looks.push("heatmap");
  }
  if (rowCount > 1 && hasNumbers(table)) looks.push("plot");
  return looks;
}

/** Columns that are looked at for one of numbers. */
const FEW = 20;

function hasNumbers(table: Table): boolean {
  return Array.from({ length: Math.min(FEW, table.columnCount) }, (_, at) => at).some(
    (at) => table.column(at).family === "number",
  );
}

/** What a text is, by how it begins. */
function textLooks(bytes: Uint8Array): readonly Look[] {
  const text = decodeUtf8(bytes.subarray(0, bytes.length < LOOKED_AT ? bytes.length : endOfCharacter(bytes)));
  if (text === undefined || text === "") return [];
  const start = text.trimStart();
  if (/^(?:\{\s*(?:"|\}|$)|\[\s*(?:[\]{["\d-]|true|false|null|$))/.test(start)) return ["json"];
  if (/^(?:<!--[^]*?-->\s*)?<(?:!doctype html|html|head|body|div|table|svg|p|h[1-6]|style)\b/i.test(start))
    return ["html"];
  return isMarkdown(start) ? ["markdown"] : [];
}

/** Two signs of Markdown, or a heading that it begins with: one sign alone stands in many a log. */
function isMarkdown(text: string): boolean {
  if (/^#{1,6} \S/.test(text)) return text.includes("\n");
  const signs = [
    /^#{1,6} \S/m,
    /^\s*[-*+] \S/m,
    /\[[^\]\n]+\]\([^)\n]+\)/,
    /\*\*[^*\n]+\*\*/,
    /^```/m,
    /^\|.*\|\s*$/m,
    /`[^`\n]+`/,
  ];
  return signs.filter((sign) => sign.test(text)).length > 1;
}
