/** The filters that the newest metadata service has on listings of runs and tasks: `field:op=value,value`. */

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

/** @type {Record<string, (value: string, wanted: string) => boolean>} */
const OPERATORS = {
  eq: (value, wanted) => value === wanted,
  ne: (value, wanted) => value !== wanted,
  lt: (value, wanted) => Number(value) < Number(wanted),
  le: (value, wanted) => Number(value) <= Number(wanted),
  gt: (value, wanted) => Number(value) > Number(wanted),
  ge: (value, wanted) => Number(value) >= Number(wanted),
  co: (value, wanted) => value.includes(wanted),
  sw: (value, wanted) => value.startsWith(wanted),
  ew: (value, wanted) => value.endsWith(wanted),
  li: (value, wanted) => value.includes(wanted.replaceAll("%", "")),
  is: (value, wanted) => value === wanted,
};

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
    const compare = OPERATORS[op];
    if (compare === undefined) this.problem ??= `unsupported operator: ${op}`;
    const bogus = field === "status" ? values.find((value) => !STATUSES.has(value)) : undefined;
    if (bogus !== undefined) this.problem ??= `unsupported status filter: ${bogus}`;
    if (NUMBERS.has(field) && !values.every((value) => value === "null" || /^-?\d+$/.test(value)))
      this.problem ??= `invalid value for ${field}`;
    this.#tests.push((row) =>
      values.some((value) =>
        value === "null" ? row[field] === null : compare?.(String(row[field]), value) === true,
      ),
    );
  }
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
