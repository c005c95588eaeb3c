import type { IoOptions } from "../../base/io.ts";
import { Shared } from "../../base/shared.ts";
import { Slices, sortInSlices } from "../../base/slices.ts";
import type { Json } from "./parse.ts";
import type { ChildQuery } from "./provider.ts";
import type { Listing, ServiceRequests } from "./serviceRequests.ts";

/**
 * What a service can do with a listing: `pages` where it has pages at all; `runs` can be filtered, too; `whole` is always sent at once, as steps
 * are: a flow has no more than its author wrote.
 */
export type ListingKind = "whole" | "pages" | "runs";

/** Services give no more a page. */
const LARGEST_PAGE = 500;
const FIRST_PAGE = 100;
/**
 * A service without pages sends everything each time, and answers nobody meanwhile: a listing of more than a page is kept for as many times the time
 * that it took.
 */
const KEPT_TIMES = 20;
const KEPT_AT_LEAST_MS = 1000;
const MOST_KEPT = 8;

/** Rows that were read together. */
export interface Rows {
  readonly rows: readonly Json[];
  readonly readMs: number;
}

interface Kept extends Rows {
  readonly untilMs: number;
}

/** The listings of a service, newest first: page by page where it has pages, else all at once, kept for a while. */
export class ServiceListings {
  readonly #requests: ServiceRequests;
  readonly #kept = new Map<string, Kept>();
  readonly #reading = new Shared<Rows>();
  /** Whether the service has pages; known after the first listing. */
  #hasPages: boolean | undefined;

  constructor(requests: ServiceRequests) {
    this.#requests = requests;
  }

  /** The rows of a listing from a place on, as many at a time as are likely to be taken. */
  async *rows(path: string, query: ChildQuery, kind: ListingKind, io?: IoOptions): AsyncIterable<Rows> {
    // Who takes all gets them by one request: pages are for who does not.
    const isWhole = kind === "whole" || (kind === "pages" && query.expected === Number.POSITIVE_INFINITY);
    if (isWhole || this.#hasPages === false) {
      yield after(await this.#all(path, io), query.after);
      return;
    }
    // The child that a page continues after comes once more.
    const again = query.after === undefined ? 0 : 1;
    let size = Math.min((query.expected ?? FIRST_PAGE) + again, LARGEST_PAGE);
    const filters = kind === "runs" ? filtersOf(query) : "";
    let cursor = "";
    for (;;) {
      const begun = performance.now();
      const listing = await this.#requests.listing(`${path}?_limit=${size}${filters}${cursor}`, io);
      if (listing === undefined) return;
      if (!listing.isPage) {
        this.#hasPages = false;
        yield after(await this.#keep(path, listing, begun, io), query.after);
        return;
      }
      this.#hasPages = true;
      yield after({ rows: listing.rows, readMs: Date.now() }, query.after);
      if (listing.cursor === undefined) return;
      cursor = `&_cursor=${encodeURIComponent(listing.cursor)}`;
      size = LARGEST_PAGE;
    }
  }

  /** The newest row of a listing. */
  async newest(path: string, io?: IoOptions): Promise<Json | undefined> {
    for await (const { rows } of this.rows(path, { expected: 1 }, "pages", io)) return rows[0];
    return undefined;
  }

  /** All values of a field, the newest row's first. */
  async ids(path: string, field: string, io?: IoOptions): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const { rows } of this.rows(path, {}, "pages", io))
      ids.push(...rows.map((row) => String(row[field])));
    return ids;
  }

  /** Has a listing read again the next time. */
  forget(path: string): void {
    this.#kept.delete(path);
  }

  async #all(path: string, io?: IoOptions): Promise<Rows> {
    const kept = this.#kept.get(path);
    if (kept !== undefined && performance.now() < kept.untilMs) return kept;
    const begun = performance.now();
    const listing = await this.#requests.listing(path, io);
    return listing === undefined ? NOTHING : this.#keep(path, listing, begun, io);
  }

  /** Puts a whole listing in order, once for all who asked for it, and keeps it where it was much. */
  async #keep(path: string, listing: Listing<Json>, begunMs: number, io?: IoOptions): Promise<Rows> {
    const readMs = Date.now();
    const tookMs = performance.now() - begunMs;
    return this.#reading.ask(
      path,
      async (signal) => {
        const rows = await sortInSlices([...listing.rows], newestFirst, new Slices({ signal }));
        if (rows.length <= LARGEST_PAGE || this.#hasPages === true) return { rows, readMs };
        const untilMs = performance.now() + Math.max(KEPT_AT_LEAST_MS, tookMs * KEPT_TIMES);
        this.#kept.delete(path);
        this.#kept.set(path, { rows, readMs, untilMs });
        for (const oldest of this.#kept.keys()) {
          if (this.#kept.size <= MOST_KEPT) break;
          this.#kept.delete(oldest);
        }
        return { rows, readMs };
      },
      io?.signal,
    );
  }
}

const NOTHING: Rows = { rows: [], readMs: 0 };

/**
 * What the service itself can leave out of a listing of runs. With each run comes its status, for which the filter lets all through: one request
 * for a page of runs and how they stand.
 */
function filtersOf({ after, tags = [] }: ChildQuery): string {
  const filters = ["status=running,completed,failed"];
  if (after !== undefined) filters.push(`ts_epoch%3Ale=${Math.ceil(after.startedAtMs)}`);
  // A comma parts tags here: those that have one are left to the caller.
  const askable = tags.filter((tag) => !tag.includes(","));
  if (askable.length > 0) filters.push(`_tags%3Aall=${askable.map(encodeURIComponent).join(",")}`);
  return filters.map((filter) => `&${filter}`).join("");
}

/** By time, then by id; ids that are numbers by their value. */
function newestFirst(a: Json, b: Json): number {
  return timeOf(b) - timeOf(a) || compareIds(idOf(b), idOf(a));
}

/** What follows a place; the rows are in order. */
function after({ rows, readMs }: Rows, from: ChildQuery["after"]): Rows {
  if (from === undefined) return { rows, readMs };
  const isBehind = (row: Json): boolean => {
    const time = timeOf(row);
    return time < from.startedAtMs || (time === from.startedAtMs && compareIds(idOf(row), from.id) < 0);
  };
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row === undefined || isBehind(row)) high = middle;
    else low = middle + 1;
  }
  return { rows: rows.slice(low), readMs };
}

function timeOf(row: Json): number {
  return Number(row["ts_epoch"]);
}

/** Of what the row is about: a task's row has its run's id, too. */
function idOf(row: Json): string {
  return String(row["id"] ?? row["task_id"] ?? row["step_name"] ?? row["run_number"] ?? row["flow_id"]);
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
