import { problemOf } from "../problem.ts";
import type { RawSource } from "./source.ts";

/** Bytes that are read at once, and how many of such pages are kept. */
const PAGE_BYTES = 1 << 14;
const MOST_PAGES = 64;

/** The bytes of a source, read page by page as they come into sight; the pages that were looked at last are kept. */
export class RawPages {
  readonly #source: RawSource;
  readonly #onChange: () => void;
  readonly #pages = new Map<number, Uint8Array>();
  readonly #asked = new Map<number, AbortController>();
  /** What could not be read is asked for again when it has been out of sight. */
  readonly #failed = new Set<number>();
  /** Bytes in all, as far as is known. */
  sizeBytes: number;
  problem: string | undefined;

  /** @param onChange called when more is known */
  constructor(source: RawSource, sizeBytes: number, onChange: () => void) {
    this.#source = source;
    this.sizeBytes = sizeBytes;
    this.#onChange = onChange;
  }

  /** A byte; `undefined` where it is not read yet. */
  at(offset: number): number | undefined {
    return this.#pages.get(Math.floor(offset / PAGE_BYTES))?.[offset % PAGE_BYTES];
  }

  /** Reads what is not here yet, and gives up what was asked for and is not wanted any more. */
  want(from: number, to: number): void {
    const [first, last] = [Math.floor(from / PAGE_BYTES), Math.floor(Math.max(from, to - 1) / PAGE_BYTES)];
    const isAway = (page: number): boolean => page < first || page > last;
    for (const [page, controller] of this.#asked) {
      if (!isAway(page)) continue;
      controller.abort();
      this.#asked.delete(page);
    }
    for (const page of this.#failed) if (isAway(page)) this.#failed.delete(page);
    for (let page = first; page <= last; page++) {
      const known = this.#pages.get(page);
      // A page that was short is read again once there is more.
      const isWhole =
        known !== undefined && known.length >= Math.min(PAGE_BYTES, this.sizeBytes - page * PAGE_BYTES);
      if (known !== undefined) {
        this.#pages.delete(page);
        this.#pages.set(page, known);
      }
      if (!isWhole && !this.#asked.has(page) && !this.#failed.has(page)) void this.#read(page);
    }
  }

  /** Gives up whatever is under way. */
  dispose(): void {
    for (const controller of this.#asked.values()) controller.abort();
  }

  async #read(page: number): Promise<void> {
    const controller = new AbortController();
    this.#asked.set(page, controller);
    try {
      const { bytes, sizeBytes } = await this.#source.read(
        page * PAGE_BYTES,
        (page + 1) * PAGE_BYTES,
        controller.signal,
      );
      this.#pages.set(page, bytes);
      this.sizeBytes = Math.max(sizeBytes, page * PAGE_BYTES + bytes.length);
      this.problem = undefined;
      for (const oldest of [...this.#pages.keys()].slice(0, Math.max(0, this.#pages.size - MOST_PAGES)))
        this.#pages.delete(oldest);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      this.#failed.add(page);
      this.problem = problemOf(thrown).message;
    }
    if (controller.signal.aborted) return;
    this.#asked.delete(page);
    this.#onChange();
  }
}
