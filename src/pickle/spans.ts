import type { Members, Pairs } from "./shapes.ts";
import { Edit, Kind } from "./tape.ts";
import type { Ref, Tape } from "./tape.ts";

/** The members of one container: runs in `tape.items`, found by bisection. While the scan goes on it shows what was there when it was made. */
class Runs implements Members, Pairs {
  length = 0;
  readonly #tape: Tape;
  readonly #width: number;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** The run that was looked at last: its indices, and where it begins. */
  #from = 0;
  #to = 0;
  #start = 0;

  constructor(tape: Tape, width: number) {
    this.#tape = tape;
    this.#width = width;
  }

  add(start: number, count: number): void {
    if (count === 0) return;
    this.length += count;
    this.#starts.push(start);
    this.#ends.push(this.length);
  }

  at(index: number): Ref {
    return this.#tape.items[this.#place(index)] ?? 0;
  }

  key(index: number): Ref {
    return this.#tape.items[this.#place(index)] ?? 0;
  }

  value(index: number): Ref {
    return this.#tape.items[this.#place(index) + 1] ?? 0;
  }

  #place(index: number): number {
    if (index < this.#from || index >= this.#to) this.#find(index);
    return this.#start + (index - this.#from) * this.#width;
  }

  /** Goes to the run of an index: the next one that is asked for mostly lies there, too. */
  #find(index: number): void {
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    this.#from = low === 0 ? 0 : (this.#ends[low - 1] ?? 0);
    this.#to = this.#ends[low] ?? 0;
    this.#start = this.#starts[low] ?? 0;
  }
}

/** Members from which on it pays to keep what was found out about a container. */
const KEPT_FROM = 1000;

/** Runs of containers made piece by piece are kept: finding them again for every page would cost their number each time. */
export class RunCache {
  readonly #tape: Tape;
  readonly #kept = new Map<string, { version: string; runs: Runs }>();

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** The members (`Edit.Items`) or pairs (`Edit.Entries`) of a node. */
  runs(ref: Ref, what: number): Runs {
    const tape = this.#tape;
    const last = tape.lastEdit(ref);
    const kind = tape.kind(ref);
    const own = what === Edit.Entries ? kind === Kind.Dict : kind >= Kind.Tuple && kind <= Kind.Set;
    if (last === 0 && tape.b(ref) < KEPT_FROM) {
      const runs = new Runs(tape, what === Edit.Entries ? 2 : 1);
      if (own) runs.add(tape.a(ref), tape.b(ref));
      return runs;
    }
    const name = `${ref}/${what}`;
    // Grows with every member: in the container itself, in the last edit, or as another edit. What is taken back is something else.
    const version = `${last}/${tape.b(ref)}/${tape.edits[(last << 2) + 2] ?? 0}/${tape.revision}`;
    const kept = this.#kept.get(name);
    if (kept?.version === version) return kept.runs;
    const runs = new Runs(tape, what === Edit.Entries ? 2 : 1);
    if (own) runs.add(tape.a(ref), tape.b(ref));
    tape.forEdits(ref, (edit, start, count) => {
      if (edit === what) runs.add(start, count);
    });
    if (this.#kept.size >= 256) this.#kept.clear();
    this.#kept.set(name, { version, runs });
    return runs;
  }
}
