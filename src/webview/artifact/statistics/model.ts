import type { Profile, ProfileParams } from "../../../protocol/profile.ts";
import type { ColumnFacts, Range, TableFacts, TablePlace } from "../../../protocol/table.ts";
import type { Viewer } from "../viewer.ts";
import { problemOf } from "../problem.ts";

/** Columns whose profiles are kept: those on the screen, and from the first on as many as fit. */
const MOST_KEPT = 2000;
/** Columns whose names are asked for at once. */
const NAMES = 1000;

/** The place of all elements of an array in the list, before its columns. */
export const WHOLE = -1;

/** A request that is to be made next. */
type Job =
  | { readonly kind: "names"; readonly range: Range }
  | { readonly kind: "profile"; readonly range: Range; readonly exact: boolean }
  | { readonly kind: "whole"; readonly exact: boolean };

/** What is known of the columns of a table, and what is asked next: what is on the screen first, estimates before exact figures. */
export class ProfileModel {
  readonly #viewer: Viewer;
  readonly #place: TablePlace;
  /** The rows that are profiled, where they are not all. */
  readonly #rows: Pick<ProfileParams, "arrangement">;
  readonly #onChange: () => void;
  readonly #names = new Map<number, ColumnFacts>();
  readonly #profiles = new Map<number, { readonly profile: Profile; readonly exact: boolean }>();
  #table: TableFacts;
  #isSettled = false;
  #seen: readonly number[] = [];
  #filter = "";
  #asked: Job | undefined;
  #abort = new AbortController();
  #isClosed = false;
  /** Why nothing more is asked. */
  problem: string | undefined;

  constructor(
    viewer: Viewer,
    { arrangement, ...place }: Pick<ProfileParams, keyof TablePlace | "arrangement">,
    table: TableFacts,
    onChange: () => void,
  ) {
    this.#rows = arrangement === undefined ? {} : { arrangement };
    this.#viewer = viewer;
    this.#place = place;
    this.#table = table;
    this.#onChange = onChange;
  }

  /** The columns in the list, {@link WHOLE} first where there is such a thing. While names are read: of those that are known. */
  get listed(): { readonly count: number; at(place: number): number } {
    const { columnCount } = this.#table;
    const first = this.hasWhole && this.#filter === "" ? 1 : 0;
    if (this.#filter === "") return { count: columnCount + first, at: (place) => place - first };
    const found = [...this.#names].filter(([, facts]) => matches(facts, this.#filter)).map(([at]) => at);
    found.sort((one, other) => one - other);
    return { count: found.length, at: (place) => found[place] ?? 0 };
  }

  get hasWhole(): boolean {
    return (this.#table.shape?.length ?? 0) > 1 && this.#rows.arrangement === undefined;
  }

  /** Columns of which all rows were looked at, and how many there will be. */
  get progress(): { readonly done: number; readonly of: number } {
    let done = 0;
    for (const [column, { exact }] of this.#profiles) if (exact && column !== WHOLE) done++;
    return { done, of: Math.max(done, Math.min(MOST_KEPT, this.#table.columnCount)) };
  }

  nameOf(column: number): ColumnFacts | undefined {
    return this.#names.get(column);
  }

  profileOf(column: number): Profile | undefined {
    return this.#profiles.get(column)?.profile;
  }

  /** Takes the table as it is now. What was said of fewer rows is asked again. */
  update(table: TableFacts, isSettled: boolean): void {
    const isSame = table.rowCount === this.#table.rowCount && table.columnCount === this.#table.columnCount;
    this.#table = table;
    if (isSame && isSettled === this.#isSettled) return;
    this.#isSettled = isSettled;
    if (!isSame) this.#profiles.clear();
    this.problem = undefined;
    this.#again();
  }

  filter(text: string): void {
    this.#filter = text.trim().toLowerCase();
    this.#onChange();
    void this.#work();
  }

  /** Which columns are on the screen. */
  show(columns: readonly number[]): void {
    this.#seen = columns;
    const asked = this.#asked;
    const isWanted = asked?.kind !== "profile" || this.#sees(asked.range);
    if (isWanted) void this.#work();
    else this.#again();
  }

  close(): void {
    this.#isClosed = true;
    this.#abort.abort();
  }

  /** Gives up what is asked, and begins with what is wanted now. */
  #again(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#asked = undefined;
    void this.#work();
  }

  #sees({ from, to }: Range): boolean {
    return this.#seen.some((column) => column >= from && column < to);
  }

  async #work(): Promise<void> {
    if (this.#asked !== undefined) return;
    const { signal } = this.#abort;
    for (let job = this.#next(); job !== undefined && !this.#isClosed; job = this.#next()) {
      this.#asked = job;
      let isMore = false;
      try {
        isMore = await this.#do(job, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        this.problem = problemOf(thrown).message;
      }
      if (signal.aborted) return;
      this.#asked = undefined;
      this.#onChange();
      // Nothing was told, such as of columns that the rows of a filter do not have yet: the same would be asked for ever.
      if (this.problem !== undefined || !isMore) return;
    }
  }

  /** Whether something was told. */
  async #do(job: Job, signal: AbortSignal): Promise<boolean> {
    const place = this.#place;
    if (job.kind === "whole") {
      const profile = await this.#viewer.ask("profileWhole", { ...place, exact: job.exact }, signal);
      if (profile !== null && !signal.aborted) this.#profiles.set(WHOLE, { profile, exact: job.exact });
      return profile !== null;
    }
    const { from, to } = job.range;
    if (job.kind === "names") {
      const names = await this.#viewer.ask("columns", { ...place, from, to }, signal);
      for (const [at, facts] of names.entries()) this.#names.set(from + at, facts);
      return names.length > 0;
    }
    const { exact } = job;
    const profiles = await this.#viewer.ask("profile", { ...place, ...this.#rows, from, to, exact }, signal);
    if (signal.aborted) return false;
    for (const [at, profile] of profiles.entries()) this.#profiles.set(from + at, { profile, exact });
    this.#forget();
    return profiles.length > 0;
  }

  #next(): Job | undefined {
    const { columnCount } = this.#table;
    const seen = this.#seen.filter((column) => column !== WHOLE && column < columnCount);
    const nameless = seen.find((column) => !this.#names.has(column));
    if (nameless !== undefined) return { kind: "names", range: { from: nameless, to: nameless + NAMES } };
    if (this.#filter !== "" && this.#names.size < columnCount) {
      const from = firstOf(columnCount, (column) => !this.#names.has(column)) ?? 0;
      return { kind: "names", range: { from, to: from + 10 * NAMES } };
    }
    if (this.hasWhole && !this.#profiles.has(WHOLE)) return { kind: "whole", exact: false };
    const unknown = runOf(seen, (column) => !this.#profiles.has(column));
    if (unknown !== undefined) return { kind: "profile", range: unknown, exact: false };
    if (!this.#isSettled) return undefined;
    const isRough = (column: number): boolean => this.#profiles.get(column)?.exact !== true;
    if (this.hasWhole && isRough(WHOLE)) return { kind: "whole", exact: true };
    const rough = runOf(seen, isRough);
    if (rough !== undefined) return { kind: "profile", range: rough, exact: true };
    const from = firstOf(Math.min(MOST_KEPT, columnCount), isRough);
    return from === undefined ? undefined : { kind: "profile", range: { from, to: from + 20 }, exact: true };
  }

  /** Keeps memory bounded: what is far from the screen and from the beginning is asked for again when it is looked at. */
  #forget(): void {
    if (this.#profiles.size <= 2 * MOST_KEPT) return;
    const seen = new Set(this.#seen);
    for (const column of this.#profiles.keys())
      if (column >= MOST_KEPT && !seen.has(column)) this.#profiles.delete(column);
  }
}

function matches({ labels }: ColumnFacts, filter: string): boolean {
  return labels.some(({ text }) => text.toLowerCase().includes(filter));
}

function firstOf(count: number, is: (column: number) => boolean): number | undefined {
  for (let column = 0; column < count; column++) if (is(column)) return column;
  return undefined;
}

/** The first neighbours among ascending columns that are so. */
function runOf(columns: readonly number[], is: (column: number) => boolean): Range | undefined {
  const from = columns.find(is);
  if (from === undefined) return undefined;
  let to = from + 1;
  while (columns.includes(to) && is(to)) to++;
  return { from, to };
}
