/** Things on the screen by what they show, used again when what they showed is gone. */
export class Pool<T> {
  readonly #make: () => T;
  readonly #add: (thing: T) => void;
  #shown = new Map<number, T>();
  #free: T[] = [];

  /** @param add puts a new one on the screen */
  constructor(make: () => T, add: (thing: T) => void) {
    this.#make = make;
    this.#add = add;
  }

  /** One for each key: its own of the last time, or one whose own is gone. @param hide what is left over, until it is used again */
  take(keys: readonly number[], hide: (thing: T, isHidden: boolean) => void): ReadonlyMap<number, T> {
    const wanted = new Set(keys);
    for (const [key, thing] of this.#shown) if (!wanted.has(key)) this.#free.push(thing);
    const next = new Map<number, T>();
    for (const key of keys) next.set(key, this.#shown.get(key) ?? this.#reuse(hide));
    for (const thing of this.#free) hide(thing, true);
    this.#shown = next;
    return next;
  }

  #reuse(hide: (thing: T, isHidden: boolean) => void): T {
    const free = this.#free.pop();
    if (free !== undefined) {
      hide(free, false);
      return free;
    }
    const thing = this.#make();
    this.#add(thing);
    return thing;
  }
}
