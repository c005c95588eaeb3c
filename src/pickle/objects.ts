import { typeName } from "./names.ts";
import { recognise } from "./recognisers/index.ts";
import { membersFrom, membersOf, noMembers, noPairs } from "./shapes.ts";
import type { Members, ObjectShape, Pairs, Shape, ValueReader } from "./shapes.ts";
import { Edit, Kind } from "./tape.ts";
import type { Ref, Tape } from "./tape.ts";

/** What REDUCE, NEWOBJ and the opcodes behind them built: a known value where a recogniser knows it, else an object. */
export function objectShape(reader: ValueReader, ref: Ref): Shape {
  const built = builtShape(reader, ref);
  if (built.t !== "object") return built;
  return recognise(built, reader) ?? built;
}

function builtShape(reader: ValueReader, ref: Ref): Shape {
  const { tape } = reader;
  const { states, kwargs } = statesOf(reader, ref);
  const parts = {
    kwargs,
    states,
    items: reader.runs(ref, Edit.Items),
    entries: reader.runs(ref, Edit.Entries),
  };
  const callee = tape.a(ref);
  if (tape.kind(ref) === Kind.Wrap) {
    // A state on a class, a function or a value that is elsewhere.
    const base = reader.shape(callee);
    if (base.t !== "global") return base;
    return { t: "object", module: base.module, name: base.name, made: "new", args: noMembers, ...parts };
  }
  const args = reader.tuple(tape.b(ref)) ?? noMembers;
  const named = reader.nameOf(callee);
  if (named !== undefined) {
    const made = tape.kind(ref) === Kind.NewObj ? "new" : "call";
    return normalise({ t: "object", made, ...named, args, ...parts }, reader);
  }
  return partialCall(reader, callee, args, parts) ?? unnamed(reader, callee);
}

interface States {
  /** The version of the node that they are of. */
  readonly last: number;
  readonly states: readonly Ref[];
  readonly kwargs: Pairs | undefined;
}

/** States from which on they are kept: an object that is looked at often costs their number each time. */
const KEPT_FROM = 100;

const keptStates = new WeakMap<Tape, Map<Ref, States>>();

/** The states and keyword arguments of a node. */
function statesOf(reader: ValueReader, ref: Ref): States {
  const { tape } = reader;
  const last = tape.lastEdit(ref);
  const known = last === 0 ? undefined : keptStates.get(tape)?.get(ref);
  if (known?.last === last) return known;
  const states: Ref[] = [];
  let kwargs: Pairs | undefined;
  tape.forEdits(ref, (what, a) => {
    if (what === Edit.State) states.push(a);
    else if (what === Edit.Kwargs) kwargs = reader.dict(a);
  });
  const found = { last, states, kwargs };
  if (states.length >= KEPT_FROM) {
    const kept = keptStates.get(tape) ?? new Map<Ref, States>();
    keptStates.set(tape, kept.set(ref, found));
  }
  return found;
}

/** What is built by calling a value, not a name: nobody can tell what comes out without running it. */
function unnamed(reader: ValueReader, callee: Ref): Shape {
  const { tape } = reader;
  const maker = tape.kind(callee) === Kind.Reduce ? reader.nameOf(tape.a(callee)) : undefined;
  return {
    t: "opaque",
    why: `made by calling ${maker === undefined ? "a value" : `what ${typeName(maker)} returns`}`,
  };
}

/** Python's own ways of writing "make an instance of this class" for old protocols, as the instance that they make. */
function normalise(shape: ObjectShape, reader: ValueReader): ObjectShape {
  if (shape.module !== "copyreg") return shape;
  const { tape } = reader;
  const [cls, second, third] = [shape.args.at(0), shape.args.at(1), shape.args.at(2)];
  const { length } = shape.args;
  const named = length > 0 ? reader.nameOf(cls) : undefined;
  if (named === undefined) return shape;
  if (shape.name === "__newobj__")
    return { ...shape, made: "new", ...named, args: membersFrom(shape.args, 1) };
  if (shape.name === "__newobj_ex__" && length === 3) {
    const [args, kwargs] = [reader.tuple(second), reader.dict(third)];
    if (args === undefined || kwargs === undefined) return shape;
    return { ...shape, made: "new", ...named, args, kwargs };
  }
  if (shape.name !== "_reconstructor" || length !== 3) return shape;
  // _reconstructor(cls, base, value): an instance of cls whose part of the base, which is not written in Python, is the value. Protocols 0 and 1.
  const base = reader.nameOf(second);
  if (base === undefined) return shape;
  const builtin = base.module === "builtins" ? base.name : "";
  if (builtin === "object") return { ...shape, made: "new", ...named, args: noMembers };
  if (builtin === "list" && tape.kind(third) === Kind.List && shape.items.length === 0) {
    return { ...shape, made: "new", ...named, args: noMembers, items: reader.runs(third, Edit.Items) };
  }
  const pairs = builtin === "dict" && shape.entries.length === 0 ? reader.dict(third) : undefined;
  if (pairs !== undefined) return { ...shape, made: "new", ...named, args: noMembers, entries: pairs };
  return { ...shape, made: builtin === "tuple" ? "tuple" : "new", ...named, args: membersOf([third]) };
}

/**
 * partial(Class.__new__, Class, *args, **kwargs)(): how protocols 2 and 3 write an instance with keyword arguments, for which they have no opcode.
 * partial(function, *args, **kwargs)(*args) of others, as `operator.methodcaller` has it, is a call with such arguments.
 */
function partialCall(
  reader: ValueReader,
  callee: Ref,
  called: Members,
  parts: Pick<ObjectShape, "states" | "items" | "entries">,
): ObjectShape | undefined {
  const { tape } = reader;
  if (tape.kind(callee) !== Kind.Reduce) return undefined;
  const partial = reader.nameOf(tape.a(callee));
  if (partial?.module !== "functools" || partial.name !== "partial") return undefined;
  const state = statesOf(reader, callee).states.at(-1);
  const fields = state === undefined ? undefined : reader.tuple(state);
  if (fields === undefined || fields.length < 3) return undefined;
  const maker = reader.nameOf(fields.at(0));
  const args = reader.tuple(fields.at(1));
  if (maker === undefined || args === undefined) return undefined;
  const kwargs = reader.dict(fields.at(2)) ?? noPairs;
  if (!maker.name.endsWith(".__new__"))
    return { t: "object", made: "call", ...maker, args: joinedMembers(args, called), ...parts, kwargs };
  const named = args.length === 0 || called.length > 0 ? undefined : reader.nameOf(args.at(0));
  if (named === undefined) return undefined;
  return { t: "object", made: "new", ...named, args: membersFrom(args, 1), ...parts, kwargs };
}

function joinedMembers(first: Members, second: Members): Members {
  return {
    length: first.length + second.length,
    at: (index) => (index < first.length ? first.at(index) : second.at(index - first.length)),
  };
}
