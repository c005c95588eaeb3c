import { BFLOAT16, PLAIN, type DType, type DTypeKind } from "../numpy/dtype.ts";
import { byteSpan } from "../recognisers/arguments.ts";
import type { Span, ValueReader } from "../shapes.ts";
import { Kind, type Ref } from "../tape.ts";

/** The bytes that tensors are views of. */
export interface Storage {
  readonly span: Span;
  readonly dtype: DType;
  /** torch's name: `torch.float32`. */
  readonly dtypeName: string;
  /** Where it was: `cpu`, `cuda:0`. */
  readonly device: string;
}

/** Bytes in which what stands before the elements ends. Python: `torch.serialization._legacy_save`. */
const MOST_HEAD = 4096;
/** Its magic number, version, facts of the machine, the storage itself and the keys of all storages. */
const PICKLES = 5;

const dtype = (kind: DTypeKind, itemsize: number): DType => ({
  ...PLAIN,
  kind,
  itemsize,
  littleEndian: true,
});

const DTYPES: ReadonlyMap<string, DType> = new Map([
  ["float64", dtype("f", 8)],
  ["float32", dtype("f", 4)],
  ["float16", dtype("f", 2)],
  ["bfloat16", BFLOAT16],
  ["int64", dtype("i", 8)],
  ["int32", dtype("i", 4)],
  ["int16", dtype("i", 2)],
  ["int8", dtype("i", 1)],
  ["uint64", dtype("u", 8)],
  ["uint32", dtype("u", 4)],
  ["uint16", dtype("u", 2)],
  ["uint8", dtype("u", 1)],
  ["bool", dtype("b", 1)],
  ["complex128", dtype("c", 16)],
  ["complex64", dtype("c", 8)],
]);

/** The dtypes of the classes of storages that have one. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ["DoubleStorage", "float64"],
  ["FloatStorage", "float32"],
  ["HalfStorage", "float16"],
  ["BFloat16Storage", "bfloat16"],
  ["LongStorage", "int64"],
  ["IntStorage", "int32"],
  ["ShortStorage", "int16"],
  ["CharStorage", "int8"],
  ["ByteStorage", "uint8"],
  ["BoolStorage", "bool"],
  ["ComplexDoubleStorage", "complex128"],
  ["ComplexFloatStorage", "complex64"],
]);

/** What `_load_from_bytes(bytes)` gives, or why it is not read. @param given the dtype of elements in a storage that has none */
export function storageOf(reader: ValueReader, ref: Ref, given: string | undefined): Storage | string {
  const object = reader.shape(ref);
  if (object.t === "opaque") return object.why;
  if (object.t !== "object" || object.name !== "_load_from_bytes" || object.args.length !== 1)
    return "a storage that is kept elsewhere";
  const span = byteSpan(reader, object.args.at(0));
  if (span === undefined) return "a storage without bytes";
  const head = span.store.copy(span.from, Math.min(span.to, span.from + MOST_HEAD));
  const inner = reader.pickles(head, PICKLES);
  const [own, last] = [inner[3], inner[PICKLES - 1]];
  if (own === undefined || last === undefined) return "a storage in a format that is not read here";
  const id = own.reader.tape.kind(own.root) === Kind.PersId ? own.reader.tape.a(own.root) : undefined;
  // ("storage", class, key, location, number of elements), and in old ones the view that it is of another storage.
  const parts = id === undefined ? undefined : own.reader.tuple(id);
  if (parts === undefined || parts.length < 5) return "a storage in a format that is not read here";
  const cls = own.reader.nameOf(parts.at(1))?.name ?? "";
  const [device, count] = [own.reader.text(parts.at(3)), own.reader.int(parts.at(4))];
  const name = given ?? CLASSES.get(cls) ?? cls;
  const type = DTYPES.get(name);
  if (type === undefined) return `elements of ${name}, which are not read here`;
  if (typeof count !== "number" || count < 0 || device === undefined) return "a storage of no size";
  const bytes = count * (given === undefined ? type.itemsize : 1);
  // Before the elements stands once more how many they are.
  const from = span.from + last.end + 8;
  if (!Number.isSafeInteger(bytes) || from + bytes > span.to)
    return "a storage whose bytes are not all there";
  const elements = { store: span.store, from, to: from + bytes };
  return { span: elements, dtype: type, dtypeName: `torch.${name}`, device };
}
