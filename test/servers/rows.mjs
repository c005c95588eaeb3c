/** The tables of a metadata service, in memory: what was written, in the order of writing, and the rows as a service sends them. */

/** What the database knows a row by, which is not sent: its number, or a flow's name. */
export const ID = Symbol("id");

/** A row as the service sends it. @typedef {Record<string, unknown> & { [ID]: number | string }} Row */
/** What a writer sends. @typedef {Record<string, unknown>} Body */

/**
 * @typedef {object} Run
 * @property {number} number the service's own, also of a run that a scheduler named
 * @property {string | undefined} name a scheduler's id
 * @property {Row} row
 * @property {Map<string, Step>} steps
 * @property {End} end what `status` is derived from
 * @property {number} writes how often the row was written, to tell edits that meet
 *
 * Of a step that is called `end`: when its newest attempt began, and how the newest that was done went; 0: none did.
 * @typedef {{ attemptMs: number; doneMs: number; isOk: boolean }} End
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
      flow.row[ID] = id;
      for (const run of flow.runs) {
        run.row[ID] = run.number;
        run.steps = new Map(run.steps);
        for (const [name, step] of run.steps) {
          step.row[ID] = name;
          step.tasks = new Map(step.tasks);
          for (const task of step.tasks.values()) {
            rows.#tasks = Math.max(rows.#tasks, task.number);
            for (const row of [task.row, ...task.artifacts]) row[ID] = task.number;
            for (const row of task.metadata) rows.#metadata = Math.max(rows.#metadata, (row[ID] = row.id));
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
      [ID]: flow,
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
        [ID]: number,
        flow_id: flow,
        run_number: name ?? number,
        user_name: body["user_name"] ?? null,
        ts_epoch: ts,
        tags: body["tags"] ?? [],
        system_tags: body["system_tags"] ?? [],
        last_heartbeat_ts: beats(body) ? seconds(ts) : null,
      },
      steps: new Map(),
      end: { attemptMs: 0, doneMs: 0, isOk: false },
      writes: 0,
    };
    runs.push(run);
    byId.set(String(number), run);
    if (name !== undefined) byId.set(name, run);
    return run.row;
  }

  /** @param {Run} run @param {string} name @param {Body} body @param {number} [ts] */
  addStep(run, name, body, ts = Date.now()) {
    const row = {
      [ID]: name,
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
      [ID]: number,
      flow_id: run.row["flow_id"],
      run_number: run.row["run_number"],
      step_name: step.row["step_name"],
      task_id: name ?? number,
      user_name: body["user_name"] ?? null,
      ts_epoch: ts,
      tags: body["tags"] ?? [],
      system_tags: body["system_tags"] ?? [],
      last_heartbeat_ts: beats(body) ? seconds(ts) : null,
    };
    step.tasks.set(name ?? String(number), { number, name, row, metadata: [], artifacts: [] });
    return row;
  }

  /** @param {Run} run @param {Task} task @param {readonly Body[]} entries @param {number} [ts] */
  addMetadata(run, task, entries, ts = Date.now()) {
    for (const entry of entries) {
      const id = ++this.#metadata;
      task.metadata.push({
        [ID]: id,
        id,
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
      if (entry["field_name"] === "attempt") run.end.attemptMs = ts;
      if (entry["field_name"] !== "attempt_ok") continue;
      run.end.doneMs = ts;
      run.end.isOk = asText(entry["value"]) === "True";
    }
    return entries.length;
  }

  /** Those that the attempt does not have yet. @param {Task} task @param {readonly Body[]} artifacts @param {number} [ts] @returns {number} how many are new */
  addArtifacts(task, artifacts, ts = Date.now()) {
    const before = task.artifacts.length;
    for (const artifact of artifacts) {
      const attempt = Number(artifact["attempt_id"] ?? 0);
      if (task.artifacts.some((row) => row["name"] === artifact["name"] && row["attempt_id"] === attempt))
        continue;
      task.artifacts.push({
        [ID]: task.number,
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
        attempt_id: attempt,
        ts_epoch: ts,
        tags: artifact["tags"] ?? [],
        system_tags: artifact["system_tags"] ?? [],
      });
    }
    return task.artifacts.length - before;
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

/** By the id that is sent or the service's own number. @param {Step | undefined} step @param {string} id */
export function findTask(step, id) {
  return step?.tasks.get(id) ?? [...(step?.tasks.values() ?? [])].find(({ number }) => String(number) === id);
}

/** Times of heartbeats are in seconds. @param {number} ms */
export function seconds(ms) {
  return Math.floor(ms / 1000);
}

/** Whether a writer sends heartbeats, by its version: since 2.2.12. What is no version is taken for a new one. @param {Body} body */
export function beats({ system_tags: tags }) {
  const tag = Array.isArray(tags)
    ? tags.find((one) => String(one).startsWith("metaflow_version:"))
    : undefined;
  if (tag === undefined) return false;
  const [, version] = /^metaflow_version:(\d+(?:\.\d+)*)/.exec(String(tag)) ?? [];
  if (version === undefined) return true;
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return major > 2 || (major === 2 && (minor > 2 || (minor === 2 && patch >= 12)));
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
