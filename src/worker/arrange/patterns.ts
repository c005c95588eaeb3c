import { createContext, Script } from "node:vm";
import type { Slices } from "../../base/slices.ts";
import { FilterError } from "./tree.ts";
import type { Word } from "./tree.ts";

/** Characters of a text that a pattern is tried on. */
const MOST_CHARACTERS = 10_000;
/** Texts that are tried between two looks at the clock. */
const BATCH = 256;
/** Milliseconds that a batch may take, and a text by itself where that was not enough. */
const MOST_MS = 60;
/** How often a text is tried: what takes too long each time tries the same characters over and over, once alone may have had no processor. */
const TRIES = 3;

/** Runs a function that was put there. */
const RUN = new Script("run()");

/** A regular expression that cannot hold the thread: V8 ends what runs too long, also inside of a regular expression. */
export class Pattern {
  readonly #pattern: RegExp;
  readonly #word: Word;
  readonly #sandbox: { run?: () => void } = {};
  readonly #context = createContext(this.#sandbox);

  /** Throws FilterError where the text is no regular expression. `(?i)` at its beginning lets the case count for nothing, as in Python. */
  constructor(word: Word) {
    this.#word = word;
    const ignoresCase = word.text.startsWith("(?i)");
    // Python's names of groups.
    const source = (ignoresCase ? word.text.slice(4) : word.text).replaceAll("(?P<", "(?<");
    try {
      this.#pattern = made(source, ignoresCase ? "is" : "s");
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message.replace(/^.*: /, "") : "";
      throw new FilterError("bad-pattern", why, word);
    }
  }

  /** Sets to 0 in `wanted` what does not match. @param textAt by position; `undefined` matches nothing */
  async narrow(
    count: number,
    wanted: Uint8Array,
    textAt: (at: number) => string | undefined,
    slices: Slices,
  ): Promise<void> {
    for (let from = 0; from < count; from += BATCH) {
      if (slices.areDue) await slices.pause();
      const to = Math.min(count, from + BATCH);
      const texts: Tried[] = [];
      for (let at = from; at < to; at++) {
        if (wanted[at] === 0) continue;
        const text = textAt(at);
        if (text === undefined) wanted[at] = 0;
        else texts.push({ at, text: text.slice(0, MOST_CHARACTERS) });
        if (slices.areDue) await slices.pause();
      }
      if (texts.length === 0 || this.#try(texts, wanted)) continue;
      for (const one of texts) {
        let tries = 0;
        while (!this.#try([one], wanted)) {
          if (++tries === TRIES) throw new FilterError("slow-pattern", this.#word.text, this.#word);
          await slices.pause();
        }
        if (slices.areDue) await slices.pause();
      }
    }
  }

  /** Whether all texts were tried in time. */
  #try(texts: readonly Tried[], wanted: Uint8Array): boolean {
    this.#sandbox.run = () => {
      for (const { at, text } of texts) if (!this.#pattern.test(text)) wanted[at] = 0;
    };
    try {
      RUN.runInContext(this.#context, { timeout: MOST_MS });
      return true;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
      return false;
    }
  }
}

/** A text, and its place. */
interface Tried {
  readonly at: number;
  readonly text: string;
}

/** With Unicode's meaning where the text has one: Python escapes more than that allows. */
function made(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return new RegExp(source, flags);
  }
}
