import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { inverse, planEdit, type TagChange, type TaggedRun, type TagProblem } from "./plan.ts";

const AT_ONCE = 6;

/** A run as the client gives it, as far as an edit needs it. */
export interface EditableRun extends TaggedRun {
  replaceTags(remove: readonly string[], add: readonly string[], io?: IoOptions): Promise<unknown>;
}

/** What is wanted of one run. */
export interface RunEdit {
  readonly pathspec: string;
  readonly change: TagChange;
}

/** What came of it. */
export type Outcome =
  | { readonly kind: "written"; readonly pathspec: string; readonly change: TagChange }
  | { readonly kind: "nothing"; readonly pathspec: string }
  | { readonly kind: "refused"; readonly pathspec: string; readonly problem: TagProblem }
  | { readonly kind: "failed"; readonly pathspec: string; readonly error: unknown };

/**
 * Edits the tags of runs, a few at a time. Every run is read anew just before, so that a rule is checked against what is there now and
 * only what differs is written; the client's own write keeps what another writer does meanwhile. One run's failure stops no other.
 */
export async function applyEdits(
  edits: readonly RunEdit[],
  read: (pathspec: string, io?: IoOptions) => Promise<EditableRun>,
  io?: IoOptions,
  done?: (count: number) => void,
): Promise<readonly Outcome[]> {
  let count = 0;
  return mapLimited(edits, AT_ONCE, async (edit) => {
    const outcome = await applyEdit(edit, read, io);
    done?.(++count);
    return outcome;
  });
}

/** The edits that take back what was written. */
export function undoOf(outcomes: readonly Outcome[]): readonly RunEdit[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === "written" ? [{ pathspec: outcome.pathspec, change: inverse(outcome.change) }] : [],
  );
}

async function applyEdit(
  { pathspec, change }: RunEdit,
  read: (pathspec: string, io?: IoOptions) => Promise<EditableRun>,
  io: IoOptions | undefined,
): Promise<Outcome> {
  try {
    io?.signal?.throwIfAborted();
    const run = await read(pathspec, io);
    const plan = planEdit(run, change);
    if (plan.kind === "nothing") return { kind: "nothing", pathspec };
    if (plan.kind === "refused") return { kind: "refused", pathspec, problem: plan.problem };
    await run.replaceTags(plan.change.remove, plan.change.add, io);
    return { kind: "written", pathspec, change: plan.change };
  } catch (error) {
    return { kind: "failed", pathspec, error };
  }
}
