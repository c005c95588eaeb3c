import type { QualifiedName } from "../names.ts";
import type { Shape, ValueReader } from "../shapes.ts";
import { Kind, type Ref } from "../tape.ts";
import { mapOf, type Attributes } from "../recognisers/arguments.ts";
import type { Index } from "./indexes.ts";

/** Whether a class or function is of pandas, in whichever module of whichever version. */
export function isPandas({ module }: { readonly module: string }): boolean {
  return module === "pandas" || module.startsWith("pandas.");
}

/** What the state of an object sets; empty where it has none, `undefined` where its state is no dict. */
export function attributesOf(reader: ValueReader, shape: Shape): Attributes | undefined {
  if (shape.t !== "object" || shape.states.length > 1) return undefined;
  const [state] = shape.states;
  if (state === undefined) return new Map();
  return mapOf(reader, state);
}

/** The index that a reference stands for. */
export function indexAt(reader: ValueReader, ref: Ref | undefined): Index | undefined {
  const shape = ref === undefined ? undefined : reader.shape(ref);
  return shape?.t === "index" ? shape.index : undefined;
}

/** The class that is the first argument of a call, looked at without the call. */
export function classOfCall(reader: ValueReader, ref: Ref): QualifiedName | undefined {
  const { tape } = reader;
  if (ref >= 0 || tape.kind(ref) !== Kind.Reduce) return undefined;
  const args = reader.tuple(tape.b(ref));
  return args === undefined || args.length === 0 ? undefined : reader.nameOf(args.at(0));
}
