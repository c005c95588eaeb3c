/** What both clients are asked, and what is to come of it. */

/**
 * A line of the table.
 * @typedef {object} Row
 * @property {string} name
 * @property {string} question what both are asked
 * @property {() => Promise<Place>} data
 * @property {number} [limit]
 * @property {number} [rounds] when the usual number takes too long
 * @property {number} [atLeast] how many times faster than Python it shall be
 * @property {number} [atMostMs] how long it may take
 * @property {"first" | "again"} [which] the first answer of a session, or the same again; the first unless told
 * @property {string} [ours] what this client is asked instead, where it has a way of its own to the same answer
 * @property {false} [isCompared] where it asks for more than Python has: then the answers are not compared
 */

/**
 * Where the answer is.
 * @typedef {object} Place
 * @property {string} metadata as Python's `metadata()` takes it
 * @property {string} thing name or pathspec
 * @property {() => Promise<number>} [requests] how many a service was sent since the last time
 */

/**
 * @param {import("./data.mjs").BenchData} data
 * @returns {Row[]}
 */
export function rowsOf(data) {
  return [...localRows(data), ...serviceRows(data)];
}

/** @param {import("./data.mjs").BenchData} data @returns {Row[]} */
function localRows(data) {
  const runs = (/** @type {number} */ count) => async () => {
    const { project, flow } = await data.runs(count);
    return { metadata: `local@${project}`, thing: flow };
  };
  const tasks = async () => {
    const { project, step } = await data.tasks(1000);
    return { metadata: `local@${project}`, thing: step };
  };
  const log = async () => {
    const { project, task } = await data.log(200_000);
    return { metadata: `local@${project}`, thing: task };
  };
  const artifacts = async () => {
    const { project, task } = await data.artifacts();
    return { metadata: `local@${project}`, thing: task };
  };
  const first = { question: "runs", limit: 100 };
  const sidebar = /** @type {const} */ ({ ...first, ours: "sidebar", isCompared: false });
  return [
    { name: "first 100 runs with status, of 10,000", ...first, data: runs(10_000), atLeast: 25 },
    { name: "the same as the sidebar asks it (status())", ...sidebar, data: runs(10_000), atLeast: 25 },
    { name: "the same again, nothing changed", ...first, data: runs(10_000), which: "again", atMostMs: 5 },
    { name: "first 100 runs with status, of 100,000", ...first, data: runs(100_000), rounds: 3, atLeast: 60 },
    {
      name: "the same as the sidebar asks it (status()), of 100,000",
      ...sidebar,
      data: runs(100_000),
      rounds: 3,
      atLeast: 60,
    },
    {
      name: "the same again, nothing changed, of 100,000",
      ...first,
      data: runs(100_000),
      rounds: 3,
      which: "again",
      atMostMs: 5,
    },
    { name: "all of 10,000 runs listed", question: "list", data: runs(10_000), atLeast: 3 },
    { name: "1,000 tasks of a step with status", question: "tasks", data: tasks, atLeast: 5 },
    {
      name: "the same as the sidebar asks it (statuses())",
      question: "taskStates",
      data: tasks,
      atLeast: 5,
    },
    { name: "names and sizes of 1,000 artifacts", question: "sizes", data: artifacts, atLeast: 5 },
    { name: "log of 200,000 lines merged", question: "log", data: log, atLeast: 5 },
  ];
}

/** @param {import("./data.mjs").BenchData} data @returns {Row[]} */
function serviceRows(data) {
  /** @param {"paged" | "unpaged"} kind @param {(service: import("./service.mjs").BenchService) => string} thing */
  const at = (kind, thing) => async () => {
    const service = await data.service();
    return {
      metadata: `service@${service.urls[kind]}`,
      thing: thing(service),
      requests: service.requests,
    };
  };
  const flow = () => "NightlyFlow";
  const first = { question: "runStates", limit: 100, rounds: 3 };
  return [
    {
      name: "service: first 100 runs with status, of 100,000 that completed",
      ...first,
      data: at("paged", () => "IngestFlow"),
      atLeast: 100,
    },
    {
      name: "service: the same where a third failed, each asked for where and how",
      ...first,
      data: at("paged", flow),
      atLeast: 25,
    },
    {
      name: "service: the same again, nothing changed",
      ...first,
      data: at("paged", flow),
      which: "again",
      atLeast: 100,
    },
    {
      name: "service without pages: first 100 runs, of 100,000, one listing and no more",
      question: "page",
      limit: 100,
      rounds: 3,
      data: at("unpaged", flow),
      atLeast: 1,
    },
    {
      name: "service without pages: the same with status",
      ...first,
      data: at("unpaged", flow),
      atLeast: 1,
    },
    {
      name: "service: 1,000 tasks of a step with status",
      question: "taskStates",
      rounds: 3,
      data: at("paged", ({ step }) => step),
      atLeast: 20,
    },
    {
      name: "service: names and sizes of 1,000 artifacts",
      question: "sizes",
      rounds: 3,
      data: at("paged", ({ task }) => task),
      atLeast: 5,
    },
  ];
}
