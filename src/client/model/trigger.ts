import type { IoOptions } from "../../base/io.ts";
import { MetaflowInternalError, MetaflowKeyError } from "../errors.ts";
import { unchecked, type ObjectContext } from "./context.ts";
import type { Run } from "./run.ts";

/** An event that started a run. Python: `metaflow.events.MetaflowEvent`. */
export interface MetaflowEvent {
  /** The event's name; of an event of type `run` the flow that triggered. */
  readonly name: string;
  /** Of an event of type `run`: the pathspec of the end task of the run that triggered. `undefined` where the event came without one. */
  readonly id: string | undefined;
  /** `event`, or `run` where another run's end triggered. */
  readonly type: string;
  /** A Date where Metaflow recorded whole seconds; else as recorded. */
  readonly timestamp: unknown;
}

/** What started a run, newest event first. Python: `metaflow.events.Trigger`. */
export class Trigger {
  /** `undefined` when there is none, as in Python. */
  readonly events: readonly MetaflowEvent[] | undefined;
  readonly #context: ObjectContext;

  /** @internal `recorded`: the parsed `execution-triggers` metadata. */
  constructor(recorded: unknown, context: ObjectContext) {
    if (!Array.isArray(recorded))
      throw new MetaflowInternalError("The recorded triggers are not a list of events");
    const events = recorded.map(asEvent).sort((a, b) => b.at - a.at);
    this.events = events.length === 0 ? undefined : events.map(({ event }) => event);
    this.#context = context;
  }

  /** Python: iteration, over the events. */
  [Symbol.iterator](): Iterator<MetaflowEvent> {
    return (this.events ?? [])[Symbol.iterator]();
  }

  /** The latest event. */
  get event(): MetaflowEvent | undefined {
    return this.events?.[0];
  }

  /** The latest run that triggered; `undefined` when no event is one of a run. */
  async run(io?: IoOptions): Promise<Run | undefined> {
    return (await this.runs(io))?.[0];
  }

  /** The runs that triggered, in any namespace; `undefined` when no event is one of a run. */
  async runs(io?: IoOptions): Promise<readonly Run[] | undefined> {
    const ids = (this.events ?? [])
      .filter(({ type }) => type === "run")
      .map(({ id = "" }) => id.split("/").slice(0, 2));
    if (ids.length === 0) return undefined;
    const context = unchecked(this.#context);
    return Promise.all(ids.map(async (path) => context.make.openRun(path, context, io)));
  }

  /** The run of this flow, or, when no run triggered, the event of this name. Python: `trigger[key]`. Throws MetaflowKeyError. */
  async get(key: string, io?: IoOptions): Promise<Run | MetaflowEvent> {
    const runs = await this.runs(io);
    const found =
      runs === undefined
        ? this.events?.find(({ name }) => name === key)
        : runs.find(({ pathComponents }) => pathComponents[0] === key);
    if (found === undefined) throw new MetaflowKeyError(key);
    return found;
  }

  /** Python: `key in trigger`. */
  async has(key: string, io?: IoOptions): Promise<boolean> {
    const runs = await this.runs(io);
    return runs === undefined
      ? (this.events ?? []).some(({ name }) => name === key)
      : runs.some(({ pathComponents }) => pathComponents[0] === key);
  }
}

function asEvent(raw: unknown): { event: MetaflowEvent; at: number } {
  if (typeof raw !== "object" || raw === null)
    throw new MetaflowInternalError("A recorded trigger is not an event");
  const { name, id, type, timestamp } = raw as Record<string, unknown>;
  const isSeconds = typeof timestamp === "number" && Number.isInteger(timestamp) && timestamp !== 0;
  return {
    event: {
      name: String(name),
      id: typeof id === "string" || typeof id === "number" ? String(id) : undefined,
      type: String(type),
      timestamp: isSeconds ? new Date(timestamp * 1000) : (timestamp ?? undefined),
    },
    at: typeof timestamp === "number" && timestamp !== 0 ? timestamp : Number.NEGATIVE_INFINITY,
  };
}
