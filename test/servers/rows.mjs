/** The tables of a metadata service, in memory: what was written, in the order of writing, and the rows as a service sends them. */

/** A row as the service sends it. @typedef {Record<string, unknown>} Row */
/** What a writer sends. @typedef {Record<string, unknown>} Body */

/**
 * @typedef {object} Run
 * @property {number} number the service's own, also of a run that a scheduler named
 * @property {string | undefined} name a scheduler's id
 * @property {Row} row
 * @property {Map<string, Step>} steps
 * @property {number} finishedMs when the end step's last attempt was done, 0 before; what `status` is derived from
 * @property {boolean} isFailed
 *
 * @typedef {object} Step
 * @property {Row} row
 * @property {Map<string, Task>} tasks by the id that is sent, and by the service's own number
 *
 * @typedef {object} Task
 * @property {number} number
 * @property {string | undefined} name
 * @property {Row} row
 * @property {Row[]} metadata
 * @property {Row[]} artifacts
 */

/** Everything that one service holds. */
export class Rows {
  /** @type {Map<string, { row: Row, runs: Run[], byId: Map<string, Run> }>} */
  flows = new Map();
  #runs = 0;
  #tasks = 0;
  #metadata = 0;

  /** All rows as JSON, for `parse`. */
  serialize() {
    return JSON.stringify(
      [...this.flows].map(([id, flow]) => [id, { ...flow, byId: undefined }]),
      (_key, value) => (value instanceof Map ? [...value] : value),
    );
  }

  /** The rows that `serialize` gave, for another service. @param {string} text */
  static parse(text) {
    const rows = new Rows();
    for (const [id, flow] of JSON.parse(text)) {
      const byId = new Map();
      for (const run of flow.runs) {
        run.steps = new Map(run.steps);
        for (const step of run.steps.values()) {
          step.tasks = new Map(step.tasks);
          for (const task of step.tasks.values()) {
            rows.#tasks = Math.max(rows.#tasks, task.number);
            for (const { id } of task.metadata) rows.#metadata = Math.max(rows.#metadata, id);
          }
        }
        rows.#runs = Math.max(rows.#runs, run.number);
        byId.set(String(run.number), run);
        if (run.name !== undefined) byId.set(run.name, run);
      }
      rows.flows.set(id, { ...flow, byId });
    }
    return rows;
  }

  /** @param {string} flow @param {Body} body */
  addFlow(flow, body) {
    const row = {
      flow_id: flow,
      user_name: body["user_name"] ?? null,
      ts_epoch: Date.now(),
      tags: body["tags"] ?? null,
      system_tags: body["system_tags"] ?? null,
    };
    const added = { row, runs: [], byId: new Map() };
    this.flows.set(flow, added);
    return row;
  }

  /** @param {string} flow @param {Body} body @param {number} [ts] */
  addRun(flow, body, ts = Date.now()) {
    const { runs, byId } = must(this.flows.get(flow));
    const number = ++this.#runs;
    const name = textOrNothing(body["run_number"]);
    /** @type {Run} */
    const run = {
      number,
      name,
      row: {
        flow_id: flow,
        run_number: name ?? number,
        user_name: body["user_name"] ?? null,
        ts_epoch: ts,
        tags: body["tags"] ?? [],
        system_tags: body["system_tags"] ?? [],
        last_heartbeat_ts: null,
      },
      steps: new Map(),
      finishedMs: 0,
      isFailed: false,
    };
    runs.push(run);
    byId.set(String(number), run);
    if (name !== undefined) byId.set(name, run);
    return run.row;
  }

  /** @param {Run} run @param {string} name @param {Body} body @param {number} [ts] */
  addStep(run, name, body, ts = Date.now()) {
    const row = {
      flow_id: run.row["flow_id"],
      // Text even where it is a number elsewhere.
      run_number: String(run.row["run_number"]),
      step_name: name,
      user_name: body["user_name"] ?? null,
      ts_epoch: ts,
      tags: body["tags"] ?? [],
      system_tags: body["system_tags"] ?? [],
    };
    run.steps.set(name, { row, tasks: new Map() });
    return row;
  }

  /** @param {Run} run @param {Step} step @param {Body} body @param {number} [ts] */
  addTask(run, step, body, ts = Date.now()) {
    const number = ++this.#tasks;
    const name = textOrNothing(body["task_id"]);
    const row = {
      flow_id: run.row["flow_id"],
      run_number: run.row["run_number"],
      step_name: step.row["step_name"],
      task_id: name ?? number,
      user_name: body["user_name"] ?? null,
      ts_epoch: ts,
      tags: body["tags"] ?? [],
      system_tags: body["system_tags"] ?? [],
      last_heartbeat_ts: null,
    };
    step.tasks.set(name ?? String(number), { number, name, row, metadata: [], artifacts: [] });
    return row;
  }

  /** @param {Run} run @param {Task} task @param {readonly Body[]} entries @param {number} [ts] */
  addMetadata(run, task, entries, ts = Date.now()) {
    for (const entry of entries) {
      task.metadata.push({
        id: ++this.#metadata,
        flow_id: task.row["flow_id"],
        run_number: task.row["run_number"],
        step_name: task.row["step_name"],
        task_id: task.row["task_id"],
        field_name: entry["field_name"],
        value: asText(entry["value"]),
        type: entry["type"],
        user_name: entry["user_name"] ?? null,
        ts_epoch: ts,
        tags: entry["tags"] ?? [],
        system_tags: entry["system_tags"] ?? null,
      });
      if (task.row["step_name"] !== "end") continue;
      if (entry["field_name"] === "attempt_ok") run.isFailed = asText(entry["value"]) !== "True";
      if (entry["field_name"] === "attempt-done") run.finishedMs = ts;
    }
    return task.metadata.slice(-entries.length);
  }

  /** @param {Task} task @param {readonly Body[]} artifacts @param {number} [ts] */
  addArtifacts(task, artifacts, ts = Date.now()) {
    for (const artifact of artifacts) {
      task.artifacts.push({
        flow_id: task.row["flow_id"],
        run_number: task.row["run_number"],
        step_name: task.row["step_name"],
        task_id: task.row["task_id"],
        name: artifact["name"],
        location: artifact["location"],
        ds_type: artifact["ds_type"],
        sha: artifact["sha"],
        type: artifact["type"],
        content_type: artifact["content_type"],
        user_name: artifact["user_name"] ?? null,
        attempt_id: artifact["attempt_id"] ?? 0,
        ts_epoch: ts,
        tags: artifact["tags"] ?? [],
        system_tags: artifact["system_tags"] ?? [],
      });
    }
    return task.artifacts.slice(-artifacts.length);
  }
}

/**
 * Metadata values are text in the database, and what is none becomes it in PostgreSQL's way: a list is an array literal.
 * @param {unknown} value
 * @returns {string}
 */
function asText(value) {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value ?? " ");
  const items = value.map((item) => {
    const text = asText(item);
    return /^[^\s{},"\\]+$/.test(text) && text.toLowerCase() !== "null"
      ? text
      : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  });
  return `{${items.join(",")}}`;
}

/** An id that a scheduler gave: one that is a number is the service's own. @param {unknown} id */
function textOrNothing(id) {
  if (id === undefined || id === null) return undefined;
  return /^\d+$/.test(String(id)) ? undefined : String(id);
}

/** @template T @param {T | undefined} value @returns {T} */
export function must(value) {
  if (value === undefined) throw new Error("not in the tables");
  return value;
}
