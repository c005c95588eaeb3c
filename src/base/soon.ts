/** What is there already, or comes later. */
export type Soon<T> = T | Promise<T>;

/** What comes of it: at once where it is there already. */
export function andThen<T, R>(soon: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return soon instanceof Promise ? soon.then(next) : next(soon);
}

/** All of them; waits only where one is not there yet. */
export async function whenAll<T>(items: readonly Soon<T>[]): Promise<readonly T[]> {
  return isThere(items) ? items : Promise.all(items);
}

function isThere<T>(items: readonly Soon<T>[]): items is readonly T[] {
  return items.every((item) => !(item instanceof Promise));
}
