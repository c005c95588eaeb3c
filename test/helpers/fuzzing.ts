import { randomNumbers } from "./random.ts";

/** Seconds that each fuzzer runs for, where somebody wishes more than what every run of the tests does: `FUZZ_SECONDS=600`. */
const SECONDS = Number(process.env["FUZZ_SECONDS"] ?? 0);

/** Milliseconds that a test with a fuzzer may take. */
export const FUZZ_TIMEOUT_MS = 60_000 + 2000 * SECONDS;

/** How fast-check runs: so often, but not longer than that; by hand as long as is wished, from another beginning each time. */
export function fuzzRuns(
  numRuns: number,
  ms: number,
): { numRuns: number; interruptAfterTimeLimit: number; markInterruptAsFailure: boolean } {
  const isLong = SECONDS > 0;
  return {
    numRuns: isLong ? 2 ** 31 - 1 : numRuns,
    interruptAfterTimeLimit: isLong ? 1000 * SECONDS : ms,
    markInterruptAsFailure: false,
  };
}

/** So many times one of the cases with some of its bytes replaced, the same ones each time; by hand as long as is wished, others each time. */
export function* mutants<T extends { readonly data: string }>(
  cases: readonly T[],
  count: number,
  seed: number,
): Generator<{ readonly one: T; readonly bytes: Buffer; readonly name: string }> {
  const own = SECONDS > 0 ? Date.now() >>> 0 : seed;
  const random = randomNumbers(own);
  const end = performance.now() + 1000 * SECONDS;
  for (let mutant = 0; SECONDS > 0 ? performance.now() < end : mutant < count; mutant++) {
    const one = cases[Math.floor(random() * cases.length)];
    if (one === undefined) return;
    const bytes = Buffer.from(one.data, "base64");
    for (let times = 1 + Math.floor(random() * 4); times > 0; times--)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    yield { one, bytes, name: `mutant ${mutant} of seed ${own}` };
  }
}
