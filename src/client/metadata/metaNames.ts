const DONE = "sysmeta_attempt-done_";

/**
 * The names in a task's `_meta` folder, in one text: a thousand tasks have thirty-six thousand names, and a string for each is what memory would
 * be cleared of for longer than it took to read them.
 */
export class MetaNames {
  /** How many names there are. */
  readonly length: number;
  /** Between slashes, which no name has in it. */
  readonly #text: string;

  constructor(names: readonly string[]) {
    this.length = names.length;
    this.#text = ["", ...names, ""].join("/");
  }

  /** The files of an attempt's artifacts. */
  artifacts(attempt: number): string[] {
    return this.#startingWith(`${attempt}_artifact_`).filter((name) => name.endsWith(".json"));
  }

  /** The files of metadata, `sysmeta_<field>_<ms>.json`: of these fields, or of all. */
  metadata(fields?: readonly string[]): string[] {
    if (fields === undefined)
      return this.#startingWith("sysmeta_").filter((name) => /^sysmeta_.*_\d+\.json$/.test(name));
    return fields.flatMap((field) => {
      const beginning = `sysmeta_${field}_`;
      // What begins so may be of a field with a longer name.
      return this.#startingWith(beginning).filter((name) => /^\d+\.json$/.test(name.slice(beginning.length)));
    });
  }

  /** The lexically last file that tells of an attempt's end. */
  lastDone(): string | undefined {
    return this.#startingWith(DONE).sort().at(-1);
  }

  #startingWith(beginning: string): string[] {
    const names: string[] = [];
    const sought = `/${beginning}`;
    for (let at = this.#text.indexOf(sought); at >= 0; at = this.#text.indexOf(sought, at + 1))
      names.push(this.#text.slice(at + 1, this.#text.indexOf("/", at + 1)));
    return names;
  }
}
