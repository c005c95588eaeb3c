/** Calls on at most once in so many milliseconds; what comes between is dropped. */
export function atMost<A extends unknown[]>(
  everyMs: number,
  call: (...args: A) => void,
): (...args: A) => void {
  let nextMs = 0;
  return (...args) => {
    const now = performance.now();
    if (now < nextMs) return;
    nextMs = now + everyMs;
    call(...args);
  };
}
