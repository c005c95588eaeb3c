/** What the contract says this client answers otherwise than Python. Each rule turns Python's answer into the one to expect, by its number. */
import type { Asked } from "./oracle.ts";

/** What this client must answer, and the number of the deviation when it is not what Python said. */
export interface Expected {
  readonly answer?: unknown;
  /** Instead of `answer`: any of these is right. */
  readonly oneOf?: readonly unknown[];
  readonly error?: Asked["error"];
  readonly deviation?: number;
}

/** The oracle's answers, to be looked up by question and object. */
export class Answers {
  readonly #all = new Map<string, Asked>();

  constructor(asked: readonly Asked[]) {
    for (const one of asked)
      this.#all.set(key(one.question, one.object, one.attempt, one.namespace, one.args), one);
  }

  /** Python's answer; `undefined` for a question that was not asked or that raised. */
  get(
    question: string,
    object: string | null,
    namespace: string | null = null,
    args: readonly string[] = [],
  ): unknown {
    return this.#all.get(key(question, object, null, namespace, args))?.answer;
  }
}

function key(...parts: unknown[]): string {
  return JSON.stringify(parts);
}

/** Python's answer to one question, or what a deviation makes of it. */
export function expected(asked: Asked, answers: Answers): Expected {
  const rule = RULES[asked.question];
  const changed = rule?.(asked, answers);
  if (changed !== undefined) return changed;
  return asked.error === undefined ? { answer: asked.answer } : { error: asked.error };
}

type Rule = (asked: Asked, answers: Answers) => Expected | undefined;
type Listed = readonly (readonly [pathspec: string, createdAt: number])[];

const RULES: Record<string, Rule | undefined> = {
  "Flow.iterate": startedOrder,
  "Flow.runs": startedOrder,
  "Flow.remembered": startedOrder,
  "Flow.remembered_steps": rememberedSteps,
  "Flow.latest_run": latestRun,
  "Flow.latest_successful_run": latestSuccessfulRun,
  "Flow.origin_pathspec": noOrigin,
  "Run.origin_pathspec": noOrigin,
  "Step.origin_pathspec": noOrigin,
  "Task.origin_pathspec": noOrigin,
  "DataArtifact.origin_pathspec": noOrigin,
  "Step.task": newestOfEquals,
  "Step.parent_steps": takenSteps,
  "Step.child_steps": takenSteps,
  "Run.successful": customEnd("Task.successful"),
  "Run.finished": customEnd("Task.finished"),
  "Run.finished_at": customEnd("Task.finished_at"),
  "Run.data": customEnd("Task.data"),
  "Run.end_task": customEnd("Task.pathspec"),
  "Task.artifacts": anyName,
  "Task.stdout": replacedBytes,
  "Task.stderr": replacedBytes,
  "Task.loglines": replacedBytes,
};

/** Of tasks that were made in the same millisecond any may be the newest. */
function newestOfEquals({ object }: Asked, answers: Answers): Expected | undefined {
  const listed = (answers.get("Step.iterate", object) ?? []) as Listed;
  const equals = listed.filter(([, createdAt]) => createdAt === listed[0]?.[1]);
  return equals.length < 2 ? undefined : { oneOf: equals.map(([pathspec]) => pathspec) };
}

/** (2) Runs are ordered by when they were started, which their ids tell; a tag edit does not move them. */
function startedOrder({ answer }: Asked): Expected | undefined {
  const listed = answer as Listed | undefined;
  if (listed === undefined) return undefined;
  const ordered = byStart(listed);
  return sameOrder(ordered, listed) ? undefined : { answer: ordered, deviation: 2 };
}

function rememberedSteps({ answer, object, namespace }: Asked, answers: Answers): Expected | undefined {
  const listed = answers.get("Flow.iterate", object, namespace) as Listed | undefined;
  if (listed === undefined || sameOrder(byStart(listed), listed)) return undefined;
  const runs = byStart(listed).slice(0, 2);
  const steps = runs.map(([run]) => answers.get("Run.iterate", run));
  return JSON.stringify(steps) === JSON.stringify(answer) ? undefined : { answer: steps, deviation: 2 };
}

function latestRun({ answer, object, namespace }: Asked, answers: Answers): Expected | undefined {
  const listed = answers.get("Flow.iterate", object, namespace) as Listed | undefined;
  const latest = listed === undefined ? undefined : (byStart(listed)[0]?.[0] ?? null);
  return latest === undefined || latest === answer ? undefined : { answer: latest, deviation: 2 };
}

function latestSuccessfulRun(
  { answer, error, object, namespace }: Asked,
  answers: Answers,
): Expected | undefined {
  const listed = answers.get("Flow.iterate", object, namespace) as Listed | undefined;
  if (listed === undefined || error !== undefined) return undefined;
  const judgedByItsEnd = (run: string): boolean =>
    customEnd("Task.successful")({ ...EMPTY, object: run }, answers)?.answer === true;
  const ordered = byStart(listed).map(([run]) => run);
  const latest =
    ordered.find((run) => answers.get("Run.successful", run) === true || judgedByItsEnd(run)) ?? null;
  if (latest === answer) return undefined;
  return { answer: latest, deviation: latest !== null && judgedByItsEnd(latest) ? 8 : 2 };
}

const EMPTY: Asked = { question: "", object: null, attempt: null, namespace: null, args: [] };

function byStart(listed: Listed): Listed {
  const start = ([pathspec]: Listed[number]): number => Number(pathspec.split("/")[1]);
  return [...listed].sort((a, b) => start(b) - start(a));
}

function sameOrder(a: Listed, b: Listed): boolean {
  return a.every(([pathspec], index) => pathspec === b[index]?.[0]);
}

/** (5) What was not resumed has no origin, where Python says `Flow/None`. */
function noOrigin({ answer }: Asked): Expected | undefined {
  return typeof answer === "string" && answer.split("/")[1] === "None"
    ? { answer: null, deviation: 5 }
    : undefined;
}

/** A map has keys of any text, where Python's namedtuple has no field that is not an identifier. */
function anyName({ error, object }: Asked, answers: Answers): Expected | undefined {
  return error?.class === "ValueError" ? { answer: answers.get("Task.data", object) } : undefined;
}

/** (6) Bytes of a log that are no text are replaced, where Python raises. */
function replacedBytes({ error }: Asked): Expected | undefined {
  return error?.class === "UnicodeDecodeError" ? { answer: REPLACED, deviation: 6 } : undefined;
}

/** Stands for any text, or lines, with a replacement character. */
export const REPLACED = Symbol("text with replaced bytes");

/** (7) Steps that a switch did not take are left out, where Python raises. */
function takenSteps({ question, object, error }: Asked, answers: Answers): Expected | undefined {
  if (error?.class !== "MetaflowNotFound" || object === null) return undefined;
  const [flow = "", run = "", step = ""] = object.split("/");
  const graph = graphOf(`${flow}/${run}/${step}`, answers);
  if (graph === undefined) return undefined;
  const nextOf = (name: string): readonly string[] => graph[name]?.next ?? [];
  const parents = Object.keys(graph).filter((name) => nextOf(name).includes(step));
  const neighbours = question === "Step.parent_steps" ? parents : nextOf(step);
  const missing = neighbours.filter((name) => answers.get("Step.id", `${flow}/${run}/${name}`) === undefined);
  // Only a switch leaves steps out; what a run never came to is missing in Python's way.
  const untaken = (name: string): boolean =>
    Object.keys(graph).some(
      (before) => graph[before]?.type === "split-switch" && nextOf(before).includes(name) && wentOn(before),
    );
  const wentOn = (name: string): boolean =>
    nextOf(name).some((next) => answers.get("Step.id", `${flow}/${run}/${next}`) !== undefined);
  if (!missing.every(untaken)) return undefined;
  const present = neighbours.filter((name) => !missing.includes(name));
  return { answer: present.map((name) => `${flow}/${run}/${name}`), deviation: 7 };
}

interface GraphStep {
  readonly type: string;
  readonly next: readonly string[];
}

/** The recorded graph, out of the tagged form of a task's `_graph_info`. */
function graphOf(step: string, answers: Answers): Record<string, GraphStep> | undefined {
  const task = answers.get("Step.task", step);
  if (typeof task !== "string") return undefined;
  return natural(field(answers.get("DataArtifact.data", `${task}/_graph_info`), "steps")) as
    Record<string, GraphStep> | undefined;
}

interface Node {
  readonly t: string;
  readonly v?: unknown;
}

function field(dict: unknown, name: string): unknown {
  const pairs = (dict as Node | undefined)?.v as [Node, Node][] | undefined;
  return pairs?.find(([it]) => it.v === name)?.[1];
}

function natural(node: unknown): unknown {
  const { t, v } = (node ?? {}) as Node;
  if (t === "dict")
    return Object.fromEntries((v as [Node, Node][]).map(([name, it]) => [String(name.v), natural(it)]));
  if (t === "list" || t === "tuple") return (v as Node[]).map(natural);
  return v;
}

/** (8) A resumed run with a custom end step is judged by that step; Python looks for one named `end`. */
function customEnd(question: string): Rule {
  return ({ object }, answers) => {
    if (object === null || answers.get("Run.end_task", object) !== null) return undefined;
    const steps = answers.get("Run.iterate", object) as Listed | undefined;
    const [newest] = steps ?? [];
    if (newest === undefined) return undefined;
    const task = answers.get("Step.task", newest[0]) as string | null | undefined;
    const graphInfo = answers.get("DataArtifact.data", `${task ?? ""}/_graph_info`);
    const end = natural(field(graphInfo, "end_step"));
    if (typeof end !== "string" || end === "end") return undefined;
    const endTask = answers.get("Step.task", `${object}/${end}`) as string | undefined;
    const answer = endTask === undefined ? undefined : answers.get(question, endTask);
    return answer === undefined ? undefined : { answer, deviation: 8 };
  };
}
