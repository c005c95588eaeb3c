/**
 * Code that is loaded on first use: what `whole` gives, after `parts` of it, each in a turn of its own. Loaded in one turn it would hold the thread,
 * for some ten milliseconds where it is a hundred kilobytes and more.
 */
export function inTurns<T>(
  parts: readonly (() => Promise<unknown>)[],
  whole: () => Promise<T>,
): () => Promise<T> {
  let loading: Promise<void> | undefined;
  const load = async (): Promise<void> => {
    for (const part of [...parts, whole]) {
      await part();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return async () => {
    loading ??= load();
    try {
      await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
    return whole();
  };
}
