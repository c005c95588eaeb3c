/**
 * A double of Metaflow's metadata service: in memory, over HTTP on loopback, with the answers of the official one at a version. Real Metaflow
 * writes into it and reads from it. What the official service does is told in the comments; how the two were compared is in `docs/`.
 */
import { createServer } from "node:http";
import { failure, isPaged, MISSING, NO_ROUTE, newestFirst, ok, page } from "./answers.mjs";
import { RUN_FIELDS, TASK_FIELDS } from "./filters.mjs";
import { Rows } from "./rows.mjs";

/** @typedef {import("./rows.mjs").Row} Row @typedef {import("./rows.mjs").Run} Run @typedef {import("./rows.mjs").Step} Step @typedef {import("./rows.mjs").Task} Task */
/** @typedef {import("./answers.mjs").Answer} Answer */

/** The releases that differ in what readers see; `master` still calls itself 2.5.1. */
export const VERSIONS = /** @type {const} */ (["2.0.6", "2.2.4", "2.3.0", "2.5.1", "master"]);

/** After so long without a heartbeat a run without an end has failed. */
const SILENT_MS = 6 * 60_000;
const BEAT_MS = 10_000;

/** What the double can do at each version. @param {(typeof VERSIONS)[number]} version */
function abilities(version) {
  const at = VERSIONS.indexOf(version);
  return {
    mutatesTags: at >= 2,
    filtersTasks: at >= 3,
    pages: at >= 4,
    header: version === "master" ? "2.5.1" : version,
  };
}

/** One service with its rows. */
export class MetadataService {
  rows;
  /** Every request so far, `GET /flows/F/runs?_limit=1`, in order. @type {string[]} */
  requests = [];
  #server = createServer((request, response) => void this.#serve(request, response));
  #can;
  #prefix;
  #apiKey;

  /**
   * @param {{ version?: (typeof VERSIONS)[number]; prefix?: string; apiKey?: string; rows?: Rows }} [options] `prefix`: path before all others;
   *   `apiKey`: what a gateway before the service wants as `x-api-key`
   */
  constructor({ version = "master", prefix = "", apiKey, rows = new Rows() } = {}) {
    this.rows = rows;
    this.#can = abilities(version);
    this.#prefix = prefix;
    this.#apiKey = apiKey;
  }

  /** Listens on a free port of loopback and gives the address. @param {number} [port] */
  async start(port = 0) {
    await new Promise((resolve) => this.#server.listen(port, "127.0.0.1", () => resolve(undefined)));
    return this.url;
  }

  get url() {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the service does not listen");
    return `http://127.0.0.1:${address.port}${this.#prefix}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(() => resolve(undefined)));
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #serve(request, response) {
    this.requests.push(`${request.method} ${request.url}`);
    /** @type {Answer} */
    let answer;
    try {
      answer = this.#isAllowed(request)
        ? await this.#answer(request)
        : { status: 403, body: { message: "Forbidden" } };
    } catch (error) {
      if (request.errored !== null) return; // Who asked was ended in the midst of its request.
      if (!(error instanceof SyntaxError)) throw error;
      answer = failure(error.message);
    }
    const text = answer.plain === true ? String(answer.body) : pythonJson(answer.body);
    response.writeHead(answer.status, {
      "Content-Type": "text/plain; charset=utf-8",
      ...(answer.plain === true ? {} : { METADATA_SERVICE_VERSION: this.#can.header }),
      ...answer.headers,
    });
    response.end(text);
  }

  /** @param {import("node:http").IncomingMessage} request */
  #isAllowed(request) {
    return this.#apiKey === undefined || request.headers["x-api-key"] === this.#apiKey;
  }

  /** @param {import("node:http").IncomingMessage} request @returns {Promise<Answer>} */
  async #answer(request) {
    const url = new URL(request.url ?? "", "http://127.0.0.1");
    if (!url.pathname.startsWith(`${this.#prefix}/`)) return NO_ROUTE;
    const path = url.pathname.slice(this.#prefix.length);
    if (path === "/ping") {
      return {
        status: 200,
        body: "pong",
        plain: true,
        headers: { METADATA_SERVICE_VERSION: this.#can.header },
      };
    }
    if (path === "/version") return { status: 200, body: this.#can.header, plain: true };
    if (path === "/healthcheck") return { status: 200, body: '{"status": "UP"}' };
    const parts = path.slice(1).split("/").map(decodeURIComponent);
    if (parts.shift() !== "flows" || parts.includes("")) return NO_ROUTE;
    switch (request.method) {
      case "GET":
        return this.#get(parts, url.searchParams);
      case "POST":
        return this.#post(parts, /** @type {never} */ (JSON.parse((await bodyOf(request)) || "{}")));
      case "PATCH":
        return this.#patch(parts, JSON.parse(await bodyOf(request)));
      default:
        return { status: 405, body: "405: Method Not Allowed", plain: true };
    }
  }

  /** @param {string[]} parts what follows `/flows` @param {URLSearchParams} query @returns {Answer} */
  #get(parts, query) {
    const [
      flowId = "",
      runs,
      runId = "",
      steps,
      stepName = "",
      tasks,
      taskId = "",
      below,
      name = "",
      word,
      attempt,
    ] = parts;
    if (parts.length === 0)
      return this.#list(
        [...this.rows.flows.values()].map(({ row }) => row),
        query,
        undefined,
      );
    const flow = this.rows.flows.get(flowId);
    if (parts.length === 1) return flow === undefined ? MISSING : ok(flow.row);
    if (runs !== "runs") return NO_ROUTE;
    if (parts.length === 2) return this.#runs(flow?.runs ?? [], query);
    const run = flow?.byId.get(runId);
    if (parts.length === 3) return run === undefined ? MISSING : ok(this.#runRow(run));
    if (parts.length === 4 && steps === "steps")
      return ok([...(run?.steps.values() ?? [])].map(({ row }) => this.#tagged(row, run)));
    if (parts.length === 4 && steps === "metadata")
      return this.#list(
        tasksOf(run).flatMap(({ metadata }) => metadata),
        query,
        undefined,
      );
    if (parts.length === 4 && steps === "artifacts") return this.#artifacts(run, tasksOf(run), query);
    if (steps !== "steps") return NO_ROUTE;
    const step = run?.steps.get(stepName);
    if (parts.length === 5) return step === undefined ? MISSING : ok(this.#tagged(step.row, run));
    if (parts.length === 6 && tasks === "tasks")
      return this.#list(
        [...(step?.tasks.values() ?? [])].map(({ row }) => this.#tagged(row, run)),
        query,
        TASK_FIELDS,
      );
    if (parts.length === 6 && tasks === "artifacts")
      return this.#artifacts(run, [...(step?.tasks.values() ?? [])], query);
    if (parts.length === 6 && tasks === "filtered_tasks" && this.#can.filtersTasks)
      return filteredTasks(step, query);
    if (tasks !== "tasks") return NO_ROUTE;
    const task = findTask(step, taskId);
    if (parts.length === 7) return task === undefined ? MISSING : ok(this.#tagged(task.row, run));
    if (parts.length === 8 && below === "metadata") return this.#metadata(task, query);
    if (parts.length === 8 && below === "artifacts")
      return this.#artifacts(run, task === undefined ? [] : [task], query);
    if (parts.length === 10 && below === "attempt" && word === "artifacts")
      return this.#ofAttempt(run, task, name);
    if (below === "artifacts" && (parts.length === 9 || (parts.length === 11 && word === "attempt"))) {
      const wanted = attempt === undefined ? newestAttempt(task) : Number(attempt);
      const row = task?.artifacts.find((one) => one["name"] === name && one["attempt_id"] === wanted);
      return row === undefined ? MISSING : ok(this.#tagged(row, run));
    }
    return NO_ROUTE;
  }

  /** Since tags can be changed what lies below a run answers with the run's; before, with those of its own making. @param {Row} row @param {Run | undefined} run */
  #tagged(row, run) {
    if (!this.#can.mutatesTags || run === undefined) return row;
    return { ...row, tags: run.row["tags"], system_tags: run.row["system_tags"] };
  }

  /** @param {Run} run */
  #runRow(run) {
    if (!this.#can.pages) return run.row;
    const user = `user:${String(run.row["user_name"])}`;
    const isVerified = /** @type {string[]} */ (run.row["system_tags"]).includes(user);
    return { ...run.row, user: isVerified ? run.row["user_name"] : null };
  }

  /** @param {readonly Run[]} runs @param {URLSearchParams} query @returns {Answer} */
  #runs(runs, query) {
    if (!this.#can.pages) return ok(runs.map(({ row }) => row));
    const withStatus = query.has("status");
    const rows = runs.map((run) => ({
      ...this.#runRow(run),
      ...(withStatus ? { status: statusOf(run) } : {}),
    }));
    return this.#list(rows, query, RUN_FIELDS);
  }

  /** @param {Task | undefined} task @param {URLSearchParams} query @returns {Answer} */
  #metadata(task, query) {
    const rows = task?.metadata ?? [];
    if (this.#can.pages && !isPaged(query)) return ok([...rows].sort(newestFirst));
    return this.#list(rows, query, undefined);
  }

  /** @param {Run | undefined} run @param {readonly Task[]} tasks @param {URLSearchParams} query @returns {Answer} */
  #artifacts(run, tasks, query) {
    const isWholeTask = !this.#can.pages || !isPaged(query);
    const rows = tasks.flatMap((task) => {
      // Unpaged only those of the newest attempt; paged the newest of each name, whatever its attempt.
      const newest = newestAttempt(task);
      if (isWholeTask) return task.artifacts.filter((row) => row["attempt_id"] === newest);
      const byName = new Map(
        [...task.artifacts]
          .sort((a, b) => Number(a["attempt_id"]) - Number(b["attempt_id"]))
          .map((row) => [row["name"], row]),
      );
      return [...byName.values()];
    });
    const answer = this.#list(
      rows.map((row) => this.#tagged(row, run)),
      query,
      undefined,
    );
    return this.#can.pages
      ? answer
      : { ...answer, headers: { ...answer.headers, METADATA_SERVICE_VERSION: "" } };
  }

  /** @param {Run | undefined} run @param {Task | undefined} task @param {string} attempt @returns {Answer} */
  #ofAttempt(run, task, attempt) {
    if (!/^\d+$/.test(attempt)) return { status: 500, body: "500 Internal Server Error", plain: true };
    const rows = task?.artifacts.filter((row) => row["attempt_id"] === Number(attempt)) ?? [];
    return ok(rows.map((row) => this.#tagged(row, run)));
  }

  /** A listing as this version gives it. @param {readonly Row[]} rows @param {URLSearchParams} query @param {ReadonlySet<string> | undefined} fields @returns {Answer} */
  #list(rows, query, fields) {
    return this.#can.pages ? page(rows, query, fields) : ok(rows);
  }

  /** @param {string[]} parts @param {never} body @returns {Answer} */
  #post(parts, body) {
    const [flowId = "", runs, runId = "", steps, stepName = "", tasks, taskId = "", last] = parts;
    if (parts.length === 1) {
      if (this.rows.flows.has(flowId)) return duplicate();
      return ok(this.rows.addFlow(flowId, body));
    }
    const flow = this.rows.flows.get(flowId);
    if (parts.length === 2 && runs === "run") {
      if (flow === undefined) return duplicate();
      const named = body["run_number"];
      if (named !== undefined && named !== null && flow.byId.has(String(named))) return duplicate();
      return ok(this.rows.addRun(flowId, body));
    }
    const run = flow?.byId.get(runId);
    if (run === undefined) return MISSING;
    if (parts.length === 4 && steps === "heartbeat") return beat(run.row, []);
    if (parts.length === 6 && tasks === "step") {
      return run.steps.has(stepName) ? duplicate() : ok(this.rows.addStep(run, stepName, body));
    }
    const step = run.steps.get(stepName);
    if (step === undefined) return MISSING;
    if (parts.length === 6 && tasks === "task") {
      const named = body["task_id"];
      if (named !== undefined && named !== null && step.tasks.has(String(named))) return duplicate();
      return ok(this.rows.addTask(run, step, body));
    }
    const task = findTask(step, taskId);
    if (task === undefined)
      return { status: 400, body: { message: "need to register run_id and task_id first" } };
    if (last === "heartbeat") return beat(task.row, [run.row]);
    if (last === "metadata") return ok({ metadata_created: this.rows.addMetadata(run, task, body).length });
    if (last === "artifact") return ok({ artifacts_created: this.rows.addArtifacts(task, body).length });
    return NO_ROUTE;
  }

  /** @param {string[]} parts @param {{ tags_to_add?: unknown; tags_to_remove?: unknown }} body @returns {Answer} */
  #patch(parts, { tags_to_add: add = [], tags_to_remove: remove = [] }) {
    if (!this.#can.mutatesTags || parts.slice(3).join("/") !== "tag/mutate") return NO_ROUTE;
    if (!Array.isArray(add)) return { status: 400, body: "tags_to_add must be a list" };
    if (!Array.isArray(remove)) return { status: 400, body: "tags_to_remove must be a list" };
    if (![...add, ...remove].every((tag) => typeof tag === "string"))
      return { status: 400, body: "All tag values must be strings" };
    const run = this.rows.flows.get(parts[0] ?? "")?.byId.get(parts[2] ?? "");
    if (run === undefined) return MISSING;
    const system = new Set(/** @type {string[]} */ (run.row["system_tags"]));
    const forbidden = remove.filter((tag) => system.has(tag));
    if (forbidden.length > 0) {
      return {
        status: 422,
        body: `Cannot remove tags that are existing system tags {${forbidden.map((tag) => `'${tag}'`).join(", ")}}`,
      };
    }
    const tags = new Set(/** @type {string[]} */ (run.row["tags"]));
    for (const tag of remove) tags.delete(tag);
    for (const tag of add) if (!system.has(tag)) tags.add(tag);
    run.row["tags"] = [...tags];
    return ok({ tags: [...tags] });
  }
}

/** What PostgreSQL says comes as JSON in a JSON text. @returns {Answer} */
function duplicate() {
  return {
    status: 409,
    body: JSON.stringify({
      err_msg: { pgerror: "duplicate key value violates unique constraint", pgcode: "23505" },
    }),
  };
}

/** A heartbeat: the next is due in ten seconds, and one that comes too early is a 404 with the same words. @param {Row} row @param {readonly Row[]} others @returns {Answer} */
function beat(row, others) {
  const now = Date.now();
  const last = Number(row["last_heartbeat_ts"] ?? 0) * 1000;
  if (now - last < BEAT_MS) return { status: 404, body: '{"wait_time_in_seconds": 10}' };
  for (const each of [row, ...others]) each["last_heartbeat_ts"] = Math.round(now / 1000);
  return { status: 200, body: '{"wait_time_in_seconds": 10}' };
}

/** @param {Run} run */
function statusOf(run) {
  if (run.finishedMs > 0) return run.isFailed ? "failed" : "completed";
  const last = Number(run.row["last_heartbeat_ts"] ?? 0) * 1000 || Number(run.row["ts_epoch"]);
  return Date.now() - last > SILENT_MS ? "failed" : "running";
}

/** Pathspecs of a step's tasks with such metadata, of any attempt; all with any metadata where nothing is asked. @param {Step | undefined} step @param {URLSearchParams} query @returns {Answer} */
function filteredTasks(step, query) {
  const field = query.get("metadata_field_name");
  const pattern = query.get("pattern");
  /** @type {RegExp} */
  let expression;
  try {
    expression = new RegExp(pattern ?? "");
  } catch {
    return failure("invalid regular expression");
  }
  const fits = (/** @type {Row} */ row) =>
    (field === null || row["field_name"] === field) &&
    (pattern === null || expression.test(String(row["value"])));
  const tasks = [...(step?.tasks.values() ?? [])].filter(({ metadata }) => metadata.some(fits));
  return ok(
    tasks.map(({ row }) => [row["flow_id"], row["run_number"], row["step_name"], row["task_id"]].join("/")),
  );
}

/** @param {Run | undefined} run */
function tasksOf(run) {
  return [...(run?.steps.values() ?? [])].flatMap(({ tasks }) => [...tasks.values()]);
}

/** By the id that is sent or the service's own number. @param {Step | undefined} step @param {string} id */
function findTask(step, id) {
  return step?.tasks.get(id) ?? [...(step?.tasks.values() ?? [])].find(({ number }) => String(number) === id);
}

/** @param {Task | undefined} task */
function newestAttempt(task) {
  return Math.max(-1, ...(task?.artifacts.map((row) => Number(row["attempt_id"])) ?? []));
}

/** @param {import("node:http").IncomingMessage} request */
async function bodyOf(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of request) chunks.push(/** @type {Buffer} */ (chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** JSON as Python writes it: with spaces, and in ASCII. @param {unknown} value */
function pythonJson(value) {
  const text = JSON.stringify(value);
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
