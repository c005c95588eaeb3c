import type { IoOptions } from "../../base/io.ts";
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
 * A service without pages sends everything each time, and answers nobody meanwhile: its listing is kept for as many times the time that it took.
 */
const KEPT_TIMES = 20;
const KEPT_AT_LEAST_MS = 1000;
const MOST_KEPT = 8;

interface Kept {
  readonly rows: readonly Json[];
  readonly untilMs: number;
}

/** The listings of a service, newest first: page by page where it has pages, else all at once, kept for a while. */
export class ServiceListings {
  readonly #requests: ServiceRequests;
  readonly #kept = new Map<string, Kept>();
  /** Whether the service has pages; known after the first listing. */
  #hasPages: boolean | undefined;

  constructor(requests: ServiceRequests) {
    this.#requests = requests;
  }

  /** The rows of a listing from a place on, as many at a time as are likely to be taken. */
  async *rows(
    path: string,
    query: ChildQuery,
    kind: ListingKind,
    io?: IoOptions,
  ): AsyncIterable<readonly Json[]> {
    if (kind === "whole" || this.#hasPages === false) {
      yield await this.#all(path, query.after, io);
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
        yield this.#keep(path, listing, begun, query.after);
        return;
      }
      this.#hasPages = true;
      yield after(listing.rows, query.after);
      if (listing.cursor === undefined) return;
      cursor = `&_cursor=${encodeURIComponent(listing.cursor)}`;
      size = LARGEST_PAGE;
    }
  }

  /** What tells a listing from an older one: its newest row. */
  async newest(path: string, io?: IoOptions): Promise<string> {
    for await (const [first] of this.rows(path, { expected: 1 }, "pages", io))
      return first === undefined ? "" : JSON.stringify(first);
    return "";
  }

  /** All values of a field, the newest row's first. */
  async ids(path: string, field: string, io?: IoOptions): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const rows of this.rows(path, {}, "pages", io))
      ids.push(...rows.map((row) => String(row[field])));
    return ids;
  }

  /** Has a listing read again the next time. */
  forget(path: string): void {
    this.#kept.delete(path);
  }

  async #all(path: string, from: ChildQuery["after"], io?: IoOptions): Promise<readonly Json[]> {
    const kept = this.#kept.get(path);
    if (kept !== undefined && performance.now() < kept.untilMs) return after(kept.rows, from);
    const begun = performance.now();
    const listing = await this.#requests.listing(path, io);
    return listing === undefined ? [] : this.#keep(path, listing, begun, from);
  }

  #keep(path: string, listing: Listing<Json>, begunMs: number, from: ChildQuery["after"]): readonly Json[] {
    const rows = [...listing.rows].sort(newestFirst);
    const now = performance.now();
    this.#kept.delete(path);
    this.#kept.set(path, { rows, untilMs: now + Math.max(KEPT_AT_LEAST_MS, (now - begunMs) * KEPT_TIMES) });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return after(rows, from);
  }
}

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

function after(rows: readonly Json[], from: ChildQuery["after"]): readonly Json[] {
  if (from === undefined) return rows;
  return rows.filter((row) => {
    const time = timeOf(row);
    return time < from.startedAtMs || (time === from.startedAtMs && compareIds(idOf(row), from.id) < 0);
  });
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
