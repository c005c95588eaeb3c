import { elementRows } from "../elementRows.ts";
import { elementAt, sizeOfShape } from "../numpy/array.ts";
import { MOST_MEMBERS } from "../part.ts";
import type { Members, ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { rowsOf, textPart } from "./rows.ts";
import { storageOf, type Storage } from "./storage.ts";
import { arrayOfTensor, firstOf, type Tensor } from "./strided.ts";
import type { Pen, View } from "./view.ts";

const MOST_AXES = 64;

/** torch's tensors and parameters, sizes and devices. Python: `torch._utils`. */
export function torchView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { module, name, args } = object;
  if (module === "torch._utils") {
    if (name.startsWith("_rebuild_parameter") && args.length > 0) return parameterView(args, reader);
    if (name === "_rebuild_tensor_v2" || name === "_rebuild_tensor_v3") return tensorView(object, reader);
  }
  if (module !== "torch" || args.length !== 1) return undefined;
  return name === "Size" ? sizeView(reader, args.at(0)) : undefined;
}

/** `_rebuild_parameter(tensor, requires_grad, hooks)`. */
function parameterView(args: Members, reader: ValueReader): View | undefined {
  const data = reader.shape(args.at(0));
  if (data.t !== "object" || !data.name.startsWith("_rebuild_tensor_v")) return undefined;
  const view = torchView(data, reader);
  if (view === undefined) return undefined;
  return {
    ...view,
    type: "torch.nn.parameter.Parameter",
    print: (pen) => {
      pen.text("Parameter(");
      view.print(pen);
      pen.text(")");
    },
  };
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`; of v3 the storage is bytes, and the dtype stands behind. */
function tensorView({ name, args }: ObjectShape, reader: ValueReader): View | undefined {
  if (args.length < (name.endsWith("v3") ? 7 : 5)) return undefined;
  const offset = reader.int(args.at(1));
  const [shape, strides] = [countsOf(reader, args.at(2)), countsOf(reader, args.at(3))];
  if (typeof offset !== "number" || offset < 0 || shape === undefined) return undefined;
  if (strides?.length !== shape.length) return undefined;
  const dtype = name.endsWith("v3") ? reader.nameOf(args.at(6))?.name : undefined;
  const storage = storageOf(reader, args.at(0), dtype);
  if (typeof storage === "string") return opaqueView(shape, storage);
  const tensor: Tensor = { ...storage, offset, shape, strides };
  const array = arrayOfTensor(tensor);
  if (typeof array === "string") return opaqueView(shape, array);
  return {
    type: "torch.Tensor",
    shape,
    length: shape[0],
    print: (pen) => {
      printTensor(pen, tensor, storage);
    },
    rows: { length: shape[0] ?? 1, at: (index) => elementRows(array(), 0, shape).at(index) },
    sheet: shape.length === 0 ? undefined : { t: "array", array },
  };
}

/** `tensor([1.0, 2.0, …], dtype=torch.float32, shape=(3, 4), device=cuda:0)`: the first elements in C order, the shape where they do not tell it. */
function printTensor(pen: Pen, tensor: Tensor, { dtypeName, device }: Storage): void {
  const { shape } = tensor;
  const first = firstOf(tensor, MOST_MEMBERS + 1);
  const [open, close] = shape.length === 0 ? ["tensor(", ""] : ["tensor([", "]"];
  pen.list(open, sizeOfShape(first.shape), close, (index) => {
    const element = elementAt(first, index);
    pen.cell(element === undefined || element === null ? undefined : { element, dtype: first.dtype });
  });
  pen.text(`, dtype=${dtypeName}`);
  if (shape.length > 1 || (shape[0] ?? 0) > MOST_MEMBERS) pen.text(`, shape=${tupleText(shape)}`);
  pen.text(`${device === "cpu" ? "" : `, device=${device}`})`);
}

/** A tensor whose elements are not shown, and why. */
function opaqueView(shape: readonly number[], why: string): View {
  return {
    type: "torch.Tensor",
    shape,
    length: shape[0],
    print: (pen) => {
      pen.text(`<a tensor of shape ${tupleText(shape)}: ${why}>`);
    },
    rows: rowsOf([{ key: ".shape", value: textPart(tupleText(shape)) }]),
  };
}

/** `Size((2, 3))`. */
function sizeView(reader: ValueReader, ref: Ref): View | undefined {
  const lengths = countsOf(reader, ref);
  if (lengths === undefined) return undefined;
  const members = reader.tuple(ref);
  return {
    type: "torch.Size",
    length: lengths.length,
    print: (pen) => {
      pen.text(`torch.Size([${lengths.join(", ")}])`);
    },
    rows: { length: lengths.length, at: (index) => ({ value: members?.at(index) ?? 0 }) },
  };
}

function tupleText(values: readonly number[]): string {
  return `(${values.join(", ")}${values.length === 1 ? "," : ""})`;
}

/** Numbers from 0 on, one for each axis. */
function countsOf(reader: ValueReader, ref: Ref): readonly number[] | undefined {
  const members = reader.tuple(ref);
  if (members === undefined || members.length > MOST_AXES) return undefined;
  const counts: number[] = [];
  for (let axis = 0; axis < members.length; axis++) {
    const count = reader.int(members.at(axis));
    if (typeof count !== "number" || count < 0) return undefined;
    counts.push(count);
  }
  return counts;
}
