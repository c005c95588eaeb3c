import type { MetadataProvider } from "../metadata/provider.ts";
import type { IoOptions } from "../../base/io.ts";
import type { PathComponents } from "../pathspec.ts";

/** Something changed at or below an object. */
export interface Change {
  /** Empty for the datastore itself: flows came or went. */
  readonly pathspec: string;
  /**
   * Set where nothing is known to have changed, because the place of the records does not answer, since then: milliseconds since the epoch. Told
   * once; the first change without it says that it answers again, and that anything below may have changed meanwhile.
   */
  readonly unreachableSinceMs?: number;
}

/** Changes as they come. Ends by `dispose`, by leaving its loop, or by the signal. Of several loops each change goes to one. */
export interface Changes extends AsyncIterable<Change> {
  /** Stops watching; an iteration that waits ends. */
  dispose(): void;
}

/** Watches a path. What changes several times before it is taken is told once. */
export function watchChanges(provider: MetadataProvider, path: PathComponents, io?: IoOptions): Changes {
  const pending = new Map<string, Change>();
  const waiting = new Set<() => void>();
  let disposed = false;
  const wake = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const watch = provider.watch(path, ({ path: changed, ...state }) => {
    const pathspec = changed.join("/");
    pending.set(pathspec, { pathspec, ...state });
    wake();
  });
  const dispose = (): void => {
    disposed = true;
    watch.dispose();
    io?.signal?.removeEventListener("abort", dispose);
    wake();
  };
  io?.signal?.addEventListener("abort", dispose, { once: true });
  if (io?.signal?.aborted === true) dispose();
  const next = (): Change | undefined => {
    const [change] = pending.values();
    if (change !== undefined) pending.delete(change.pathspec);
    return change;
  };

  async function* changes(): AsyncGenerator<Change, void, undefined> {
    try {
      // It may become so while the consumer is at work.
      while (!disposed) {
        const change = next();
        if (change !== undefined) yield change;
        else await new Promise<void>((resolve) => waiting.add(resolve));
      }
    } finally {
      dispose();
    }
  }
  return { [Symbol.asyncIterator]: changes, dispose };
}
