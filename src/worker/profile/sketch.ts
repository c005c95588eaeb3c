const INDEX_BITS = 14;
const REGISTERS = 1 << INDEX_BITS;
/** As the paper has it for so many registers. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

/**
 * About how many different things were added, in 16 kB, within 0.8 % for two times out of three. By Flajolet, Fusy, Gandouet and Meunier,
 * "HyperLogLog"; with 46 bits of a hash, so that it needs no correction for large counts.
 */
export class Sketch {
  readonly #registers = new Uint8Array(REGISTERS);

  /** Adds what has these two hashes of 32 bits. */
  add(first: number, second: number): void {
    const at = first & (REGISTERS - 1);
    const rank = Math.clz32(second) + 1;
    if (rank > (this.#registers[at] ?? 0)) this.#registers[at] = rank;
  }

  /** A whole number. */
  get estimate(): number {
    let [sum, empty] = [0, 0];
    for (const rank of this.#registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
    const isSmall = raw <= 2.5 * REGISTERS && empty > 0;
    return Math.round(isSmall ? REGISTERS * Math.log(REGISTERS / empty) : raw);
  }
}

/** A hash of two words of 32 bits: the last step of MurmurHash3. */
export function mixed(low: number, high: number, seed: number): number {
  let hash = Math.imul(low ^ seed, 0xcc9e2d51);
  hash = Math.imul((hash << 15) | (hash >>> 17), 0x1b873593) ^ Math.imul(high, 0x85ebca6b);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Two hashes of a text, each of all its characters. */
export function textHashes(text: string): readonly [number, number] {
  let [first, second] = [0x811c9dc5, text.length];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second, 31) + code;
  }
  return [mixed(first, second, 1), mixed(first, second, 2)];
}
