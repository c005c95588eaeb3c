/** The filters that the newest metadata service has on listings of runs and tasks: `field:op=value,value`. */

import { ID } from "./rows.mjs";

/** @typedef {import("./rows.mjs").Row} Row */

/** @type {ReadonlySet<string>} */
export const RUN_FIELDS = new Set([
  "flow_id",
  "run_number",
  "run_id",
  "user_name",
  "user",
  "ts_epoch",
  "last_heartbeat_ts",
  "tags",
  "system_tags",
  "status",
]);
/** @type {ReadonlySet<string>} */
export const TASK_FIELDS = new Set(["task_id", "task_name", "user_name", "ts_epoch", "last_heartbeat_ts"]);

const NUMBERS = new Set(["ts_epoch", "last_heartbeat_ts"]);
const STATUSES = new Set(["running", "completed", "failed"]);

/** A comparison of a column's value. @typedef {(value: string | number, wanted: string) => boolean} Comparison */

/** @type {Record<string, Comparison>} */
const OPERATORS = {
  eq: (value, wanted) => String(value) === wanted,
  ne: (value, wanted) => String(value) !== wanted,
  lt: (value, wanted) => compare(value, wanted) < 0,
  le: (value, wanted) => compare(value, wanted) <= 0,
  gt: (value, wanted) => compare(value, wanted) > 0,
  ge: (value, wanted) => compare(value, wanted) >= 0,
  co: (value, wanted) => isLike(value, `%${wanted}%`),
  sw: (value, wanted) => isLike(value, `${wanted}%`),
  ew: (value, wanted) => isLike(value, `%${wanted}`),
  li: isLike,
  // Of texts it is an error of PostgreSQL's grammar.
  is: () => false,
};

/** @param {string | number} value @param {string} wanted */
function compare(value, wanted) {
  const other = typeof value === "number" ? Number(wanted) : wanted;
  return value < other ? -1 : Number(value > other);
}

/** PostgreSQL's ILIKE. @param {string | number} value @param {string} pattern */
function isLike(value, pattern) {
  const expression = pattern
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${expression}$`, "is").test(String(value));
}

/** The filters of one request. Parameters are joined by AND, the values of one by OR. */
export class Filters {
  /** @type {((row: Row) => boolean)[]} */
  #tests = [];
  /** Why the request is refused. @type {string | undefined} */
  problem;

  /** @param {URLSearchParams} query @param {ReadonlySet<string>} fields */
  constructor(query, fields) {
    for (const [name, value] of query) this.#add(name, value.split(","), fields);
  }

  get isThere() {
    return this.#tests.length > 0 || this.problem !== undefined;
  }

  /** @param {Row} row */
  fit(row) {
    return this.#tests.every((test) => test(row));
  }

  /** @param {string} name @param {string[]} values @param {ReadonlySet<string>} fields */
  #add(name, values, fields) {
    const [field = "", op = field === "_tags" ? "all" : "eq"] = name.split(":");
    if (field === "_tags" && fields.has("tags")) {
      this.#tests.push((row) => hasTags(row, values, op));
      return;
    }
    if (!fields.has(field)) return;
    const fits = OPERATORS[op];
    if (fits === undefined) this.problem ??= `unsupported operator '${op}' for field '${field}'`;
    for (const value of values.filter((one) => one !== "null")) this.problem ??= problemOf(field, value);
    this.#tests.push((row) => {
      const found = columnOf(row, field);
      return values.some((value) =>
        value === "null" || found === null
          ? value === "null" && found === null
          : fits?.(found, value) === true,
      );
    });
  }
}

/** @param {string} field @param {string} value @returns {string | undefined} */
function problemOf(field, value) {
  if (field === "status" && !STATUSES.has(value)) return `unsupported status filter: ${value}`;
  if (!NUMBERS.has(field) || /^-?\d+$/.test(value)) return undefined;
  return `invalid ${field}: expected integer epoch milliseconds, got '${value}'`;
}

/** The database keeps the ids that schedulers give apart from its own. @param {Row} row @param {string} field @returns {string | number | null} */
function columnOf(row, field) {
  if (field === "run_number" || field === "task_id") return row[ID];
  const id = row[field === "run_id" ? "run_number" : "task_id"];
  if (field === "run_id" || field === "task_name") return typeof id === "string" ? id : null;
  return /** @type {string | number | null} */ (row[field]);
}

/** User and system tags together. @param {Row} row @param {readonly string[]} wanted @param {string} op */
function hasTags(row, wanted, op) {
  const tags = [
    .../** @type {string[]} */ (row["tags"] ?? []),
    .../** @type {string[]} */ (row["system_tags"] ?? []),
  ];
  const has = (/** @type {string} */ tag) => tags.includes(tag);
  const like = (/** @type {string} */ part) => tags.some((tag) => tag.includes(part));
  if (op === "any") return wanted.some(has);
  if (op === "likeany") return wanted.some(like);
  return op === "likeall" ? wanted.every(like) : wanted.every(has);
}
