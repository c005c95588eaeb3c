import type { IoOptions } from "../../base/io.ts";
import { MetaflowError } from "../errors.ts";
import type { ChildQuery } from "../metadata/provider.ts";
import { isBroken, type ChildRecord, type ObjectRecord } from "../records.ts";
import type { State } from "../status/state.ts";
import type { MetaflowObject, Page } from "./object.ts";

/** Which children a page has: all that is asked for must hold. Filters read on until the page is full. */
export interface PageQuery<Child = unknown> {
  /** How many children at most; 100, of flows 1000. */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined;
  /** All of these tags, user or system. */
  readonly tags?: readonly string[] | undefined;
  /** One of these states. */
  readonly status?: readonly State[] | undefined;
  /** Of this user: with the tag `user:<name>`. */
  readonly user?: string | undefined;
  /** Started then or later. */
  readonly since?: Date | undefined;
  /** Started then or earlier. */
  readonly until?: Date | undefined;
  /** Part of the id or of a tag, upper and lower case alike. */
  readonly text?: string | undefined;
  /** A test of the child's record alone; asked before what has to be read. */
  readonly accepts?: ((child: Child) => boolean) | undefined;
  /** A test that may read; asked of the children that pass all others. */
  readonly where?: ((child: Child, io?: IoOptions) => Promise<boolean>) | undefined;
}

/** Where a page takes its children from. */
export interface PageSource<Child> {
  /** In the order of their starts, the last one first. */
  readonly records: (query: ChildQuery) => AsyncIterable<ChildRecord>;
  readonly make: (record: ObjectRecord) => Child;
  /** Whether a child is as asked for. */
  readonly fits: (child: Child) => Promise<boolean>;
}

/** What is asked of the place in the listing. */
type Span = Pick<PageQuery, "limit" | "cursor" | "since" | "until">;

const PAGE = 100;

/** A page of the children that fit; reads on until the page is full. What a child cannot be asked is that child's problem. */
export async function collectPage<Child extends MetaflowObject>(
  source: PageSource<Child>,
  { limit = PAGE, cursor, since, until }: Span,
  io?: IoOptions,
): Promise<Page<Child>> {
  const items: Child[] = [];
  const problems: MetaflowError[] = [];
  let last: ObjectRecord | undefined;
  for await (const record of source.records({ after: placeOf({ cursor, until }), expected: limit + 1 })) {
    io?.signal?.throwIfAborted();
    if (isBroken(record)) {
      problems.push(record.problem);
      continue;
    }
    const child = source.make(record);
    if (since !== undefined && child.startedAt < since) break; // So is all that follows.
    const fits = await asked(child, source, io);
    if (fits instanceof MetaflowError) problems.push(fits);
    if (fits !== true) continue;
    if (items.length === limit) return { items, problems, cursor: last && cursorOf(last) };
    items.push(child);
    last = record;
  }
  return { items, problems, cursor: undefined };
}

/** Whether a child is as asked for; the child's problem where that cannot be told. */
async function asked<Child extends MetaflowObject>(
  child: Child,
  source: PageSource<Child>,
  io?: IoOptions,
): Promise<boolean | MetaflowError> {
  try {
    return await source.fits(child);
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

/** A child whose status can be asked for: a run, step or task. */
export interface WithStatus extends MetaflowObject {
  /** How it stands. */
  status(io?: IoOptions): Promise<{ readonly state: State }>;
}

/** Whether a run, step or task is as asked for. Reads only for its status, and for what `where` reads. */
export async function matches<Child extends WithStatus>(
  child: Child,
  { tags = [], user, text, accepts, status, where }: PageQuery<Child>,
  io?: IoOptions,
): Promise<boolean> {
  if (!tags.every((tag) => child.hasTag(tag))) return false;
  if (accepts?.(child) === false) return false;
  if (user !== undefined && !child.hasTag(`user:${user}`)) return false;
  if (text !== undefined && ![child.id, ...child.tags].some((each) => contains(each, text))) return false;
  if (status !== undefined && !status.includes((await child.status(io)).state)) return false;
  return where === undefined || where(child, io);
}

/** Whether a text has a part, upper and lower case alike. */
export function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

/** A cursor names the last child shown, so that it survives what comes and goes around it. */
function cursorOf(record: ObjectRecord): string {
  return `${record.startedAtMs}:${record.path.at(-1) ?? ""}`;
}

function parseCursor(cursor: string): NonNullable<ChildQuery["after"]> {
  const at = cursor.indexOf(":");
  return { startedAtMs: Number(cursor.slice(0, at)), id: cursor.slice(at + 1) };
}

/** Where a page begins: behind its cursor, and not before `until`, which the query that gave the cursor need not have asked for. */
function placeOf({ cursor, until }: Pick<Span, "cursor" | "until">): ChildQuery["after"] {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const start = until && startOf(until);
  return after === undefined || (start !== undefined && start.startedAtMs <= after.startedAtMs)
    ? start
    : after;
}

/** The place in front of what was started in or before this millisecond. */
function startOf(until: Date): NonNullable<ChildQuery["after"]> {
  return { startedAtMs: until.getTime() + 1, id: "" };
}
