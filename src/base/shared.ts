interface UnderWay<T> {
  readonly work: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

/** Work that several may ask for at once and that is done once for all of them. */
export class Shared<T> {
  readonly #underWay = new Map<string, UnderWay<T>>();

  /**
   * The result of the work of this key that is under way, or of work that is begun now. It is stopped when the last one who waits for it
   * gives up; each is told of the end of its own patience alone.
   */
  async ask(key: string, begin: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const known = this.#underWay.get(key) ?? this.#begin(key, begin);
    known.waiting++;
    try {
      return await unlessAborted(known.work, signal);
    } finally {
      // What has ended is not stopped: an error would be made for it in vain.
      if (--known.waiting === 0 && this.#underWay.get(key) === known) {
        this.#underWay.delete(key);
        known.abort.abort();
      }
    }
  }

  #begin(key: string, begin: (signal: AbortSignal) => Promise<T>): UnderWay<T> {
    const abort = new AbortController();
    const underWay: UnderWay<T> = { work: begin(abort.signal), abort, waiting: 0 };
    this.#underWay.set(key, underWay);
    const forget = (): void => {
      if (this.#underWay.get(key) === underWay) this.#underWay.delete(key);
    };
    underWay.work.then(forget, forget);
    return underWay;
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      // The signal's own reason, as it was given.
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", abort);
    });
  });
}
