import type { Slices } from "../../base/slices.ts";
import { BLOCK_ROWS } from "./keys.ts";

/** Says of rows whether they are wanted. */
export interface Matcher {
  /**
   * Sets to 0 in `wanted` what does not match of the rows `from` to `to`, at most {@link BLOCK_ROWS}; the first byte is of row `from`. Looks at those alone that
   * are 1.
   */
  narrow(from: number, to: number, wanted: Uint8Array, slices: Slices): void | Promise<void>;
}

/** Rows that are looked at one by one between two looks at the clock. */
export const FEW_ROWS = 32;
/** The same of rows whose numbers were read at once. */
export const SOME_ROWS = 256;

/** Those that all of the matchers want. */
export function allOf(parts: readonly Matcher[]): Matcher {
  return {
    narrow: async (from, to, wanted, slices) => {
      for (const part of parts) await part.narrow(from, to, wanted, slices);
    },
  };
}

/** Those that one of the matchers wants. */
export function anyOf(parts: readonly Matcher[]): Matcher {
  const own = new Uint8Array(BLOCK_ROWS);
  const found = new Uint8Array(BLOCK_ROWS);
  return {
    narrow: async (from, to, wanted, slices) => {
      const count = to - from;
      found.fill(0, 0, count);
      for (const part of parts) {
        let open = 0;
        for (let at = 0; at < count; at++) {
          const isOpen = (wanted[at] ?? 0) & ~(found[at] ?? 0) & 1;
          own[at] = isOpen;
          open |= isOpen;
        }
        if (open === 0) break;
        await part.narrow(from, to, own, slices);
        for (let at = 0; at < count; at++) found[at] = (found[at] ?? 0) | (own[at] ?? 0);
      }
      wanted.set(found.subarray(0, count));
    },
  };
}

/** Those that the matcher does not want. */
export function noneOf(part: Matcher): Matcher {
  const own = new Uint8Array(BLOCK_ROWS);
  return {
    narrow: async (from, to, wanted, slices) => {
      const count = to - from;
      own.set(wanted.subarray(0, count));
      await part.narrow(from, to, own, slices);
      for (let at = 0; at < count; at++) wanted[at] = (wanted[at] ?? 0) & ~(own[at] ?? 0) & 1;
    },
  };
}

/** Those rows for which a test holds. */
export function byRow(test: (row: number) => boolean): Matcher {
  return {
    narrow: async (from, to, wanted, slices) => {
      let looked = 0;
      for (let row = from; row < to; row++) {
        if (wanted[row - from] === 0) continue;
        if (looked++ % FEW_ROWS === 0 && slices.areDue) await slices.pause();
        if (!test(row)) wanted[row - from] = 0;
      }
    },
  };
}

/** No row. */
export const nobody: Matcher = {
  narrow: (from, to, wanted) => {
    wanted.fill(0, 0, to - from);
  },
};
