import type { IoOptions } from "../../../base/io.ts";
import type { Step, TaskWithStatus } from "../../../client/index.ts";
import type { Row } from "../row.ts";
import { GroupRow, taskRows } from "../rows/group.ts";
import { ProblemRow } from "../rows/problem.ts";
import type { StepRow } from "../rows/step.ts";
import { loadTaskWithAttempts } from "../rows/task.ts";
import { STATE_ORDER, type RowState } from "../state.ts";
import { taskState } from "../taskText.ts";

/** Steps with more tasks than these show them by state, what failed first. */
const MOST_UNGROUPED = 30;

/** What a step holds: its tasks; or, when it has one only, what that one holds. */
export async function loadTasks(
  row: StepRow,
  step: Step,
  single: boolean,
  io: IoOptions,
): Promise<readonly Row[]> {
  const { items, problems } = await step.statuses(io);
  const broken = problems.map((problem) => new ProblemRow(row, problem, problem.context.pathspec));
  const [only] = items;
  if (single && only !== undefined && items.length === 1 && broken.length === 0) {
    return loadTaskWithAttempts(row, only.task, only.status, io);
  }
  const tasks = [...items].sort((a, b) => order(a) - order(b));
  const rows = tasks.length > MOST_UNGROUPED ? grouped(row, tasks) : await taskRows(row, tasks, io);
  return [...rows, ...broken];
}

/** Schedulers number tasks in the order of the foreach. */
function order({ task }: TaskWithStatus): number {
  const id = Number(task.id);
  return Number.isFinite(id) ? id : task.startedAt.getTime();
}

function grouped(row: StepRow, tasks: readonly TaskWithStatus[]): readonly Row[] {
  const groups = new Map<RowState, TaskWithStatus[]>();
  for (const task of tasks) {
    const state = taskState(task.status);
    const group = groups.get(state);
    if (group === undefined) groups.set(state, [task]);
    else group.push(task);
  }
  return STATE_ORDER.flatMap((state) => {
    const group = groups.get(state);
    return group === undefined ? [] : [new GroupRow(row, state, group)];
  });
}
