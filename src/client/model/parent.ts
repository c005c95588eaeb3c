import type { IoOptions } from "../../base/io.ts";
import { MetaflowKeyError } from "../errors.ts";
import { isValidComponent } from "../pathspec.ts";
import { isBroken, type ChildRecord, type ObjectRecord } from "../records.ts";
import type { ChildQuery } from "../metadata/provider.ts";
import { MetaflowObject, type Page } from "./object.ts";
import { collectPage, matches, type PageQuery, type WithStatus } from "./page.ts";
import { checkQuery } from "./query.ts";

/** A flow, run or step: an object whose children have records of their own. Python: iteration, `[]` and `in`. */
export abstract class ParentObject<Child extends WithStatus> extends MetaflowObject {
  /** @internal Makes a child of its record. */
  protected abstract makeChild(record: ObjectRecord): Child;

  /** @internal Whether iteration shows a child; steps with a leading underscore are not shown. */
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
    if (record === undefined) throw MetaflowKeyError.below(this.pathspec, id);
    const child = this.makeChild(record);
    child.checkNamespace();
    return child;
  }

  /** Whether a child of this id exists, in any namespace. Python: `id in parent`. */
  async has(id: string, io?: IoOptions): Promise<boolean> {
    return (await this.childRecord(id, io)) !== undefined;
  }

  /** @internal The child of this id, or `undefined`. */
  protected async find(id: string, io?: IoOptions): Promise<Child | undefined> {
    const record = await this.childRecord(id, io);
    return record && this.makeChild(record);
  }

  /** @internal */
  protected async childRecord(id: string, io?: IoOptions): Promise<ObjectRecord | undefined> {
    if (!isValidComponent(id)) return undefined;
    return this.context.session.provider.record([...this.pathComponents, id], io);
  }

  /** @internal Children that have all these tags. Python: `runs(*tags)`, `steps(*tags)`, `tasks(*tags)`. */
  protected async *tagged(tags: readonly string[], io?: IoOptions): AsyncIterable<Child> {
    for await (const child of this.children({ tags }, io)) if (hasAll(child, tags)) yield child;
  }

  /** @internal The records that iteration goes over, broken ones included. */
  protected async *records(query?: ChildQuery, io?: IoOptions): AsyncIterable<ChildRecord> {
    const { session, checked, namespace } = this.context;
    const wanted = checked ? namespace : null;
    const tags = [...(query?.tags ?? []), ...(wanted === null ? [] : [wanted])];
    for await (const record of session.provider.children(this.pathComponents, { ...query, tags }, io)) {
      if (!this.shows(record.path.at(-1) ?? "")) continue;
      if (isBroken(record) || wanted === null || inNamespace(record, wanted)) yield record;
    }
  }

  /** A page of children, started last first. */
  async page(query: PageQuery<Child> = {}, io?: IoOptions): Promise<Page<Child>> {
    checkQuery(query);
    const tags = [...(query.tags ?? []), ...(query.user === undefined ? [] : [`user:${query.user}`])];
    const source = {
      records: (from: ChildQuery) => this.records({ ...from, tags }, io),
      make: (record: ObjectRecord) => this.makeChild(record),
      fits: async (child: Child) => matches(child, query, io),
    };
    return collectPage(source, query, io);
  }
}

function inNamespace(record: ObjectRecord, namespace: string): boolean {
  return record.userTags.includes(namespace) || record.systemTags.includes(namespace);
}

function hasAll(object: MetaflowObject, tags: readonly string[]): boolean {
  return tags.every((tag) => object.hasTag(tag));
}
