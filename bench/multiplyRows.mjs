/** Multiplies what real Metaflow wrote into a metadata service, in memory: a run into any number of runs, a task into any number of tasks. */

import { ID } from "../test/servers/rows.mjs";

/** @typedef {import("../test/servers/rows.mjs").Rows} Rows */
/** @typedef {import("../test/servers/rows.mjs").Row} Row */
/** @typedef {import("../test/servers/rows.mjs").Run} Run */
/** @typedef {import("../test/servers/rows.mjs").Step} Step */
/** @typedef {import("../test/servers/rows.mjs").Task} Task */
/** What is different in a copy: ids, and by how much times move. @typedef {{ ids: Record<string, unknown>; shiftMs: number }} Changes */

/** Time between two runs: 100,000 of them reach back 70 days. */
const SPACING_MS = 60_000;
/** The newest ended some days ago, as most that people look at. */
const AGE_MS = 3 * 24 * 3_600_000;

/**
 * Has a flow hold so many runs instead of its own, which take turns as models.
 * @param {Rows} rows @param {string} flowId @param {number} count
 */
export function multiplyServiceRuns(rows, flowId, count) {
  const flow = flowOf(rows, flowId);
  const models = [...flow.runs];
  flow.runs.length = 0;
  flow.byId.clear();
  const newestMs = Date.now() - AGE_MS;
  for (let number = 1; number <= count; number += 1) {
    const model = models[number % models.length];
    if (model === undefined) throw new Error(`${flowId} has no run`);
    const shiftMs = newestMs - (count - number) * SPACING_MS - Number(model.row["ts_epoch"]);
    const run = runLike(model, { ids: { run_number: number }, shiftMs });
    flow.runs.push(run);
    flow.byId.set(String(number), run);
  }
}

/**
 * Has a step hold so many tasks like its first one.
 * @param {Rows} rows @param {string} flowId @param {string} stepName @param {number} count
 * @returns {string} the step's pathspec
 */
export function multiplyServiceTasks(rows, flowId, stepName, count) {
  const [run] = flowOf(rows, flowId).runs;
  const step = run?.steps.get(stepName);
  const [model] = [...(step?.tasks.values() ?? [])];
  if (run === undefined || step === undefined || model === undefined)
    throw new Error(`${flowId} has no task of ${stepName}`);
  step.tasks.clear();
  for (let position = 0; position < count; position += 1) {
    const id = model.number + position;
    step.tasks.set(String(id), taskLike(model, { ids: { task_id: id }, shiftMs: position }));
  }
  return [flowId, run.number, stepName].join("/");
}

/** @param {Rows} rows @param {string} flowId */
function flowOf(rows, flowId) {
  const flow = rows.flows.get(flowId);
  if (flow === undefined) throw new Error(`no flow ${flowId}`);
  return flow;
}

/** A copy whose steps are made when somebody asks for them. @param {Run} model @param {Changes} changes @returns {Run} */
function runLike(model, changes) {
  /** @type {Map<string, Step> | undefined} */
  let steps;
  const number = Number(changes.ids["run_number"]);
  const beat = Number(model.row["last_heartbeat_ts"]) + changes.shiftMs / 1000;
  return {
    ...model,
    number,
    row: { ...rowLike(model.row, changes), [ID]: number, last_heartbeat_ts: Math.round(beat) },
    get steps() {
      steps ??= new Map([...model.steps].map(([name, step]) => [name, stepLike(step, changes)]));
      return steps;
    },
  };
}

/** @param {Step} model @param {Changes} changes @returns {Step} */
function stepLike({ row, tasks }, changes) {
  return {
    row: { ...rowLike(row, changes), run_number: String(changes.ids["run_number"]) },
    tasks: new Map([...tasks].map(([id, task]) => [id, taskLike(task, changes)])),
  };
}

/** @param {Task} model @param {Changes} changes @returns {Task} */
function taskLike({ number: original, name, row, metadata, artifacts }, changes) {
  const number = Number(changes.ids["task_id"] ?? original);
  return {
    number,
    name,
    row: { ...rowLike(row, changes), [ID]: number },
    metadata: metadata.map((one) => rowLike(one, changes)),
    artifacts: artifacts.map((one) => ({ ...rowLike(one, changes), [ID]: number })),
  };
}

/** @param {Row} row @param {Changes} changes @returns {Row} */
function rowLike(row, { ids, shiftMs }) {
  return { ...row, ...ids, ts_epoch: Number(row["ts_epoch"]) + shiftMs };
}
