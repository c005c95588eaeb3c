import { delay } from "../../base/async.ts";
import type { MetadataProvider, Watch } from "../metadata/provider.ts";
import type { PathComponents } from "../pathspec.ts";

/** So long without a change it is asked again all the same: a process that was killed tells nothing. */
const LONGEST_MS = 10_000;

/** Tells when it is worth asking again how an object stands: when something changed, and now and then. Dispose it. */
export class News {
  readonly #watch: Watch;
  readonly #waiting = new Set<() => void>();
  /** As if long ago: nobody has asked yet. */
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(provider: MetadataProvider, path: PathComponents) {
    this.#watch = provider.watch(path, () => {
      this.#askedMs = Number.NEGATIVE_INFINITY;
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
  }

  dispose(): void {
    this.#watch.dispose();
  }

  /** Whether it is worth asking now. Say `asked` before you ask: what changes meanwhile is news again. */
  get areDue(): boolean {
    return performance.now() - this.#askedMs >= LONGEST_MS;
  }

  asked(): void {
    this.#askedMs = performance.now();
  }

  /** Resolves when there are news. Rejects with the signal's reason when that comes first. */
  async next(signal?: AbortSignal): Promise<void> {
    if (this.areDue) return;
    const stop = new AbortController();
    let resolveTold: (() => void) | undefined;
    const told = new Promise<void>((resolve) => {
      resolveTold = resolve;
      this.#waiting.add(resolve);
    });
    const restMs = LONGEST_MS - (performance.now() - this.#askedMs);
    const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    try {
      await Promise.race([told, delay(restMs, either)]);
    } finally {
      stop.abort();
      if (resolveTold !== undefined) this.#waiting.delete(resolveTold);
    }
  }
}
