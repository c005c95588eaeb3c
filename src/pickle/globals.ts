import type { ValueReader } from "./shapes.ts";
import { Kind, type Ref } from "./tape.ts";

/** Nodes and members that are looked at: a larger value has named what it needs long before. */
const MOST_LOOKED_AT = 500_000;
/** Names that are gathered. */
const MOST_NAMES = 1000;
/** The opcode of a global that protocols before 4 write. */
const GLOBAL = "c".charCodeAt(0);

/** The classes and functions that a pickle names, which Python would import: `module.name`, in the order in which they come. Calls nothing. */
export function globalsOf(reader: ValueReader): readonly string[] {
  const { tape, bytes } = reader;
  const names = new Set<string>();
  const seen = new Set<Ref>();
  const look = (ref: Ref): void => {
    if (seen.has(ref)) return;
    seen.add(ref);
    const named = reader.nameOf(ref);
    if (named !== undefined) names.add(`${named.module}.${named.name}`);
  };
  for (let index = 0; index < Math.min(tape.nodeCount, MOST_LOOKED_AT) && names.size < MOST_NAMES; index++) {
    const kind = tape.kind(~index);
    if (kind === Kind.Global) look(~index);
    else if (kind === Kind.Reduce || kind === Kind.NewObj) look(tape.a(~index));
  }
  // One that is a value by itself, such as a class in a list.
  for (let at = 0; at < Math.min(tape.itemCount, MOST_LOOKED_AT) && names.size < MOST_NAMES; at++) {
    const ref = tape.items[at] ?? -1;
    if (ref >= 0 && bytes.byte(ref) === GLOBAL) look(ref);
  }
  return [...names];
}
