import { Bins } from "./histogram.ts";
import { NumberSummary, type ExactAt } from "./summary.ts";

/** Numbers that are taken in at once: few, because each may have to be compared exactly. */
const BLOCK = 512;

/** Numbers that come one by one, each with its row. */
export class Gathered {
  readonly #summary: NumberSummary;
  readonly #block = new Float64Array(BLOCK);
  readonly #rows = new Float64Array(BLOCK);
  #filled = 0;

  constructor(exactAt: ExactAt) {
    this.#summary = new NumberSummary(0n, exactAt);
  }

  /** What they come to so far. */
  get summary(): NumberSummary {
    this.#flush();
    return this.#summary;
  }

  add(value: number, row: number): void {
    this.#block[this.#filled] = value;
    this.#rows[this.#filled] = row;
    this.#filled++;
    if (this.#filled === BLOCK) this.#flush();
  }

  /** Empty bins for them; `undefined` where there is nothing finite. */
  bins(): Bins | undefined {
    const { least, greatest, isWhole } = this.summary;
    return least <= greatest ? new Bins(least, greatest, isWhole) : undefined;
  }

  #flush(): void {
    const filled = this.#filled;
    this.#filled = 0;
    this.#summary.add(this.#block.subarray(0, filled), (at) => this.#rows[at] ?? 0);
  }
}
