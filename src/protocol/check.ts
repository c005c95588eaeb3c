/** Reads an unknown value as a `T`; throws {@link CheckFailed} with the place when it is not one. */
export type Check<T> = (value: unknown, place?: string) => T;

/** A message that is not what the protocol says. */
export class CheckFailed extends Error {
  readonly code = "bad-message";

  constructor(place: string, expected: string) {
    super(`${place === "" ? "the message" : place} is not ${expected}`);
    this.name = "CheckFailed";
  }
}

/** A string. */
export const text: Check<string> = (value, place = "") => {
  if (typeof value !== "string") throw new CheckFailed(place, "text");
  return value;
};

/** A whole number of zero or more that JavaScript holds exactly. */
export const count: Check<number> = (value, place = "") => {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new CheckFailed(place, "a count");
  return value;
};

/** A whole number, also below zero, that JavaScript holds exactly. */
export const whole: Check<number> = (value, place = "") => {
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    throw new CheckFailed(place, "a whole number");
  return value;
};

/** A number that is neither infinite nor none. */
export const finite: Check<number> = (value, place = "") => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new CheckFailed(place, "a number");
  return value;
};

/** A boolean. */
export const flag: Check<boolean> = (value, place = "") => {
  if (typeof value !== "boolean") throw new CheckFailed(place, "true or false");
  return value;
};

/** No value: `undefined`, which JSON turns into `null`. */
export const nothing: Check<undefined> = (value, place = "") => {
  if (value !== undefined && value !== null) throw new CheckFailed(place, "empty");
  return undefined;
};

/** One of the given words. */
export function oneOf<const W extends string>(...words: readonly W[]): Check<W> {
  return (value, place = "") => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new CheckFailed(place, `one of ${words.join(", ")}`);
    return found;
  };
}

/** An array of what the check reads. */
export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, place = "") => {
    if (!Array.isArray(value)) throw new CheckFailed(place, "a list");
    return value.map((item, index) => check(item, `${place}[${index}]`));
  };
}

/** A record with exactly these fields; others are dropped. A field may be left out where its check is {@link optional}. */
export function record<T extends object>(fields: {
  readonly [K in keyof Required<T>]: FieldCheck<T, K>;
}): Check<T> {
  const checks = Object.entries(fields) as [string, Check<unknown> & { optional?: true }][];
  return (value, place = "") => {
    const from = asRecord(value, place);
    const made: Record<string, unknown> = {};
    for (const [key, check] of checks) {
      if (check.optional === true && from[key] === undefined) continue;
      made[key] = check(from[key], join(place, key));
    }
    // Every field of T has been checked above, which the compiler cannot follow through Object.entries.
    return made as T;
  };
}

type FieldCheck<T, K extends keyof T> =
  object extends Pick<T, K> ? Check<Exclude<T[K], undefined>> & { readonly optional: true } : Check<T[K]>;

/** A field of a {@link record} that may be left out. */
export function optional<T>(check: Check<T>): Check<T> & { readonly optional: true } {
  return Object.assign((value: unknown, place?: string) => check(value, place), { optional: true } as const);
}

function asRecord(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CheckFailed(place, "a record");
  return value as Record<string, unknown>;
}

function join(place: string, key: string): string {
  return place === "" ? key : `${place}.${key}`;
}
