/**
 * A double of Metaflow's metadata service: in memory, over HTTP on loopback, with the answers of the official one at a version. Real Metaflow
 * writes into it and reads from it. What the official service does is told in the comments; how the two were compared is in `docs/`.
 */
import { createServer } from "node:http";
import {
  asksForPage,
  failure,
  isPaged,
  MISSING,
  NO_ROUTE,
  newestFirst,
  ok,
  page,
  pageOf,
  refused,
  TROUBLE,
} from "./answers.mjs";
import { RUN_FIELDS, TASK_FIELDS } from "./filters.mjs";
import { findTask, Rows } from "./rows.mjs";
import { add, mutateTags } from "./writes.mjs";
import { listen, portOf, stop } from "./loopback.mjs";

/** @typedef {import("./rows.mjs").Row} Row @typedef {import("./rows.mjs").Run} Run @typedef {import("./rows.mjs").Step} Step @typedef {import("./rows.mjs").Task} Task */
/** @typedef {import("./answers.mjs").Answer} Answer */

/** The releases that differ in what readers see; `master` still calls itself 2.5.1. */
export const VERSIONS = /** @type {const} */ (["2.0.6", "2.2.4", "2.3.0", "2.5.1", "master"]);

/** After so long without a heartbeat a run without an end has failed. */
const SILENT_MS = 6 * 60_000;

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
    await listen(this.#server, port);
    return this.url;
  }

  get url() {
    return `http://127.0.0.1:${portOf(this.#server)}${this.#prefix}`;
  }

  async stop() {
    await stop(this.#server);
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
      ...(answer.plain === true || answer.hasNoVersion === true
        ? {}
        : { METADATA_SERVICE_VERSION: this.#can.header }),
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
    if (path === "/healthcheck")
      return { ...ok('{"status": "UP"}'), headers: { "Content-Type": "application/json" } };
    const parts = path.slice(1).split("/").map(decoded);
    if (parts.shift() !== "flows" || parts.includes("")) return NO_ROUTE;
    switch (request.method) {
      case "GET":
        return this.#get(parts, url.searchParams);
      case "POST":
        return this.#added(parts, /** @type {never} */ (JSON.parse((await bodyOf(request)) || "{}")));
      case "PATCH":
        return this.#can.mutatesTags
          ? mutateTags(this.rows, parts, JSON.parse(await bodyOf(request)))
          : NO_ROUTE;
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
      if (attempt !== undefined && !/^\d+$/.test(attempt))
        return refused(500, "22P02", "invalid input syntax for type smallint");
      const wanted = attempt === undefined ? newestAttempt(task) : Number(attempt);
      const row = task?.artifacts.find((one) => one["name"] === name && one["attempt_id"] === wanted);
      return row === undefined ? MISSING : ok(this.#tagged(row, run));
    }
    return NO_ROUTE;
  }

  /** Steps and tasks are told with the run's tags from the first. @param {string[]} parts @param {never} body */
  #added(parts, body) {
    const answer = add(this.rows, parts, body);
    if (parts.length !== 6 || answer.status !== 200) return answer;
    const run = this.rows.flows.get(parts[0] ?? "")?.byId.get(parts[2] ?? "");
    return ok(this.#tagged(/** @type {Row} */ (answer.body), run));
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
    if (!asksForPage(query, RUN_FIELDS)) return ok(runs.map((run) => this.#runRow(run)));
    const hasStatus = [...query.keys()].some((name) => /^status(:|$)/.test(name));
    const rowOf = (/** @type {Run} */ run) => ({
      ...this.#runRow(run),
      ...(hasStatus && { status: statusOf(run) }),
    });
    return pageOf(() => mapped(sortedRuns(runs), rowOf), query, RUN_FIELDS);
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
    return this.#can.pages ? answer : { ...answer, hasNoVersion: true };
  }

  /** @param {Run | undefined} run @param {Task | undefined} task @param {string} attempt @returns {Answer} */
  #ofAttempt(run, task, attempt) {
    if (!/^\d+$/.test(attempt)) return TROUBLE;
    const rows = task?.artifacts.filter((row) => row["attempt_id"] === Number(attempt)) ?? [];
    return { ...ok(rows.map((row) => this.#tagged(row, run))), hasNoVersion: true };
  }

  /** A listing as this version gives it. @param {readonly Row[]} rows @param {URLSearchParams} query @param {ReadonlySet<string> | undefined} fields @returns {Answer} */
  #list(rows, query, fields) {
    return this.#can.pages ? page(rows, query, fields) : ok(rows);
  }
}

/** @param {Run} run */
function statusOf({ row, end }) {
  if (end.doneMs > 0 && end.isOk) return "completed";
  if (end.doneMs > 0) return end.attemptMs > end.doneMs ? "running" : "failed";
  const last = row["last_heartbeat_ts"];
  return typeof last === "number" && Date.now() - last * 1000 <= SILENT_MS ? "running" : "failed";
}

/** Pathspecs of a step's tasks with such metadata, of any attempt; all with any metadata where nothing is asked. @param {Step | undefined} step @param {URLSearchParams} query @returns {Answer} */
function filteredTasks(step, query) {
  const field = query.get("metadata_field_name") ?? "";
  const pattern = query.get("pattern") ?? "";
  /** @type {RegExp} */
  let expression;
  try {
    expression = new RegExp(pattern);
  } catch {
    return failure("invalid regular expression");
  }
  const fits = (/** @type {Row} */ row) =>
    (field === "" || row["field_name"] === field) && expression.test(String(row["value"]));
  const tasks = [...(step?.tasks.values() ?? [])].filter(({ metadata }) => metadata.some(fits));
  return ok(
    tasks.map(({ row }) => [row["flow_id"], row["run_number"], row["step_name"], row["task_id"]].join("/")),
  );
}

/** @param {Run | undefined} run */
function tasksOf(run) {
  return [...(run?.steps.values() ?? [])].flatMap(({ tasks }) => [...tasks.values()]);
}

/** @param {Task | undefined} task */
function newestAttempt(task) {
  return Math.max(-1, ...(task?.artifacts.map((row) => Number(row["attempt_id"])) ?? []));
}

/** The runs of each flow, newest first, and how many there were: nothing that they are ordered by ever changes. @type {WeakMap<readonly Run[], readonly Run[]>} */
const runsInOrder = new WeakMap();

/** @param {readonly Run[]} runs */
function sortedRuns(runs) {
  const known = runsInOrder.get(runs);
  if (known?.length === runs.length) return known;
  const sorted = [...runs].sort((a, b) => newestFirst(a.row, b.row));
  runsInOrder.set(runs, sorted);
  return sorted;
}

/** @template A, B @param {Iterable<A>} items @param {(item: A) => B} map */
function* mapped(items, map) {
  for (const item of items) yield map(item);
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

/**
 * A part of a path as aiohttp decodes it: what is no encoded text stays as it stands.
 * @param {string} part
 */
function decoded(part) {
  return part.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
