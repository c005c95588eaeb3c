import type { Ending, Watchable } from "./content.ts";

interface Watch<Address> {
  readonly address: Address;
  inner: Ending | undefined;
  /** Counts the starts: what an older one brings is dropped. */
  generation: number;
}

/** The files that VS Code watches, one by one however often it asks for the same; started anew where the session has changed. */
export class Watches<Address> implements Ending {
  readonly #content: (address: Address) => Promise<Watchable>;
  readonly #changed: (addresses: readonly Address[]) => void;
  readonly #watches = new Set<Watch<Address>>();

  constructor(
    content: (address: Address) => Promise<Watchable>,
    changed: (addresses: readonly Address[]) => void,
  ) {
    this.#content = content;
    this.#changed = changed;
  }

  /** Watches a file until the answer is disposed. */
  add(address: Address): Ending {
    const watch: Watch<Address> = { address, inner: undefined, generation: 0 };
    this.#watches.add(watch);
    this.#start(watch);
    return {
      dispose: () => {
        this.#watches.delete(watch);
        stop(watch);
      },
    };
  }

  /** Forgets what the old session told, and says that every file may have changed. */
  restart(): void {
    for (const watch of this.#watches) {
      stop(watch);
      this.#start(watch);
    }
    this.#changed([...this.#watches].map(({ address }) => address));
  }

  dispose(): void {
    for (const watch of this.#watches) stop(watch);
    this.#watches.clear();
  }

  #start(watch: Watch<Address>): void {
    const { generation } = watch;
    this.#content(watch.address).then(
      (content) => {
        if (watch.generation !== generation) return;
        watch.inner = content.watch?.(() => {
          this.#changed([watch.address]);
        });
      },
      () => undefined, // Whoever reads the file is told.
    );
  }
}

function stop(watch: Watch<unknown>): void {
  watch.generation++;
  watch.inner?.dispose();
  watch.inner = undefined;
}
