import { whyAway, type WhyAway } from "./outOfReach.ts";

/** A service that cannot be read now. What was read before stays on the screen, and is told to be so old. */
export interface Away {
  readonly why: WhyAway;
  readonly error: unknown;
  /** When it was first noticed; in milliseconds since the epoch, as are the others. */
  readonly sinceMs: number;
  /** When something was read the last time; `undefined` where nothing was so far. */
  readonly readAtMs: number | undefined;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/** What `Reach` needs beside what it is told. */
export interface ReachOptions {
  /** A cheap look that the service has to answer. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** Between 0 and 1: pauses are spread, so that many windows do not come at once. */
  readonly random?: () => number;
}

/**
 * Whether the session's service can be read. It is told what reading fails with; while somebody watches it looks again by itself, with pauses
 * that grow, until the service answers. One that wants a key is not asked again before it gets one.
 */
export class Reach {
  readonly #probe: (signal: AbortSignal) => Promise<void>;
  readonly #random: () => number;
  readonly #listeners = new Set<() => void>();
  #away: Away | undefined;
  #readAtMs: number | undefined;
  #watched = false;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #looking: { readonly abort: AbortController; readonly look: Promise<void> } | undefined;

  constructor({ probe, random = Math.random }: ReachOptions) {
    this.#probe = probe;
    this.#random = random;
  }

  /** `undefined` as far as is known. */
  get away(): Away | undefined {
    return this.#away;
  }

  /** Calls when a service goes away, is away for another reason, or is back. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Something was read. While the service is away that may be from memory: it is looked whether it is back. */
  answered(): void {
    if (this.#away === undefined) this.#readAtMs = Date.now();
    else void this.retry();
  }

  /**
   * Something could not be read. Tells whether that is because the service is away: then there is nothing else to say of it. Errors of a
   * service's own may be about one question alone: it is away where it has none but errors.
   */
  failed(error: unknown): boolean {
    const why = whyAway(error);
    if (why === undefined) return false;
    if (why === "failing" && this.#away === undefined) {
      void this.retry();
      return false;
    }
    this.#set(why, error);
    return true;
  }

  /** Looks again by itself from now on, or not any more. */
  watch(watched: boolean): void {
    this.#watched = watched;
    if (watched && this.#away !== undefined) this.#pauseMs = FIRST_PAUSE_MS;
    this.#schedule();
  }

  /** Looks now. Never rejects. */
  async retry(): Promise<void> {
    clearTimeout(this.#timer);
    this.#looking ??= this.#look();
    await this.#looking.look;
  }

  /** Another session is to be opened, of which nothing is known; whoever listens hears of that from the session. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#looking?.abort.abort();
    this.#looking = undefined;
    this.#readAtMs = undefined;
    this.#away = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#looking?.abort.abort();
    this.#listeners.clear();
  }

  #look(): { readonly abort: AbortController; readonly look: Promise<void> } {
    const abort = new AbortController();
    const looking = async (): Promise<void> => {
      const outcome = await this.#probe(abort.signal).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (abort.signal.aborted) return;
      this.#looking = undefined;
      if (outcome === undefined) {
        this.#readAtMs = Date.now();
        this.#back();
      } else {
        this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
        this.#set(whyAway(outcome.error) ?? this.#away?.why, outcome.error);
        this.#schedule();
      }
    };
    return { abort, look: looking() };
  }

  #set(why: WhyAway | undefined, error: unknown): void {
    if (why === undefined) return;
    const before = this.#away;
    this.#away = { why, error, sinceMs: before?.sinceMs ?? Date.now(), readAtMs: this.#readAtMs };
    if (before?.why === why) return;
    this.#schedule();
    this.#tell();
  }

  #back(): void {
    clearTimeout(this.#timer);
    this.#pauseMs = FIRST_PAUSE_MS;
    if (this.#away === undefined) return;
    this.#away = undefined;
    this.#tell();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#watched || this.#away === undefined || this.#away.why === "forbidden") return;
    const pauseMs = this.#pauseMs * (0.75 + this.#random() / 2);
    this.#timer = setTimeout(() => void this.retry(), pauseMs);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
