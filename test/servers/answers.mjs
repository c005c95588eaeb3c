/** Answers of a metadata service: pages of rows, and the shapes of its errors. */
import { Filters } from "./filters.mjs";
import { ID } from "./rows.mjs";

/** @typedef {import("./rows.mjs").Row} Row */
/**
 * `plain`: text, not JSON; `hasNoVersion`: without the header that tells the service's version.
 * @typedef {{ status: number; body: unknown; headers?: Record<string, string>; plain?: boolean; hasNoVersion?: boolean }} Answer
 */

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 500;

/** A path that this service does not have. */
export const NO_ROUTE = { status: 404, body: "404: Not Found", plain: true };
/** What the web framework says of an exception that the service did not catch. */
export const TROUBLE = {
  status: 500,
  body: "500 Internal Server Error\n\nServer got itself in trouble",
  plain: true,
};
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

/** What PostgreSQL says comes as JSON in a JSON text. @param {number} status @param {string} pgcode @param {string} message @returns {Answer} */
export function refused(status, pgcode, message) {
  const diag = { message_primary: message, severity: "ERROR" };
  return { status, body: JSON.stringify({ err_msg: { pgerror: `ERROR:  ${message}\n`, pgcode, diag } }) };
}

/**
 * A listing of a service that has pages: all of it in the order of storage, or a page, newest first, where any parameter asks for it.
 * @param {readonly Row[]} rows @param {URLSearchParams} query @param {ReadonlySet<string> | undefined} fields what may be filtered by
 * @returns {Answer}
 */
export function page(rows, query, fields) {
  if (!asksForPage(query, fields)) return ok(rows);
  return pageOf(() => [...rows].sort(newestFirst), query, fields);
}

/** @param {URLSearchParams} query @param {ReadonlySet<string> | undefined} fields */
export function asksForPage(query, fields) {
  return isPaged(query) || (fields !== undefined && new Filters(query, fields).isThere);
}

/**
 * A page of rows that are given newest first. Looked at are only those that the page needs, as a database with an index does.
 * @param {() => Iterable<Row>} sorted @param {URLSearchParams} query @param {ReadonlySet<string> | undefined} fields
 * @returns {Answer}
 */
export function pageOf(sorted, query, fields) {
  const filters = fields === undefined ? undefined : new Filters(query, fields);
  if (filters?.problem !== undefined) return { status: 400, body: filters.problem };
  const asked = query.get("_limit") ?? "";
  if (!/^\d*$/.test(asked)) return failure(`invalid literal for int() with base 10: '${asked}'`);
  const limit = Math.min(asked === "" ? DEFAULT_PAGE : Number(asked), LARGEST_PAGE);
  const cursor = query.get("_cursor") ?? "";
  const after = cursor === "" ? undefined : parseCursor(cursor);
  if (after === "invalid") return { status: 400, body: "Invalid cursor" };
  /** @type {Row[]} */
  const found = [];
  for (const row of sorted()) {
    if (found.length > Math.max(limit, 0)) break;
    const isBehind = after === undefined || compareKeys(keyOf(row), after) > 0;
    if (isBehind && filters?.fit(row) !== false) found.push(row);
  }
  const rowsHere = found.slice(0, Math.max(limit, 0));
  const last = rowsHere.at(-1);
  const next =
    last === undefined || found.length === rowsHere.length
      ? {}
      : { "X-Next-Cursor": Buffer.from(JSON.stringify(keyOf(last))).toString("base64") };
  return { status: 200, body: rowsHere, headers: { "X-Limit": String(limit), ...next } };
}

/** Whether a page is asked for. @param {URLSearchParams} query */
export function isPaged(query) {
  return query.has("_limit") || query.has("_cursor");
}

/** What a page is ordered by: time, then what the database knows a row by, then the name of an artifact. @typedef {readonly (number | string)[]} Key */

/** @param {Row} row @returns {Key} */
function keyOf(row) {
  return [Number(row["ts_epoch"]), row[ID], String(row["name"] ?? "")];
}

/** In the order of pages. @param {Row} a @param {Row} b */
export function newestFirst(a, b) {
  return compareKeys(keyOf(a), keyOf(b));
}

/** @param {Key} a @param {Key} b */
function compareKeys(a, b) {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? 1 : -1;
}

/** @param {string} cursor @returns {Key | "invalid"} */
function parseCursor(cursor) {
  try {
    const key = JSON.parse(Buffer.from(cursor, "base64").toString());
    return Array.isArray(key) && typeof key[0] === "number" ? key : "invalid";
  } catch {
    return "invalid";
  }
}
