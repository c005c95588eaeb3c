/** What a metadata service does with requests that write: rows are added, hearts beat, a run's tags change. */
import { failure, MISSING, NO_ROUTE, ok, refused, TROUBLE } from "./answers.mjs";
import { beats, findTask, seconds } from "./rows.mjs";

/** @typedef {import("./rows.mjs").Row} Row @typedef {import("./rows.mjs").Run} Run @typedef {import("./rows.mjs").Task} Task @typedef {import("./rows.mjs").Rows} Rows */
/** @typedef {import("./answers.mjs").Answer} Answer */

const BEAT_SECONDS = 10;
/** So long a transaction of the official service is open about, on a database beside it. */
const TRANSACTION_MS = 2;

/**
 * A request with POST.
 * @param {Rows} rows @param {readonly string[]} parts what follows `/flows` @param {never} body @returns {Answer}
 */
export function add(rows, parts, body) {
  const [flowId = "", runs, runId = "", steps, stepName = "", tasks, taskId = "", last] = parts;
  if (parts.length === 1)
    return rows.flows.has(flowId) ? duplicate("flows_v3_pkey") : ok(rows.addFlow(flowId, body));
  const flow = rows.flows.get(flowId);
  if (parts.length === 2 && runs === "run") {
    if (isNumber(body["run_number"])) return failure("provided run_id may not be a numeric");
    if (flow === undefined) return orphan("runs_v3_flow_id_fkey");
    return flow.byId.has(String(body["run_number"]))
      ? duplicate("runs_v3_flow_id_run_id_key")
      : ok(rows.addRun(flowId, body));
  }
  const run = flow?.byId.get(runId);
  if (parts.length === 4 && steps === "heartbeat") return run === undefined ? TOO_EARLY : beat(run.row);
  const step = run?.steps.get(stepName);
  if (parts.length === 6 && (tasks === "step" || tasks === "task")) {
    if (run === undefined) return failure("'run_number'");
    if (tasks === "step")
      return step === undefined ? ok(rows.addStep(run, stepName, body)) : duplicate("steps_v3_pkey");
    if (step === undefined) return orphan("tasks_v3_flow_id_run_number_step_name_fkey");
    if (step.tasks.has(String(body["task_id"])))
      return duplicate("tasks_v3_flow_id_run_number_step_name_task_name_key");
    if (isNumber(body["task_id"])) return TROUBLE;
    if (beats(body)) beat(run.row);
    return ok(rows.addTask(run, step, body));
  }
  if (parts.length !== 8) return NO_ROUTE;
  const task = findTask(step, taskId);
  if (last === "heartbeat") {
    if (run !== undefined) beat(run.row);
    return task === undefined ? TOO_EARLY : beat(task.row);
  }
  return addBelow(rows, run, task, last, body);
}

/** @param {Rows} rows @param {Run | undefined} run @param {Task | undefined} task @param {string | undefined} what @param {never} body @returns {Answer} */
function addBelow(rows, run, task, what, body) {
  if (run === undefined || task === undefined)
    return {
      status: 400,
      body: { message: "need to register run_id and task_id first" },
      hasNoVersion: true,
    };
  if (what === "metadata")
    return { ...ok({ metadata_created: rows.addMetadata(run, task, body) }), hasNoVersion: true };
  if (what === "artifact")
    return { ...ok({ artifacts_created: rows.addArtifacts(task, body) }), hasNoVersion: true };
  return NO_ROUTE;
}

/** Due in ten seconds again; one that comes earlier, or of what is not there, is a 404 with the same words. */
const TOO_EARLY = { status: 404, body: '{"wait_time_in_seconds": 10}' };

/** @param {Row} row @returns {Answer} */
function beat(row) {
  const now = seconds(Date.now());
  const last = row["last_heartbeat_ts"];
  if (typeof last === "number" && last > now - BEAT_SECONDS) return TOO_EARLY;
  row["last_heartbeat_ts"] = now;
  return ok(TOO_EARLY.body);
}

/**
 * Changes the tags of a run in a transaction: of two that meet, the first to end is done, and the other one refused.
 * @param {Rows} rows @param {readonly string[]} parts @param {unknown} body
 * @returns {Promise<Answer>}
 */
export async function mutateTags(rows, parts, body) {
  if (parts.slice(3).join("/") !== "tag/mutate") return NO_ROUTE;
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return failure("object has no attribute 'get'");
  const { tags_to_add: add = [], tags_to_remove: remove = [] } =
    /** @type {{ tags_to_add?: unknown; tags_to_remove?: unknown }} */ (body);
  if (!Array.isArray(add)) return { status: 400, body: "tags_to_add must be a list" };
  if (!Array.isArray(remove)) return { status: 400, body: "tags_to_remove must be a list" };
  if (![...add, ...remove].every((tag) => typeof tag === "string"))
    return { status: 400, body: "All tag values must be strings" };
  const run = rows.flows.get(parts[0] ?? "")?.byId.get(parts[2] ?? "");
  if (run === undefined) return MISSING;
  const system = new Set(/** @type {string[]} */ (run.row["system_tags"]));
  const kept = [...new Set(remove)].filter((tag) => system.has(tag)).map((tag) => `'${tag}'`);
  if (kept.length > 0)
    return { status: 422, body: `Cannot remove tags that are existing system tags {${kept.join(", ")}}` };
  const before = new Set(/** @type {string[]} */ (run.row["tags"]));
  const tags = new Set([...before].filter((tag) => !remove.includes(tag)));
  for (const tag of add) if (!system.has(tag)) tags.add(tag);
  if (tags.size === before.size && [...tags].every((tag) => before.has(tag))) return ok({ tags: [...tags] });
  const { writes } = run;
  await new Promise((resolve) => setTimeout(resolve, TRANSACTION_MS));
  if (run.writes !== writes)
    return { status: 409, body: "Conflicting concurrent tag mutation, please retry" };
  run.writes++;
  run.row["tags"] = [...tags];
  return ok({ tags: [...tags] });
}

/** @param {string} constraint */
function duplicate(constraint) {
  return refused(409, "23505", `duplicate key value violates unique constraint "${constraint}"`);
}

/** Of a row without what it belongs to. @param {string} constraint */
function orphan(constraint) {
  return refused(404, "23503", `insert or update violates foreign key constraint "${constraint}"`);
}

/** @param {unknown} id */
function isNumber(id) {
  return id !== undefined && id !== null && /^\d+$/.test(String(id));
}
