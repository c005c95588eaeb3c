const MAX_TAGS = 10_000;

/** Tags that were seen; of very many those that were new last. */
export class TagsSeen implements Iterable<string> {
  readonly #tags = new Set<string>();
  readonly #max: number;

  constructor(max = MAX_TAGS) {
    this.#max = max;
  }

  add(tag: string): void {
    if (this.#tags.has(tag)) return;
    const [oldest] = this.#tags;
    if (oldest !== undefined && this.#tags.size >= this.#max) this.#tags.delete(oldest);
    this.#tags.add(tag);
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#tags.values();
  }
}
