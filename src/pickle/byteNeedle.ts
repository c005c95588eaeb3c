/** More characters are looked for in texts themselves. */
const MOST_CHARACTERS = 250;
/** The first bytes of İ and of the Kelvin sign: in small letters these are, or begin with, letters of ASCII. */
const BECOMES_ASCII: readonly number[] = [0xc4, 0xe2];

/**
 * Looks for a text of ASCII in the bytes of texts, without making these: the automaton of Knuth, Morris and Pratt. A state is how many bytes of the needle were
 * just seen, times 256.
 */
export class ByteNeedle {
  /** By a state plus a byte the next state. `found` and `unclear` are never left. */
  readonly next: Uint16Array;
  /** The state of what has been found. */
  readonly found: number;
  /** The state of what only the text itself tells. */
  readonly unclear: number;

  private constructor(needle: string, matchCase: boolean) {
    const { length } = needle;
    this.found = length * 256;
    this.unclear = this.found + 256;
    this.next = new Uint16Array(this.unclear + 256);
    const { next } = this;
    // Where the needle without its first byte has led to: from there goes on what does not go on from here.
    let other = 0;
    for (let state = 0; state < this.found; state += 256) {
      const wanted = needle.charCodeAt(state / 256);
      next.copyWithin(state, other, other + 256);
      if (!matchCase) for (const byte of BECOMES_ASCII) next[state + byte] = this.unclear;
      if (state > 0) other = next[other + wanted] ?? 0;
      next[state + wanted] = state + 256;
      const isLetter = wanted >= 97 && wanted <= 122;
      if (!matchCase && isLetter) next[state + wanted - 32] = state + 256;
    }
    next.fill(this.found, this.found, this.unclear).fill(this.unclear, this.unclear);
  }

  /** `undefined` for what has other characters, and for one too long. @param needle in small letters, unless the case is to be matched */
  static of(needle: string, matchCase: boolean): ByteNeedle | undefined {
    return /^[\0-\x7f]+$/.test(needle) && needle.length <= MOST_CHARACTERS
      ? new ByteNeedle(needle, matchCase)
      : undefined;
  }
}
