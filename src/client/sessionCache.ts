import { LRUCache } from "lru-cache";
import type { Session } from "./session.ts";

/** What a part of the client remembers of each session and forgets with it: at most so many values, those used last. */
export class SessionCache<T extends object | string | number> {
  readonly #max: number;
  readonly #caches = new WeakMap<Session, LRUCache<string, T>>();

  constructor(max: number) {
    this.#max = max;
  }

  /** The session's own cache. */
  of(session: Session): LRUCache<string, T> {
    let cache = this.#caches.get(session);
    if (cache === undefined) {
      // Bounded by size, not by `max`, for which the cache would reserve its room at once.
      cache = new LRUCache({ maxSize: this.#max, sizeCalculation: () => 1 });
      this.#caches.set(session, cache);
    }
    return cache;
  }
}
