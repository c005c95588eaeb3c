/** Puts the oracle's questions to this client and brings the answers into the oracle's form. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  openMetaflow,
  type Card,
  type DataArtifact,
  type Flow,
  type Metaflow,
  type MetaflowCode,
  type MetaflowEvent,
  type Run,
  type Step,
  type Task,
} from "../../src/client/index.ts";
import type { Asked } from "./oracle.ts";
import { USER } from "./oracle.ts";

type Any = Flow | Run | Step | Task | DataArtifact;
type Answer = (asked: Asked) => Promise<unknown>;

const LONG = 20_000;

/** This client on one store, with a session for each namespace that is asked about. */
export class Asker {
  readonly #metadata: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #sessions = new Map<string | null, Promise<Metaflow>>();
  readonly #objects = new Map<string, Promise<Any>>();

  /** @param metadata as `openMetaflow` takes it @param env beside what every session here has */
  constructor(metadata: string, env: Readonly<Record<string, string>> = {}) {
    this.#metadata = metadata;
    this.#env = env;
  }

  /** This client's answer; throws what the client throws. */
  async answer(asked: Asked): Promise<unknown> {
    const answer = ANSWERS[asked.question];
    if (answer === undefined) throw new Error(`nobody here answers ${asked.question}`);
    return answer.call(this, asked);
  }

  async session(namespace: string | null): Promise<Metaflow> {
    const known = this.#sessions.get(namespace);
    if (known !== undefined) return known;
    const env = { METAFLOW_USER: USER, METAFLOW_HOME: "/nonexistent", HOME: "/nonexistent", ...this.#env };
    const opening = openMetaflow({ metadata: this.#metadata, namespace, env, cwd: "/" });
    this.#sessions.set(namespace, opening);
    return opening;
  }

  /** The object that a question is about, made once. */
  async object(asked: Asked): Promise<Any> {
    const { object, attempt, namespace } = asked;
    const key = JSON.stringify([object, attempt, namespace]);
    const known = this.#objects.get(key);
    if (known !== undefined) return known;
    const made = this.make(asked, KINDS[(object ?? "").split("/").length - 1] ?? "flow");
    this.#objects.set(key, made);
    return made;
  }

  /** Constructs an object of a kind, as Python's class of that name does. */
  async make({ object, attempt, namespace }: Asked, kind: Kind): Promise<Any> {
    const mf = await this.session(namespace);
    const options = attempt === null ? {} : { attempt: attempt as number };
    const open = mf[kind].bind(mf) as (pathspec: string, options?: { attempt?: number }) => Promise<Any>;
    return open(object ?? "", options);
  }

  async close(): Promise<void> {
    for (const opening of this.#sessions.values()) await (await opening).close();
  }
}

const KINDS = ["flow", "run", "step", "task", "artifact"] as const;
type Kind = (typeof KINDS)[number];

/** Answers that all five classes give, by the end of the question's name. */
const SHARED: Record<string, (it: Any, args: readonly string[]) => unknown> = {
  id: (it) => it.id,
  pathspec: (it) => it.pathspec,
  path_components: (it) => [...it.pathComponents],
  tags: (it) => [...it.tags].sort(),
  user_tags: (it) => [...it.userTags].sort(),
  system_tags: (it) => [...it.systemTags].sort(),
  created_at: (it) => it.createdAt.getTime(),
  parent: async (it) => text(await it.parent()),
  origin_pathspec: async (it) => (await it.originPathspec()) ?? null,
  is_in_namespace: async (it) => it.isInNamespace(),
  str: (it) => text(it),
};

const PARENTS: typeof SHARED = {
  iterate: async (it) => listed(it as AsyncIterable<Any>),
  has: async (it, [id = ""]) => it.has(id),
  get: async (it, [id = ""]) => text(await it.get(id)),
};

const FLOW: Record<string, (it: Flow, args: readonly string[]) => unknown> = {
  latest_run: async (it) => pathspec(await it.latestRun()),
  latest_successful_run: async (it) => pathspec(await it.latestSuccessfulRun()),
  runs: async (it, tags) => listed(it.runs(...tags)),
};

const RUN: Record<string, (it: Run, args: readonly string[]) => unknown> = {
  successful: async (it) => it.successful(),
  finished: async (it) => (await it.finished()) ?? null,
  finished_at: async (it) => millis(await it.finishedAt()),
  end_task: async (it) => pathspec(await it.endTask()),
  data: async (it) => names(await it.data()),
  code: async (it) => code(await it.code()),
  trigger: async (it) => trigger(await it.trigger()),
  steps: async (it, tags) => listed(it.steps(...tags)),
};

const STEP: Record<string, (it: Step, args: readonly string[]) => unknown> = {
  task: async (it) => pathspec(await it.task()),
  tasks: async (it, tags) => listed(it.tasks(...tags)),
  control_task: async (it) => pathspec(await it.controlTask()),
  control_tasks: async (it) => listed(it.controlTasks()),
  finished_at: async (it) => millis(await it.finishedAt()),
  environment_info: async (it) => (await it.environmentInfo()) ?? null,
  parent_steps: async (it) => pathspecs(it.parentSteps()),
  child_steps: async (it) => pathspecs(it.childSteps()),
};

const TASK: Record<string, (it: Task, args: readonly string[]) => unknown> = {
  metadata: async (it) =>
    (await it.metadata())
      .map(({ name, value, type, createdAt }) => [
        name,
        typeof value === "string" ? value : python(value),
        type,
        createdAt,
      ])
      .sort(byText),
  metadata_dict: async (it) => plain(await it.metadataDict()),
  index: async (it) => (await it.index()) ?? null,
  data: async (it) => names(await it.data()),
  artifacts: async (it) => [...(await it.artifacts()).keys()].sort(),
  successful: async (it) => it.successful(),
  finished: async (it) => (await it.finished()) ?? null,
  exception: async (it) => exception(await it.exception()),
  finished_at: async (it) => millis(await it.finishedAt()),
  runtime_name: (it) => it.runtimeName() ?? null,
  stdout: async (it) => long(await it.stdout()),
  stderr: async (it) => long(await it.stderr()),
  stdout_size: async (it) => it.stdoutSize(),
  stderr_size: async (it) => it.stderrSize(),
  loglines: async (it, [stream]) => lines(it.loglines(stream as "stdout")),
  current_attempt: async (it) => it.currentAttempt(),
  code: async (it) => code(await it.code()),
  environment_info: async (it) => (await it.environmentInfo()) ?? null,
  cards: async (it) => cards(await it.cards()),
  cards_not_followed: async (it) => cards(await it.cards({ followResumed: false })),
  cards_like: async (it, [type = "", id = ""]) =>
    cards(await it.cards({ ...(type !== "" && { type }), ...(id !== "" && { id }) })),
  parent_task_pathspecs: async (it) => (await collect(it.parentTaskPathspecs())).sort(),
  child_task_pathspecs: async (it) => (await collect(it.childTaskPathspecs())).sort(),
  parent_tasks: async (it) => (await pathspecs(it.parentTasks())).sort(),
  child_tasks: async (it) => (await pathspecs(it.childTasks())).sort(),
};

const ARTIFACT: Record<string, (it: DataArtifact, args: readonly string[]) => unknown> = {
  sha: (it) => it.sha,
  size: async (it) => it.size(),
  finished_at: (it) => it.finishedAt().getTime(),
  data: async (it) => value(it),
};

/** Every question by its whole name. */
const ANSWERS: Record<string, Answer | undefined> = {
  "Metaflow.metadata": async function (this: Asker) {
    return (await this.session(null)).metadata;
  },
  "Metaflow.namespace": async function (this: Asker, { namespace }: Asked) {
    return (await this.session(namespace)).namespace;
  },
  "Metaflow.flows": async function (this: Asker, { namespace }: Asked) {
    const flows = await collect((await this.session(namespace)).flows());
    return flows.map((flow) => flow.id).sort();
  },
  "Metaflow.get": async function (this: Asker, { namespace, object }: Asked) {
    return text(await (await this.session(namespace)).get(object ?? ""));
  },
  "Run.is_in_another_namespace": async function (this: Asker, asked: Asked) {
    const mf = await this.session(null);
    const run = await this.object({ ...asked, namespace: null });
    mf.setNamespace(asked.namespace);
    try {
      return await run.isInNamespace();
    } finally {
      mf.setNamespace(null);
    }
  },
  "Flow.remembered": async function (this: Asker, asked: Asked) {
    return elsewhere(this, asked, async (flow) => listed(flow));
  },
  "Flow.remembered_steps": async function (this: Asker, asked: Asked) {
    return elsewhere(this, asked, async (flow) => {
      const runs = await collect(flow);
      return Promise.all(runs.slice(0, 2).map(listed));
    });
  },
  ...constructors(),
  ...methods("Flow", { ...SHARED, ...PARENTS }, FLOW),
  ...methods("Run", { ...SHARED, ...PARENTS }, RUN),
  ...methods("Step", { ...SHARED, ...PARENTS }, STEP),
  ...methods("Task", { ...SHARED, ...PARENTS }, TASK),
  ...methods("DataArtifact", { ...SHARED, ...PARENTS }, ARTIFACT),
};

function constructors(): Record<string, Answer> {
  const classes = ["Flow", "Run", "Step", "Task", "DataArtifact"];
  const entries = classes.map((name, index): [string, Answer] => [
    name,
    async function (this: Asker, asked: Asked) {
      return text(await this.make(asked, KINDS[index] ?? "flow"));
    },
  ]);
  return Object.fromEntries(entries);
}

// The objects of a question are of the class that its name says, so each class's own answers fit.
function methods(
  name: string,
  shared: typeof SHARED,
  own: Record<string, (it: never, args: readonly string[]) => unknown>,
): Record<string, Answer> {
  const entries = Object.entries({ ...shared, ...own }).map(([end, answer]): [string, Answer] => [
    `${name}.${end}`,
    async function (this: Asker, asked: Asked) {
      return (answer as (it: Any, args: readonly string[]) => unknown)(await this.object(asked), asked.args);
    },
  ]);
  return Object.fromEntries(entries);
}

/** Uses a flow made in one namespace after the session has gone to another: objects remember the namespace of their creation. */
async function elsewhere(
  asker: Asker,
  asked: Asked,
  use: (flow: Flow) => Promise<unknown>,
): Promise<unknown> {
  const mf = await asker.session(asked.namespace);
  const flow = (await asker.make(asked, "flow")) as Flow;
  mf.setNamespace("nobody");
  try {
    return await use(flow);
  } finally {
    mf.setNamespace(asked.namespace);
  }
}

async function collect<T>(
  items: AsyncIterable<T> | Iterable<T> | Promise<Iterable<T> | AsyncIterable<T>>,
): Promise<T[]> {
  const all: T[] = [];
  for await (const item of await items) all.push(item);
  return all;
}

async function listed(items: AsyncIterable<Any>): Promise<[string, number][]> {
  return (await collect(items)).map((it) => [it.pathspec, it.createdAt.getTime()]);
}

async function pathspecs(items: AsyncIterable<Any>): Promise<string[]> {
  return (await collect(items)).map((it) => it.pathspec);
}

function pathspec(it: Any | undefined): string | null {
  return it?.pathspec ?? null;
}

function text(it: Any | undefined): string | null {
  return it === undefined ? null : it.toString();
}

function millis(date: Date | undefined): number | null {
  return date?.getTime() ?? null;
}

function names(data: { readonly names: readonly string[] } | undefined): string[] | null {
  return data === undefined ? null : [...data.names].sort();
}

function plain(map: unknown): unknown {
  return map instanceof Map ? Object.fromEntries(map) : map;
}

/** A JSON value as Python's json.dumps writes it: with spaces, and in ASCII. */
function python(it: unknown): string {
  if (Array.isArray(it)) return `[${it.map(python).join(", ")}]`;
  if (typeof it === "object" && it !== null) {
    const members = Object.entries(it).map(([name, each]) => `${python(name)}: ${python(each)}`);
    return `{${members.join(", ")}}`;
  }
  return JSON.stringify(it).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (left === right) continue;
    return (left as string) < (right as string) ? -1 : 1;
  }
  return 0;
}

function long(it: string | undefined): unknown {
  if (it === undefined || it.length <= LONG) return it ?? null;
  const raw = Buffer.from(it, "utf8");
  return { length: raw.length, sha1: createHash("sha1").update(raw).digest("hex") };
}

async function lines(
  found: Parameters<typeof collect<readonly [Date | undefined, string]>>[0],
): Promise<unknown> {
  const all = (await collect(found)).map(([moment, line]) => [millis(moment), line]);
  return all.length <= 200
    ? all
    : { count: all.length, first: all.slice(0, 20), last: all.slice(-20), sha1: digest(all) };
}

function digest(it: unknown): string {
  return sha1(JSON.stringify(it));
}

function sha1(it: string | Uint8Array): string {
  return createHash("sha1").update(it).digest("hex");
}

function exception(
  it:
    | { type?: string | undefined; exception?: string | undefined; stacktrace?: string | undefined }
    | undefined,
): unknown {
  if (it === undefined) return null;
  return { type: it.type ?? null, exception: it.exception ?? null, stacktrace: it.stacktrace ?? null };
}

async function code(it: MetaflowCode | undefined): Promise<unknown> {
  if (it === undefined) return null;
  const members = (await collect(it.tarball()))
    .map((member): [string, number] => [member.name, member.size])
    .sort(byText);
  return {
    path: it.path,
    info: it.info,
    script: it.scriptName,
    flowspec: sha1(it.flowspec ?? ""),
    members: [members.length, digest(members)],
    extracted: await extracted(it),
  };
}

async function extracted(it: MetaflowCode): Promise<string> {
  const folder = await it.extract();
  try {
    const all = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const files = await Promise.all(
      paths.map(async (path): Promise<[string, string]> => [
        relative(folder, path),
        sha1(await readFile(path)),
      ]),
    );
    return digest(files.sort(byText));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function cards(found: readonly Card[]): Promise<unknown> {
  const told = found.map(async (card) => {
    // Python opens the file as text, which turns the ends of lines.
    const html = (await card.html()).replaceAll(/\r\n?/g, "\n");
    const about = [card.type, card.id ?? null, card.hash, Buffer.byteLength(html), sha1(html)];
    return [...about, finite((await card.data()) ?? null), card.task.pathspec] as const;
  });
  return (await Promise.all(told)).sort((a, b) => (String(a[2]) < String(b[2]) ? -1 : 1));
}

/** JSON has no numbers that are not finite: as text, as Python's `str`. */
function finite(it: unknown): unknown {
  if (Array.isArray(it)) return it.map(finite);
  if (typeof it === "number" && !Number.isFinite(it))
    return Number.isNaN(it) ? "nan" : it > 0 ? "inf" : "-inf";
  if (typeof it !== "object" || it === null) return it;
  return Object.fromEntries(Object.entries(it).map(([name, each]) => [name, finite(each)]));
}

async function trigger(it: Awaited<ReturnType<Run["trigger"]>>): Promise<unknown> {
  if (it === undefined) return null;
  const runs = await it.runs();
  const all = [
    ...(it.events ?? []).map(({ name }) => name),
    ...(runs ?? []).map((run) => run.pathComponents[0] ?? ""),
  ];
  const names = [...new Set(all)].sort();
  const has = await Promise.all([...names, "nothing"].map(async (name) => it.has(name)));
  const got = await Promise.all(names.filter((_, index) => has[index]).map(async (name) => it.get(name)));
  return {
    event: event(it.event),
    events: (it.events ?? []).map(event),
    run: pathspec(await it.run()),
    runs: runs?.map((run) => run.pathspec) ?? null,
    iterated: [...it].map(event),
    has,
    got: got.map((one) => ("pathspec" in one ? one.pathspec : event(one))),
  };
}

function event(it: MetaflowEvent | undefined): unknown {
  if (it === undefined) return null;
  const { name, id = null, type, timestamp = null } = it;
  return { name, id, type, timestamp: timestamp instanceof Date ? timestamp.getTime() : timestamp };
}

/** The value in the lossless form; of an IncludeFile its content, as `data()` gives it. */
async function value(it: DataArtifact): Promise<unknown> {
  const document = await it.open();
  try {
    await document.complete;
    if (document.root.type.endsWith("IncludedFile")) return content(await it.data());
    return await document.root.tagged();
  } finally {
    document.close();
  }
}

function content(file: unknown): unknown {
  if (!(file instanceof Uint8Array)) return { t: "str", v: file };
  const head = Buffer.from(file.subarray(0, 64)).toString("hex");
  return { t: "bytes", len: file.length, sha1: sha1(file), head };
}
