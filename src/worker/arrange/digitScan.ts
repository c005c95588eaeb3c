import type { ReadNumbers } from "../../pickle/index.ts";
import type { Digits } from "./digits.ts";
import { DIGITS_MODULE } from "./digitsModule.ts";
import { BLOCK_ROWS } from "./keys.ts";

/** Bits that a float of 64 bits has more than others, by the dtype of these; whole numbers are read as floats. */
const DROPPED: Readonly<Record<string, number>> = { float64: 0, float32: 29, float16: 42 };

/** Numbers of a block of which nothing is told yet: each by itself has to be looked at. */
export interface OpenNumbers {
  /** Where they are in the block. */
  readonly at: Int32Array;
  readonly values: Float64Array;
}

/**
 * Looks for digits in the numbers of blocks, in WebAssembly: several times as fast as one by one. `undefined` where there is none, and for columns whose numbers
 * are printed otherwise.
 */
export function digitScan(dtype: string, digits: Digits): DigitScan | undefined {
  const name = dtype.toLowerCase();
  const isWhole = /^u?int\d+$/.test(name);
  const dropped = isWhole ? 0 : DROPPED[name];
  const kernel = dropped === undefined ? undefined : loaded();
  if (kernel === undefined || dropped === undefined) return undefined;
  return new DigitScan(kernel, digits, [dropped, digits.needle === "0" ? 1 : 0, isWhole ? 0 : 1]);
}

class DigitScan {
  readonly #kernel: Kernel;
  readonly #digits: Digits;
  readonly #options: readonly [number, number, number];

  constructor(kernel: Kernel, digits: Digits, options: readonly [number, number, number]) {
    this.#kernel = kernel;
    this.#digits = digits;
    this.#options = options;
  }

  /** Sets to 0 in `wanted` what does not have the digits, see `Matcher`. */
  narrow(read: ReadNumbers, from: number, to: number, wanted: Uint8Array): OpenNumbers {
    const kernel = this.#kernel;
    const count = to - from;
    kernel.use(this.#digits);
    kernel.wanted.set(wanted.subarray(0, count));
    read(from, to, kernel.values);
    const openCount = kernel.narrow(count, this.#digits.found, ...this.#options);
    wanted.set(kernel.wanted.subarray(0, count));
    // A copy: the next block may be another one's.
    const at = kernel.open.slice(0, openCount);
    const values = new Float64Array(openCount);
    for (let index = 0; index < openCount; index++) values[index] = kernel.values[at[index] ?? 0] ?? NaN;
    return { at, values };
  }
}

/** What `src/wasm/digits.ts` exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly narrow: (
    count: number,
    found: number,
    dropped: number,
    isZero: number,
    isPointed: number,
  ) => number;
  readonly FIRST: Place;
  readonly ONE: Place;
  readonly THREE: Place;
  readonly VALUES: Place;
  readonly WANTED: Place;
  readonly OPEN: Place;
}

interface Place {
  readonly value: number;
}

/** Not in the types of Node. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** The module with its memory: one for the thread, since whoever uses it is done at once. */
class Kernel {
  readonly narrow: Exports["narrow"];
  readonly values: Float64Array;
  readonly wanted: Uint8Array;
  readonly open: Int32Array;
  readonly #first: Uint16Array;
  readonly #one: Uint16Array;
  readonly #three: Uint16Array;
  #digits: Digits | undefined;

  constructor({ memory: { buffer }, narrow, FIRST, ONE, THREE, VALUES, WANTED, OPEN }: Exports) {
    this.narrow = narrow;
    this.#first = new Uint16Array(buffer, FIRST.value, (ONE.value - FIRST.value) / 2);
    this.#one = new Uint16Array(buffer, ONE.value, (THREE.value - ONE.value) / 2);
    this.#three = new Uint16Array(buffer, THREE.value, (VALUES.value - THREE.value) / 2);
    this.values = new Float64Array(buffer, VALUES.value, BLOCK_ROWS);
    this.wanted = new Uint8Array(buffer, WANTED.value, BLOCK_ROWS);
    this.open = new Int32Array(buffer, OPEN.value, BLOCK_ROWS);
  }

  /** Has it look for other digits from now on. */
  use(digits: Digits): void {
    if (this.#digits === digits) return;
    this.#digits = digits;
    this.#first.set(digits.first);
    this.#one.set(digits.next[1]);
    this.#three.set(digits.next[3]);
  }
}

let kernel: Kernel | "none" | undefined;

/** `undefined` where WebAssembly is switched off, or has no memory. */
function loaded(): Kernel | undefined {
  kernel ??= made();
  return kernel === "none" ? undefined : kernel;
}

function made(): Kernel | "none" {
  try {
    const module = new WebAssembly.Module(Buffer.from(DIGITS_MODULE, "base64"));
    return new Kernel(new WebAssembly.Instance(module).exports as Exports); // As its source says.
  } catch {
    return "none";
  }
}
