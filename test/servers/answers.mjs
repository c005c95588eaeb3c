/** Answers of a metadata service: pages of rows, and the shapes of its errors. */
import { Filters } from "./filters.mjs";

/** @typedef {import("./rows.mjs").Row} Row */
/** @typedef {{ status: number; body: unknown; headers?: Record<string, string>; plain?: boolean }} Answer */

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 500;

/** A path that this service does not have. */
export const NO_ROUTE = { status: 404, body: "404: Not Found", plain: true };
/** A row that is not there. */
export const MISSING = { status: 404, body: {} };

/** @param {unknown} body @returns {Answer} */
export const ok = (body) => ({ status: 200, body });

/** What the service says of an exception of its own. @param {string} detail @returns {Answer} */
export function failure(detail) {
  return {
    status: 500,
    body: {
      traceback: "Traceback …",
      detail,
      status: 500,
      title: "Internal Server Error",
      type: "about:blank",
    },
  };
}

/**
 * A listing of a service that has pages: all of it in the order of storage, or a page, newest first, where any parameter asks for it.
 * @param {readonly Row[]} rows @param {URLSearchParams} query @param {ReadonlySet<string> | undefined} fields what may be filtered by
 * @returns {Answer}
 */
export function page(rows, query, fields) {
  const filters = fields === undefined ? undefined : new Filters(query, fields);
  if (!(isPaged(query) || filters?.isThere === true)) return ok(rows);
  if (filters?.problem !== undefined) return { status: 400, body: filters.problem };
  const asked = query.get("_limit");
  if (asked !== null && !/^-?\d+$/.test(asked)) return failure("invalid literal for int()");
  const limit = Math.min(asked === null ? DEFAULT_PAGE : Number(asked), LARGEST_PAGE);
  const cursor = query.get("_cursor") ?? "";
  const after = cursor === "" ? undefined : parseCursor(cursor);
  if (after === "invalid") return { status: 400, body: "Invalid cursor" };
  const sorted = rows.filter((row) => filters?.fit(row) !== false).sort(newestFirst);
  const from = after === undefined ? 0 : sorted.findIndex((row) => compareKeys(keyOf(row), after) > 0);
  const rowsHere = from < 0 ? [] : sorted.slice(from, from + limit);
  const last = rowsHere.at(-1);
  const isLast = last === undefined || from + limit >= sorted.length;
  const next = isLast ? {} : { "X-Next-Cursor": Buffer.from(JSON.stringify(keyOf(last))).toString("base64") };
  return { status: 200, body: rowsHere, headers: { "X-Limit": String(limit), ...next } };
}

/** Whether a page is asked for. @param {URLSearchParams} query */
export function isPaged(query) {
  return query.has("_limit") || query.has("_cursor");
}

/** What a page is ordered by: time, then the id. @param {Row} row @returns {[number, string]} */
function keyOf(row) {
  const id = row["id"] ?? row["task_id"] ?? row["run_number"] ?? row["flow_id"];
  return [Number(row["ts_epoch"]), [row["name"] ?? "", String(id).padStart(20, "0")].join("/")];
}

/** In the order of pages. @param {Row} a @param {Row} b */
export function newestFirst(a, b) {
  return compareKeys(keyOf(a), keyOf(b));
}

/** @param {[number, string]} a @param {[number, string]} b */
function compareKeys(a, b) {
  return b[0] - a[0] || (a[1] < b[1] ? 1 : a[1] > b[1] ? -1 : 0);
}

/** @param {string} cursor @returns {[number, string] | "invalid"} */
function parseCursor(cursor) {
  try {
    const [ts, id] = JSON.parse(Buffer.from(cursor, "base64").toString());
    return typeof ts === "number" && typeof id === "string" ? [ts, id] : "invalid";
  } catch {
    return "invalid";
  }
}
