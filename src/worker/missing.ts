import { MISSING_TEXT } from "../pickle/table/cells.ts";
import type { Missing } from "../pickle/index.ts";

/** The ways in which a value is missing. */
export const MISSING_KINDS = Object.keys(MISSING_TEXT) as readonly Missing[]; // Its keys are exactly these.

/** Whether a kind of cell is one of them. What has not arrived is none. */
export function isMissing(kind: string): kind is Missing {
  return Object.hasOwn(MISSING_TEXT, kind);
}
