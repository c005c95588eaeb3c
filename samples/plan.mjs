/**
 * What the sample datastore holds: who ran which flow, how it ended, who tagged it afterwards. In the order of starting.
 *
 * @typedef {object} Planned
 * @property {string} name how other entries refer to this one
 * @property {string} flow file name of the flow
 * @property {string} user METAFLOW_USER
 * @property {readonly string[]} [top] options before the command
 * @property {readonly string[]} [args] options and parameters of `run`, or the step of `resume`; `{name}` stands for another entry's run
 * @property {readonly string[]} [tags] given at the start
 * @property {string} [resumes] name of the entry whose run is resumed
 * @property {string} [after] name of an entry that must have ended before this one starts
 * @property {"fails"} [ends] when the run is meant to fail; a run that ends otherwise than planned is an error
 * @property {Kill} [kill] end it from outside while it runs
 * @property {boolean} [package] keep a code package
 * @property {readonly [file: string, from: string, to: string][]} [edits] changes to the sources, for this run alone
 * @property {Readonly<Record<string, readonly string[]>>} [tagged] tags added after the end, by user
 *
 * @typedef {object} Kill
 * @property {string} step the step in which it happens
 * @property {number} tasks how many of its tasks must have begun
 * @property {NodeJS.Signals} signal
 * @property {"group" | "scheduler"} target everything at once (as Ctrl-C or a reboot), or the scheduler alone
 */

const boosted = JSON.stringify([
  { name: "linear", l2: 0 },
  { name: "boosted", l2: 7.5 },
  { name: "ridge", l2: 0.1 },
]);
const two = JSON.stringify([
  { name: "linear", l2: 0 },
  { name: "ridge", l2: 0.1 },
]);

/** @type {readonly Planned[]} */
const RUNS = [
  { name: "ingest", flow: "ingest_flow.py", user: "ada", tags: ["daily"] },
  {
    name: "ingest-down",
    flow: "ingest_flow.py",
    user: "lin",
    args: ["--outages", "9"],
    tags: ["daily"],
    ends: "fails",
  },
  {
    name: "ingest-smooth",
    flow: "ingest_flow.py",
    user: "lin",
    args: ["--outages", "0", "--day", "2026-11-21"],
    tags: ["daily", "backfill"],
  },
  { name: "catalog", flow: "catalog_flow.py", user: "ada" },
  { name: "route-publish", flow: "route_flow.py", user: "ada" },
  { name: "route-review", flow: "route_flow.py", user: "lin", args: ["--accuracy", "0.8"] },
  {
    name: "route-retrain",
    flow: "route_flow.py",
    user: "ada",
    args: ["--accuracy", "0.4"],
    tags: ["needs-work"],
  },
  { name: "tune", flow: "tune_flow.py", user: "lin", tags: ["sweep:lr"] },
  { name: "report", flow: "report_flow.py", user: "ada", tags: ["weekly"] },
  { name: "report-resumed", flow: "report_flow.py", user: "lin", resumes: "report", args: ["publish"] },
  { name: "fleet", flow: "fleet_flow.py", user: "ada", args: ["--nodes", "3"] },
  {
    name: "eval",
    flow: "eval_flow.py",
    user: "ada",
    tags: ["baseline"],
    tagged: { lin: ["reviewed", "keep"] },
  },
  {
    name: "eval-broken",
    flow: "eval_flow.py",
    user: "lin",
    args: ["--threshold", "0.7"],
    edits: [["eval_flow.py", "i.region: i.scores", "i.region: i.score_table"]],
    ends: "fails",
  },
  { name: "eval-resumed", flow: "eval_flow.py", user: "lin", resumes: "eval-broken", tags: ["fixed"] },
  { name: "eval-again", flow: "eval_flow.py", user: "ada", resumes: "eval-resumed", args: ["join_segments"] },
  { name: "nightly", flow: "nightly_flow.py", user: "lin", tags: ["nightly"] },
  {
    name: "nightly-error",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "error"],
    tags: ["nightly"],
    ends: "fails",
  },
  {
    name: "nightly-exit",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "exit"],
    tags: ["nightly"],
    ends: "fails",
  },
  {
    name: "nightly-crash",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "crash"],
    tags: ["nightly"],
    ends: "fails",
  },
  {
    name: "nightly-unpicklable",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "unpicklable"],
    ends: "fails",
  },
  {
    name: "nightly-recovered",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "crash-then-fine"],
    tags: ["nightly"],
  },
  {
    name: "nightly-worse",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "error-then-crash"],
    ends: "fails",
  },
  {
    name: "nightly-killed",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "slow"],
    kill: { step: "compact", tasks: 3, signal: "SIGKILL", target: "group" },
  },
  {
    name: "nightly-stopped",
    flow: "nightly_flow.py",
    user: "lin",
    args: ["--ending", "slow"],
    kill: { step: "compact", tasks: 3, signal: "SIGINT", target: "scheduler" },
  },
  {
    name: "nightly-interrupted",
    flow: "nightly_flow.py",
    user: "ada",
    args: ["--ending", "slow"],
    kill: { step: "compact", tasks: 3, signal: "SIGINT", target: "group" },
  },
  {
    name: "score",
    flow: "score_flow.py",
    user: "ada",
    args: ["--shards", "110", "--max-num-splits", "200"],
    tags: ["full"],
  },
  {
    name: "train-production",
    flow: "train_flow.py",
    user: "lin",
    top: ["--production"],
    args: ["--candidates", two],
    tags: ["release:1.3"],
  },
  {
    name: "train-pricing",
    flow: "train_flow.py",
    user: "ada",
    top: ["--branch", "pricing"],
    args: ["--epochs", "5"],
    tags: ["experiment"],
  },
  {
    name: "train-diverged",
    flow: "train_flow.py",
    user: "ada",
    args: ["--candidates", boosted],
    tags: ["experiment"],
    ends: "fails",
    tagged: { lin: ["look-into"] },
  },
  {
    name: "train",
    flow: "train_flow.py",
    user: "ada",
    tags: ["experiment", "candidate"],
    package: true,
    edits: [["train_flow.py", "default=12, help=", "default=10, help="]],
    tagged: { ada: ["best"], lin: ["reviewed"] },
  },
  {
    name: "train-resumed",
    flow: "train_flow.py",
    user: "ada",
    resumes: "train",
    args: ["pick_best"],
    package: true,
    edits: [["train_flow.py", "default=12, help=", "default=10, help="]],
  },
];

/** Everything, for the demo and for looking at. */
export const SAMPLES = RUNS;

/** The same with a narrow foreach: made anew by the contract tests, so it must not take long. */
export const CONTRACT = RUNS.map((run) =>
  run.name === "score" ? { ...run, args: ["--shards", "12"] } : run,
);
