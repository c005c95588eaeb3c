import type { IoOptions } from "../../../base/io.ts";
import type { Step } from "../../../client/index.ts";
import type { Row } from "../row.ts";
import { ParametersRow } from "../rows/parameters.ts";
import { ProblemRow } from "../rows/problem.ts";
import type { RunRow } from "../rows/run.ts";
import { StepRow } from "../rows/step.ts";
import { placeSteps } from "../steps.ts";

/** What a run holds: its parameters, then its steps in the order of the graph, those to come included. */
export async function loadSteps(row: RunRow, io: IoOptions): Promise<readonly Row[]> {
  const { run, source } = row;
  const [page, graph, parameters, status] = await Promise.all([
    run.page({ limit: MOST_STEPS }, io),
    // A run without a readable graph still has the steps that were started.
    run.graph(io).catch((error: unknown) => {
      source.note(row, error);
      return undefined;
    }),
    ParametersRow.of(row, run, source, io),
    run.status(io),
  ]);
  const started = new Map<string, Step>([...page.items].reverse().map((step) => [step.id, step]));
  const over = status.state !== "running" && status.state !== "pending" && status.state !== "unknown";
  const placed = placeSteps(
    graph && [...graph.steps.values()],
    [...started.keys()],
    over,
    status.state === "completed",
  );
  const steps = placed.map(
    ({ name, place }) => new StepRow(row, run.pathspec, name, started.get(name), place, source),
  );
  const problems = page.problems.map((problem) => new ProblemRow(row, problem, problem.context.pathspec));
  return [...(parameters === undefined ? [] : [parameters]), ...steps, ...problems];
}

/** A flow has no more steps than its author wrote. */
const MOST_STEPS = 10_000;
