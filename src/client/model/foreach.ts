import { PyObject } from "../../pickle/natural/classes.ts";

/** One foreach around a task, outermost first. Python: `metaflow.task.ForeachFrame`. */
export interface ForeachFrame {
  /** The step that split. */
  readonly step: string;
  /** The artifact that was iterated over. */
  readonly variable: string | undefined;
  /** How many items there are, where it is recorded. */
  readonly splits: number | undefined;
  /** Which of the items, counted from 0. */
  readonly index: number;
  /** The item's short text, up to 30 characters (Metaflow >= 2.11.1). */
  readonly value: string | undefined;
}

/** Reads the value of a `_foreach_stack` artifact: a list of namedtuples, which pickle as positional values without names. */
export function parseForeachStack(value: unknown): ForeachFrame[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((frame: unknown) => {
    const fields = frame instanceof PyObject ? frame.args : Array.isArray(frame) ? (frame as unknown[]) : [];
    const [step, variable, splits, index, text] = fields;
    if (typeof step !== "string" || typeof index !== "number") return [];
    return [
      {
        step,
        variable: typeof variable === "string" ? variable : undefined,
        splits: typeof splits === "number" ? splits : undefined,
        index,
        value: typeof text === "string" ? text : undefined,
      },
    ];
  });
}

/**
 * The foreaches around a task as its metadata tell them, which costs no artifact: `foreach-execution-path` has the steps and indices
 * (Metaflow >= 2.14.1), `foreach-stack` the variables and values, cut at 256 characters (>= 2.11.1).
 */
export function foreachFromMetadata(path: unknown, stack: unknown): ForeachFrame[] {
  const labels = Array.isArray(stack)
    ? stack.filter((label): label is string => typeof label === "string")
    : [];
  if (typeof path !== "string" || path === "") return [];
  return path.split(",").map((frame, depth) => {
    const colon = frame.lastIndexOf(":");
    const label = labels[depth];
    const equals = label?.indexOf("=") ?? -1;
    return {
      step: frame.slice(0, colon),
      index: Number(frame.slice(colon + 1)),
      splits: undefined,
      variable: label === undefined || equals < 0 ? undefined : label.slice(0, equals),
      value: label === undefined || equals < 0 ? undefined : label.slice(equals + 1),
    };
  });
}
