/** Watches how long the thread is held at a time. What it gives ends that, and tells the longest, in milliseconds. */
export function watchHold(): () => number {
  let [hold, last, isDone] = [0, performance.now(), false];
  const watch = (): void => {
    hold = Math.max(hold, performance.now() - last);
    last = performance.now();
    if (!isDone) setImmediate(watch);
  };
  watch();
  return () => {
    isDone = true;
    return hold;
  };
}
