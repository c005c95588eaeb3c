import type { Pairs, ValueReader } from "./shapes.ts";
import type { Ref } from "./tape.ts";

/**
 * The attributes that a state sets: those of a dict, and of pydantic's models those in its `__dict__`, behind which comes what pydantic keeps for itself;
 * `undefined` for a state of another kind. @param isOwn without the latter
 */
export function attributesIn(reader: ValueReader, state: Ref, isOwn = false): Pairs | undefined {
  const pairs = reader.dict(state);
  if (pairs === undefined || pairs.length === 0 || reader.text(pairs.key(0)) !== "__dict__") return pairs;
  const own = reader.dict(pairs.value(0));
  if (own === undefined || isOwn) return own ?? pairs;
  const { length } = own;
  return {
    length: length + pairs.length - 1,
    key: (at) => (at < length ? own.key(at) : pairs.key(at - length + 1)),
    value: (at) => (at < length ? own.value(at) : pairs.value(at - length + 1)),
  };
}
