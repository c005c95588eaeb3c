import type { IoOptions } from "../../base/io.ts";
import { MetaflowNamespaceMismatch, MetaflowNotFound, type MetaflowError } from "../errors.ts";
import { classNameOf, KINDS, type Kind, type PathComponents } from "../pathspec.ts";
import type { ObjectRecord } from "../records.ts";
import type { ObjectContext } from "./context.ts";

/**
 * What all five classes share. Loaded is a property, reading is a method. Python: `metaflow.client.core.MetaflowObject`.
 */
export abstract class MetaflowObject {
  /** Which of the five it is; tells the classes apart without `instanceof`. */
  abstract readonly kind: Kind;
  /** The last part of the pathspec. */
  readonly id: string;
  /** `Flow/run/step/task/artifact`, as far as the kind goes. */
  readonly pathspec: string;
  /** The parts of the pathspec. Python: `path_components`. */
  readonly pathComponents: PathComponents;
  /** The attempt that was asked for; only tasks and artifacts have one. */
  readonly attempt: number | undefined;
  readonly #createdAtMs: number;
  readonly #startedAtMs: number;
  /** @internal */
  protected readonly context: ObjectContext;
  #userTags: readonly string[];
  readonly #systemTags: readonly string[];

  /** @internal */
  constructor(record: ObjectRecord, context: ObjectContext, attempt?: number) {
    this.id = record.path.at(-1) ?? "";
    this.pathspec = record.path.join("/");
    this.pathComponents = record.path;
    this.attempt = attempt;
    this.#createdAtMs = record.createdAtMs;
    this.#startedAtMs = record.startedAtMs;
    this.context = context;
    this.#userTags = record.userTags;
    this.#systemTags = record.systemTags;
    for (const tag of record.userTags) context.session.tagsSeen.add(tag);
    for (const tag of record.systemTags) context.session.tagsSeen.add(tag);
  }

  /** The recorded `ts_epoch`. Python: `created_at`, there without a time zone. */
  get createdAt(): Date {
    return new Date(this.#createdAtMs);
  }

  /** When it was made, which no edit of tags moves: for a local run the time in its id. */
  get startedAt(): Date {
    return new Date(this.#startedAtMs);
  }

  /** User and system tags of the run that the object belongs to. */
  get tags(): ReadonlySet<string> {
    return new Set([...this.#systemTags, ...this.#userTags]);
  }

  /** The tags that people gave. Python: `user_tags`. */
  get userTags(): ReadonlySet<string> {
    return new Set(this.#userTags);
  }

  /** The tags that Metaflow gave: `user:ada`, `runtime:dev`, `metaflow_version:2.19.39`. Python: `system_tags`. */
  get systemTags(): ReadonlySet<string> {
    return new Set(this.#systemTags);
  }

  /** @internal The tags after an edit. */
  protected setUserTags(tags: readonly string[]): void {
    this.#userTags = tags;
  }

  /** Whether the object is in the session's current namespace. Reads nothing but for a flow, which is where one of its runs is. */
  async isInNamespace(_io?: IoOptions): Promise<boolean> {
    return Promise.resolve(this.hasNamespace(this.context.session.namespace));
  }

  /** Whether a tag is among the object's, user or system. */
  hasTag(tag: string): boolean {
    return this.#userTags.includes(tag) || this.#systemTags.includes(tag);
  }

  /** @internal Whether the namespace is global or one of the object's tags. */
  protected hasNamespace(namespace: string | null): boolean {
    return namespace === null || this.hasTag(namespace);
  }

  /** @internal Throws MetaflowNamespaceMismatch when the object is outside the namespace of its creation. */
  checkNamespace(): void {
    const { checked, namespace } = this.context;
    if (checked && namespace !== null && !this.hasNamespace(namespace)) {
      throw new MetaflowNamespaceMismatch(namespace, { pathspec: this.pathspec });
    }
  }

  /** The object that contains this one; `undefined` for a flow. Python: `parent`. */
  abstract parent(io?: IoOptions): Promise<MetaflowObject | undefined>;

  /** The object that a resume cloned this one from; `undefined` when there is none. Python: `origin_pathspec`. */
  abstract originPathspec(io?: IoOptions): Promise<string | undefined>;

  /** As in Python: `Task('F/1/s/2', attempt=0)`. */
  toString(): string {
    return describe(this.kind, this.pathspec, this.attempt);
  }
}

/** Python's text form of an object: `Run('F/1')`. */
export function describe(kind: Kind, pathspec: string, attempt?: number): string {
  const suffix = attempt === undefined ? "" : `, attempt=${attempt}`;
  return `${classNameOf(kind)}('${pathspec}'${suffix})`;
}

/** The error of a path at which there is nothing, in Python's words. */
export function notFound(path: PathComponents, attempt?: number): MetaflowNotFound {
  const pathspec = path.join("/");
  return new MetaflowNotFound(
    `${describe(KINDS[path.length - 1] ?? "artifact", pathspec, attempt)} does not exist`,
    {
      pathspec,
    },
  );
}

/** One page of children. */
export interface Page<T> {
  /** The children that are as asked for, started last first. */
  readonly items: readonly T[];
  /** Where the next page starts: give it back as `cursor`. `undefined` on the last page. */
  readonly cursor: string | undefined;
  /** Children that are there but cannot be read, each with its place and cause. */
  readonly problems: readonly MetaflowError[];
}
