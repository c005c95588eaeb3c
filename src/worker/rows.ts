/** Rows of a table in an order: all of them, those that a filter leaves, or some of these. */
export interface Rows {
  readonly count: number;
  /** The row at a place; absent where each row is at its own place. */
  readonly rowAt?: ((at: number) => number) | undefined;
  /** How far each is from the one before, where that is the same for all of them. */
  readonly every?: number | undefined;
}

/** The row at a place of them. */
export function rowAt(rows: Rows, at: number): number {
  return rows.rowAt === undefined ? at : rows.rowAt(at);
}
