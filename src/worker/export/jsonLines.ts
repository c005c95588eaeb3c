import type { Slices } from "../../base/slices.ts";
import type { CellValue } from "../../pickle/index.ts";
import { cellText } from "../copy/cellText.ts";
import { columnText, type Sink } from "../copy/delimited.ts";
import { nestedJson } from "../copy/nestedJson.ts";
import { wholeTable } from "../copy/selection.ts";
import type { Table } from "../../pickle/index.ts";
import { distinctNames, levelNames } from "./labels.ts";

const PIECE = 1 << 16;

/** A table as JSON with a line for each row: what is not there is `null`, of records without a field the field is left out. */
export async function writeJsonLines(
  table: Table,
  withLabels: boolean,
  sink: Sink,
  slices: Slices,
): Promise<void> {
  const { columns, rowCount } = wholeTable(table);
  const levels = withLabels ? levelNames(table) : [];
  const names = distinctNames([...levels, ...columns.map(columnText)]).map((name) => JSON.stringify(name));
  let text = "";
  for (let row = 0; row < rowCount; row++) {
    const parts = (withLabels ? table.rowKeys(row) : []).map(
      (key, at) => `${names[at] ?? ""}: ${jsonOf(key)}`,
    );
    for (let at = 0; at < columns.length; at++) {
      const value = columns[at]?.exact(row);
      if (value !== undefined && value.kind !== "absent")
        parts.push(`${names[levels.length + at] ?? ""}: ${jsonOf(value)}`);
      if (at % 64 === 0 && slices.areDue) await slices.pause();
    }
    text += `{${parts.join(", ")}}\n`;
    if (text.length > PIECE) {
      await sink(text);
      text = "";
    }
  }
  await sink(text);
}

function jsonOf(value: CellValue): string {
  switch (value.kind) {
    case "bool":
      return value.value ? "true" : "false";
    case "int":
      return cellText(value) ?? "null";
    case "float":
      return Number.isFinite(value.value) ? value.text : "null";
    case "text":
    case "printed":
      return JSON.stringify(cellText(value));
    case "bytes":
      return JSON.stringify(Buffer.from(value.value).toString("base64"));
    case "nested": {
      const json = nestedJson(value.value());
      // Of what JSON has no form for it is Python's text.
      return /^[[{]/.test(json) ? json : JSON.stringify(json);
    }
    default:
      return "null";
  }
}
