/** One place where two values are not alike. */
export interface Difference {
  /** Python's way to the place from the value on: `["k"][3].name`; empty for the value itself. */
  readonly path: string;
  readonly kind:
    | "value"
    | "type"
    /** The lengths, the shapes or the dtypes alone: what is in them is told by itself. */
    | "size"
    | "left"
    | "right"
    /** A sum over the cells of a table: `count` of `of` differ. */
    | "cells";
  /** Previews of both sides, where they have the place. */
  readonly left?: string;
  readonly right?: string;
  readonly count?: number;
  readonly of?: number;
  /** Of numbers the largest absolute difference. */
  readonly most?: number;
}

/** How two values differ. */
export interface Comparison {
  /** The first ones, in the order of the left side. */
  readonly differences: readonly Difference[];
  /** How many there are, sums over cells not counted. */
  readonly count: number;
  /** Whether the values have more parts than were looked at. */
  readonly stopped: boolean;
}

/** Gathers differences, as many as are shown, and counts the rest. */
export class Differences {
  readonly found: Difference[] = [];
  count = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(difference: Difference): void {
    if (difference.kind !== "cells") this.count++;
    if (this.found.length < this.#most) this.found.push(difference);
  }
}
