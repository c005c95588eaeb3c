import { count, record } from "./check.ts";
import type { Check } from "./check.ts";

export type { Comparison, Difference } from "../pickle/diff/difference.ts";

/** With which other open document a value is compared. */
export interface CompareParams {
  readonly other: number;
}

/** Reads a {@link CompareParams}. */
export const checkCompare: Check<CompareParams> = record<CompareParams>({ other: count });
