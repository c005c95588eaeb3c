import type { GridState } from "../../../protocol/artifact.ts";
import type { Histogram, Profile } from "../../../protocol/profile.ts";
import type { TableCell } from "../../../protocol/table.ts";

/** The numbers of which the first has no colour, or the most of the other one, and the last has the most. */
interface Span {
  readonly low: number;
  readonly high: number;
}

/** What the colours need of their grid. */
interface HeatContext {
  /** What is known of a column so far; asks for it where nothing is. */
  readonly profileOf: (column: number) => Profile | undefined;
  readonly onChange: () => void;
}

/** The colours of cells by their numbers: of the columns that a person chose, each by its own least and greatest, or of an array by those of all its elements. */
export class GridHeat {
  readonly #context: HeatContext;
  readonly #chosen = new Set<number>();
  #isOfAll = false;
  readonly #spans = new WeakMap<Profile, Span | undefined>();

  constructor(context: HeatContext) {
    this.#context = context;
  }

  /** Whether every column has colours. */
  get isOfAll(): boolean {
    return this.#isOfAll;
  }

  /** The columns that have colours. */
  get state(): GridState["heat"] {
    return this.#isOfAll ? "all" : [...this.#chosen];
  }

  /** Gives colours to what had some. */
  resume(state: GridState["heat"]): void {
    this.#isOfAll = state === "all";
    for (const column of state === "all" ? [] : state) this.#chosen.add(column);
    this.#context.onChange();
  }

  has(column: number): boolean {
    return this.#isOfAll || this.#chosen.has(column);
  }

  /** Gives a column colours, or takes them from it. */
  turn(column: number): void {
    if (!this.#chosen.delete(column)) this.#chosen.add(column);
    this.#context.onChange();
  }

  /** The same for all columns. */
  turnAll(): void {
    this.#isOfAll = !this.#isOfAll;
    this.#chosen.clear();
    this.#context.onChange();
  }

  /** How much colour a cell has: from 0 to 1, of negative numbers from 0 to -1 where there are positive ones, too. `undefined`: none. */
  of(column: number, { kind, text }: TableCell): number | undefined {
    if (kind !== "number" || !this.has(column)) return undefined;
    const profile = this.#context.profileOf(column);
    if (profile === undefined) return undefined;
    if (!this.#spans.has(profile)) this.#spans.set(profile, spanOf(profile.histogram));
    const span = this.#spans.get(profile);
    return span && heat(Number(text), span);
  }
}

function spanOf(histogram: Histogram | undefined): Span | undefined {
  const [low, high] = [histogram?.bins[0]?.from, histogram?.bins.at(-1)?.to].map(Number);
  return low !== undefined && high !== undefined && low < high ? { low, high } : undefined;
}

/** An estimate may not have met the least and the greatest: these have the colours of those that it met. */
function heat(value: number, { low, high }: Span): number | undefined {
  if (Number.isNaN(value)) return undefined;
  const isBothSides = low < 0 && high > 0;
  // Halved, so that the difference of any two numbers is one.
  const share = isBothSides ? value / Math.max(-low, high) : (value / 2 - low / 2) / (high / 2 - low / 2);
  return Math.max(isBothSides ? -1 : 0, Math.min(1, share));
}
