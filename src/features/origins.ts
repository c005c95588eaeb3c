import { t } from "./text.ts";

/** What of `vscode.Memento` is needed. */
interface Memory {
  get(key: string): Readonly<Record<string, string>> | undefined;
  update(key: string, value: Readonly<Record<string, string>>): PromiseLike<void>;
}

/** A document that is open was read from another datastore than the one that is open now. */
export class OtherDatastore extends Error {
  readonly code = "other-datastore";

  constructor(what: string, origin: string, now: string) {
    super(t("{0} was read from {1}; the datastore that is open now is {2}", what, origin, now));
    this.name = "OtherDatastore";
  }
}

/**
 * Which datastore each open document was read from. An address names none, and a pathspec may mean something else in another datastore:
 * a document that a reload of the window brings back, or that is open while the datastore is switched, must not change what it tells.
 */
export class Origins {
  readonly #memory: Memory;
  readonly #key: string;
  readonly #isOpen: (address: string) => boolean;
  readonly #origins: Map<string, string>;

  /** `key`: where they are kept over a reload. `isOpen`: whether a tab shows an address. */
  constructor(memory: Memory, key: string, isOpen: (address: string) => boolean) {
    this.#memory = memory;
    this.#key = key;
    this.#isOpen = isOpen;
    this.#origins = new Map(Object.entries(memory.get(key) ?? {}));
  }

  /** Notes that a document is read from a datastore. Throws OtherDatastore when it is open and was read from another one. */
  claim(address: string, what: string, metadata: string): void {
    const origin = this.#origins.get(address);
    if (origin === metadata) return;
    if (origin !== undefined && this.#isOpen(address)) throw new OtherDatastore(what, origin, metadata);
    for (const known of this.#origins.keys()) if (!this.#isOpen(known)) this.#origins.delete(known);
    this.#origins.set(address, metadata);
    void this.#memory.update(this.#key, Object.fromEntries(this.#origins));
  }
}
