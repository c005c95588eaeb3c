import type { Metaflow } from "../../client/index.ts";
import type { RunFilter } from "./filter/filter.ts";
import type { Row } from "./row.ts";

/** How many runs or tasks a page has. */
export const PAGE_SIZE = 100;

/** What the rows read from, and whom they tell when they learnt something later. */
export interface Source {
  readonly metaflow: Metaflow;
  readonly filter: RunFilter;
  /** A list appears after this time at the latest, in milliseconds; what is not known by then appears row by row. */
  readonly patienceMs: number;
  /** Does what nobody waits for, a few at a time. */
  later<T>(work: () => Promise<T>): Promise<T>;
  /** A row's look changed after it was given out. */
  changed(row: Row): void;
  /** Something that is only worth a line in the log: the row shows what it knows. */
  note(row: Row, error: unknown): void;
}
