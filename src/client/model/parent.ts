import type { IoOptions } from "../../base/io.ts";
import { MetaflowError, MetaflowKeyError } from "../errors.ts";
import { isValidComponent } from "../pathspec.ts";
import { isBroken, type ChildRecord, type ObjectRecord } from "../records.ts";
import type { ChildQuery } from "../metadata/provider.ts";
import { MetaflowObject, type Page } from "./object.ts";

/** The kinds of page questions that every parent answers. */
export interface PageQuery {
  /** How many children at most; 100. */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined;
  /** All of these tags, user or system. */
  readonly tags?: readonly string[] | undefined;
}

const PAGE = 100;

/** Whether a page has a child; `"end"` where no child after it can be in the page either. */
export type Verdict = boolean | "end";

/** A flow, run or step: an object whose children have records of their own. Python: iteration, `[]` and `in`. */
export abstract class ParentObject<Child extends MetaflowObject> extends MetaflowObject {
  /** Makes a child of its record. */
  protected abstract makeChild(record: ObjectRecord): Child;

  /** Whether iteration shows a child; steps with a leading underscore are not shown. */
  protected shows(_id: string): boolean {
    return true;
  }

  /** Children in the namespace of this object's creation, newest first, read as they are asked for. What cannot be read is left out: see `page`. */
  [Symbol.asyncIterator](): AsyncIterator<Child> {
    return this.children()[Symbol.asyncIterator]();
  }

  /** The same with options. */
  async *children(query?: ChildQuery, io?: IoOptions): AsyncIterable<Child> {
    for await (const record of this.records(query, io)) if (!isBroken(record)) yield this.makeChild(record);
  }

  /** A child by its id. Python: `parent[id]`. Throws MetaflowKeyError when there is none, MetaflowNamespaceMismatch as iteration would hide it. */
  async get(id: string, io?: IoOptions): Promise<Child> {
    const record = await this.childRecord(id, io);
    if (record === undefined) throw new MetaflowKeyError(id, { pathspec: `${this.pathspec}/${id}` });
    const child = this.makeChild(record);
    child.checkNamespace();
    return child;
  }

  /** Whether a child of this id exists, in any namespace. Python: `id in parent`. */
  async has(id: string, io?: IoOptions): Promise<boolean> {
    return (await this.childRecord(id, io)) !== undefined;
  }

  /** The child of this id, or `undefined`. */
  protected async find(id: string, io?: IoOptions): Promise<Child | undefined> {
    const record = await this.childRecord(id, io);
    return record && this.makeChild(record);
  }

  protected async childRecord(id: string, io?: IoOptions): Promise<ObjectRecord | undefined> {
    if (!isValidComponent(id)) return undefined;
    return this.context.session.provider.record([...this.pathComponents, id], io);
  }

  /** Children that have all these tags. Python: `runs(*tags)`, `steps(*tags)`, `tasks(*tags)`. */
  protected async *tagged(tags: readonly string[], io?: IoOptions): AsyncIterable<Child> {
    for await (const child of this.children(undefined, io)) if (hasAll(child, tags)) yield child;
  }

  /** The records that iteration goes over, broken ones included. */
  protected async *records(query?: ChildQuery, io?: IoOptions): AsyncIterable<ChildRecord> {
    const { session, checked, namespace } = this.context;
    const wanted = checked ? namespace : null;
    for await (const record of session.provider.children(this.pathComponents, query, io)) {
      if (!this.shows(record.path.at(-1) ?? "")) continue;
      if (isBroken(record) || wanted === null || inNamespace(record, wanted)) yield record;
    }
  }

  /** A page of the children that pass a test; reads on until the page is full. What a test fails with is that child's problem. */
  protected async collectPage(
    query: PageQuery,
    accepts: (child: Child) => Promise<Verdict> | Verdict,
    io?: IoOptions,
  ): Promise<Page<Child>> {
    const limit = query.limit ?? PAGE;
    const items: Child[] = [];
    const problems: MetaflowError[] = [];
    let last: ObjectRecord | undefined;
    const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    for await (const record of this.records({ after, expected: limit + 1 }, io)) {
      io?.signal?.throwIfAborted();
      if (isBroken(record)) {
        problems.push(record.problem);
        continue;
      }
      const child = this.makeChild(record);
      if (!hasAll(child, query.tags ?? [])) continue;
      const verdict = await asked(child, accepts, io);
      if (verdict === "end") break;
      if (verdict instanceof MetaflowError) problems.push(verdict);
      if (verdict !== true) continue;
      if (items.length === limit) return { items, problems, cursor: last && cursorOf(last) };
      items.push(child);
      last = record;
    }
    return { items, problems, cursor: undefined };
  }
}

/** What a test says of a child; the child's problem where it cannot tell. */
async function asked<Child extends MetaflowObject>(
  child: Child,
  accepts: (child: Child) => Promise<Verdict> | Verdict,
  io?: IoOptions,
): Promise<Verdict | MetaflowError> {
  try {
    return await accepts(child);
  } catch (error) {
    io?.signal?.throwIfAborted();
    if (!(error instanceof MetaflowError)) throw error;
    // What could not be read may lie below the child or elsewhere: the page says whose problem it is.
    return new MetaflowError(error.message, {
      ...error.context,
      pathspec: child.pathspec,
      cause: error,
    });
  }
}

function inNamespace(record: ObjectRecord, namespace: string): boolean {
  return record.userTags.includes(namespace) || record.systemTags.includes(namespace);
}

function hasAll(object: MetaflowObject, tags: readonly string[]): boolean {
  return tags.every((tag) => object.hasTag(tag));
}

/** A cursor names the last child shown, so that it survives what comes and goes around it. */
function cursorOf(record: ObjectRecord): string {
  return `${record.startedAtMs}:${record.path.at(-1) ?? ""}`;
}

function parseCursor(cursor: string): NonNullable<ChildQuery["after"]> {
  const at = cursor.indexOf(":");
  return { startedAtMs: Number(cursor.slice(0, at)), id: cursor.slice(at + 1) };
}
