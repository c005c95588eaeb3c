import { pyRepr } from "../../pickle/index.ts";
import type { CellValue } from "../../pickle/index.ts";
import { MISSING_TEXT } from "../../pickle/table/cells.ts";
import { isMissing } from "../missing.ts";
import { nestedJson } from "./nestedJson.ts";

/**
 * A cell's whole value as text: Python's `str(value)`, of a container JSON, of bytes their `repr`. `undefined` for what is not there, which each form
 * writes in its own way.
 */
export function cellText(value: CellValue): string | undefined {
  switch (value.kind) {
    case "text":
      return value.value;
    case "float":
    case "printed":
      return value.text;
    case "int":
      return typeof value.value === "number" ? value.value.toString() : pyRepr(value.value);
    case "bool":
      return value.value ? "True" : "False";
    case "bytes":
      return pyRepr(value.value);
    case "nested":
      return nestedJson(value.value());
    default:
      return undefined;
  }
}

/** Python's word for what is not there. */
export function missingText({ kind }: CellValue): string {
  return isMissing(kind) ? MISSING_TEXT[kind] : "";
}
