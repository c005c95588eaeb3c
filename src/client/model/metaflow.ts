import type { IoOptions } from "../../base/io.ts";
import {
  MetaflowConfigError,
  MetaflowInvalidPathspec,
  MetaflowNamespaceMismatch,
  MetaflowNotFound,
} from "../errors.ts";
import { isValidComponent, kindOf, parsePathspec } from "../pathspec.ts";
import type { ChildQuery, MetadataProvider } from "../metadata/provider.ts";
import { isBroken, type ObjectRecord } from "../records.ts";
import { defaultType, openDefaultProvider, openProvider, parseMetadata } from "../providers.ts";
import type { Session } from "../session.ts";
import type { DataArtifact } from "./artifact.ts";
import { watchChanges, type Changes } from "./changes.ts";
import type { AnyObject, ObjectContext } from "./context.ts";
import { MAX_ATTEMPTS } from "./dataFile.ts";
import { objectFactory } from "./factory.ts";
import type { Flow, RunPageQuery } from "./flow.ts";
import type { MetaflowObject, Page } from "./object.ts";
import { collectPage, contains } from "./page.ts";
import { checkQuery } from "./query.ts";
import type { Run } from "./run.ts";
import { seenTags, type SeenTags } from "./seen.ts";
import type { Step } from "./step.ts";
import type { Task } from "./task.ts";

/** Options of an object that has attempts. */
export interface AttemptOptions extends IoOptions {
  /** 0 to 5, or the text of such a number. One that does not exist is accepted, as in Python: it has no artifacts and an empty log. */
  readonly attempt?: number | string | undefined;
}

const FLOWS_A_PAGE = 1000;

/** A session: a metadata provider, its datastores and a namespace. Python: `Metaflow()`, `metadata()`, `namespace()`. */
export class Metaflow implements AsyncIterable<Flow> {
  /** What `metadata` was when the session was opened by its configuration. Python: `default_metadata()`. */
  readonly defaultMetadata: string;
  #session: Session;
  /** What `setMetadata` chose last of each kind. */
  readonly #chosen = new Map<string, MetadataProvider>();
  /** One for each provider that was in use: objects made of it stay usable until the end. */
  readonly #sessions = new Set<Session>();

  /** @internal Use `openMetaflow`. */
  constructor(session: Session, defaultMetadata: string) {
    this.#session = session;
    this.#sessions.add(session);
    this.defaultMetadata = defaultMetadata;
  }

  /** The namespace of objects made from now on; `null` is the global one. Throws MetaflowUnknownUser where no user is known. */
  get namespace(): string | null {
    return this.#session.namespace;
  }

  /** `user:<name>` or `production:<token>`. Throws MetaflowUnknownUser. */
  get defaultNamespace(): string {
    return this.#session.defaultNamespace;
  }

  /** Chooses the namespace of objects made from now on; `null` is the global one. Python: `namespace(ns)`. */
  setNamespace(namespace: string | null): void {
    this.#session.namespace = namespace;
  }

  /** Python: `get_metadata()`: `local@/path`, `service@http://host`. */
  get metadata(): string {
    return this.#session.provider.description;
  }

  /**
   * Switches to another provider and gives its description. Objects made before keep theirs. Python: `metadata(ms)`.
   * A kind alone (`local`, `spin`) is the place that was chosen for it last, else the configured one.
   */
  async setMetadata(ms: string): Promise<string> {
    const { config } = this.#session;
    const { type, place } = parseMetadata(ms);
    const chosen = place === "" ? this.#chosen.get(type) : undefined;
    const provider = chosen ?? (await openProvider(ms, config));
    if (place !== "") this.#chosen.set(type, provider);
    return this.#use(provider);
  }

  /**
   * Switches back to the configured kind of metadata, as in Python to the place that was chosen for that kind last.
   * Python: `default_metadata()`.
   */
  async resetMetadata(): Promise<string> {
    const { config } = this.#session;
    return this.#use(this.#chosen.get(defaultType(config)) ?? (await openDefaultProvider(config)));
  }

  #use(provider: MetadataProvider): string {
    this.#session = this.#session.on(provider);
    this.#sessions.add(this.#session);
    return this.metadata;
  }

  /** The flows that have a run in the namespace. Python: `Metaflow().flows`. */
  async *flows(io?: IoOptions): AsyncIterable<Flow> {
    let context: ObjectContext | undefined;
    for await (const record of this.#session.provider.children([], undefined, io)) {
      if (isBroken(record)) continue;
      context ??= this.#context(); // Where there is no flow nobody needs to know the user.
      const flow = objectFactory.flow(record, context);
      if (await isVisible(flow, io)) yield flow;
    }
  }

  /** The same as `flows`. Python: `for flow in Metaflow()`. */
  async *[Symbol.asyncIterator](): AsyncIterator<Flow> {
    yield* this.flows();
  }

  /**
   * A page of the flows, made last first, with those that cannot be read as problems. `text` is a part of the flow's name; all else that is
   * asked for must hold for one of its runs.
   */
  async page(query: RunPageQuery = {}, io?: IoOptions): Promise<Page<Flow>> {
    checkQuery(query);
    const context = this.#context();
    const { limit = FLOWS_A_PAGE, cursor, text, ...ofRun } = query;
    const anyRun = Object.values(ofRun).every((asked) => asked === undefined);
    const source = {
      records: (from: ChildQuery) => context.session.provider.children([], from, io),
      make: (record: ObjectRecord) => objectFactory.flow(record, context),
      fits: async (flow: Flow) =>
        (text === undefined || contains(flow.id, text)) &&
        (anyRun ? isVisible(flow, io) : (await flow.page({ ...ofRun, limit: 1 }, io)).items.length > 0),
    };
    return collectPage(source, { limit, cursor }, io);
  }

  /** A flow by name. Python: `Metaflow()[name]`. Throws MetaflowNotFound, MetaflowNamespaceMismatch. */
  async get(name: string, io?: IoOptions): Promise<Flow> {
    return this.flow(name, io);
  }

  /** Whether the flow exists, in any namespace. */
  async has(name: string, io?: IoOptions): Promise<boolean> {
    return isValidComponent(name) && (await this.#session.provider.record([name], io)) !== undefined;
  }

  /** Python: `Flow('F')`. Throws MetaflowNotFound, MetaflowNamespaceMismatch, MetaflowInvalidPathspec. */
  async flow(pathspec: string, io?: IoOptions): Promise<Flow> {
    refuseAttempt(io);
    const flow = await objectFactory.openFlow(parsePathspec(pathspec, "flow"), this.#context(), io);
    await flow.checkRuns(io);
    return flow;
  }

  /** Python: `Run('F/1')`. Throws as `flow`. */
  async run(pathspec: string, io?: IoOptions): Promise<Run> {
    refuseAttempt(io);
    return checked(await objectFactory.openRun(parsePathspec(pathspec, "run"), this.#context(), io));
  }

  /** Python: `Step('F/1/s')`. Throws as `flow`. */
  async step(pathspec: string, io?: IoOptions): Promise<Step> {
    refuseAttempt(io);
    return checked(await objectFactory.openStep(parsePathspec(pathspec, "step"), this.#context(), io));
  }

  /** Python: `Task('F/1/s/2', attempt=0)`. Throws as `flow`. */
  async task(pathspec: string, options?: AttemptOptions): Promise<Task> {
    const attempt = checkAttempt(options?.attempt);
    const path = parsePathspec(pathspec, "task");
    return checked(await objectFactory.openTask(path, this.#context(), attempt, options));
  }

  /** Python: `DataArtifact('F/1/s/2/x', attempt=0)`. Throws as `flow`. */
  async artifact(pathspec: string, options?: AttemptOptions): Promise<DataArtifact> {
    const attempt = checkAttempt(options?.attempt);
    const path = parsePathspec(pathspec, "artifact");
    return checked(await objectFactory.openArtifact(path, this.#context(), attempt, options));
  }

  /** The object that a pathspec names, by its number of components. */
  async object(pathspec: string, options?: AttemptOptions): Promise<AnyObject> {
    const kind = kindOf(pathspec);
    if (kind === undefined) {
      throw new MetaflowInvalidPathspec(`'${pathspec}' is not a pathspec: it has more than five parts`, {
        pathspec,
      });
    }
    return this[kind](pathspec, options);
  }

  /** A session on the results of `spin`. Python: `inspect_spin`. */
  async inspectSpin(datastoreRoot = "."): Promise<Metaflow> {
    if (typeof (datastoreRoot as unknown) !== "string")
      throw new MetaflowConfigError("The folder of the results of spin must be text");
    const provider = await openProvider(`spin@${datastoreRoot}`, this.#session.config);
    return new Metaflow(this.#session.on(provider), this.defaultMetadata);
  }

  /** Changes at or below an object, by file events or cheap looks; without a pathspec those of the flows and their runs. */
  watch(pathspec = "", io?: IoOptions): Changes {
    const path = pathspec === "" ? [] : parsePathspec(pathspec, kindOf(pathspec) ?? "artifact");
    return watchChanges(this.#session.provider, path.slice(0, 4), io);
  }

  /** What the tags of everything read so far tell: for completion and pickers. Reads nothing. */
  tagsSeen(): SeenTags {
    return seenTags(this.#session.tagsSeen);
  }

  /** Ends the session. Objects made by it must not be used any more. */
  async close(): Promise<void> {
    for (const session of this.#sessions) await session.close();
  }

  toString(): string {
    return "Metaflow()";
  }

  #context(): ObjectContext {
    const { namespace } = this.#session;
    return { session: this.#session, make: objectFactory, namespace, checked: namespace !== null };
  }
}

async function isVisible(flow: Flow, io?: IoOptions): Promise<boolean> {
  try {
    await flow.checkRuns(io);
    return true;
  } catch (cause) {
    if (cause instanceof MetaflowNamespaceMismatch) return false;
    throw cause;
  }
}

function checked<T extends MetaflowObject>(object: T): T {
  object.checkNamespace();
  return object;
}

/** Flows, runs and steps have no attempts; callers without types may ask for one. Python's words. */
function refuseAttempt(options: AttemptOptions | undefined): void {
  if (options?.attempt === undefined || (options.attempt as unknown) === null) return;
  throw new MetaflowNotFound("Attempts can only be specified for Task or DataArtifact");
}

/** Python's checks of `attempt=`, in its order and words. */
function checkAttempt(attempt: unknown): number | undefined {
  if (attempt === undefined || attempt === null) return undefined;
  const number = Math.trunc(integerOf(attempt));
  if (Number.isNaN(number)) throw new MetaflowNotFound("Attempt can only be an integer");
  if (number < 0) throw new MetaflowNotFound("Attempt can only be non-negative");
  if (number >= MAX_ATTEMPTS) throw new MetaflowNotFound(`Attempt can only be smaller than ${MAX_ATTEMPTS}`);
  return number;
}

/** Python: `int(value)`; NaN where it raises. */
function integerOf(value: unknown): number {
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  const isInteger = typeof value === "string" && /^\s*[+-]?\d+(_\d+)*\s*$/.test(value);
  return isInteger ? Number(value.replaceAll("_", "")) : Number.NaN;
}
