import type { Change as PathChange, MetadataProvider } from "../metadata/provider.ts";
import type { IoOptions } from "../../base/io.ts";
import type { PathComponents } from "../pathspec.ts";

/** Something changed at or below an object. */
export interface Change {
  /** Empty for the datastore itself: flows came or went. */
  readonly pathspec: string;
}

/** Changes as they come. Ends by `dispose`, by leaving its loop, or by the signal. */
export interface Changes extends AsyncIterable<Change> {
  dispose(): void;
}

/** Watches a path. What changes several times before it is taken is told once. */
export function watchChanges(provider: MetadataProvider, path: PathComponents, io?: IoOptions): Changes {
  const pending = new Set<string>();
  let wake: (() => void) | undefined;
  let disposed = false;
  const watch = provider.watch(path, (change: PathChange) => {
    pending.add(change.path.join("/"));
    wake?.();
  });
  // Asked by a function: it may have become so while the consumer was at work.
  const isOver = (): boolean => disposed;
  const dispose = (): void => {
    disposed = true;
    watch.dispose();
    io?.signal?.removeEventListener("abort", dispose);
    wake?.();
  };
  io?.signal?.addEventListener("abort", dispose, { once: true });
  if (io?.signal?.aborted === true) dispose();

  async function* changes(): AsyncGenerator<Change, void, undefined> {
    try {
      while (!disposed) {
        for (const pathspec of pending) {
          pending.delete(pathspec);
          yield { pathspec };
        }
        if (pending.size > 0 || isOver()) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      dispose();
    }
  }
  return { [Symbol.asyncIterator]: changes, dispose };
}
