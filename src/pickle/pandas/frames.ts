import { elementAt, liesInBytes, sizeOfShape } from "../numpy/array.ts";
import { mapOf, membersIn } from "../recognisers/arguments.ts";
import type { Members, ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { cellArrayOf } from "./arrays.ts";
import { columnOf, type Cell, type CellArray, type Column } from "./cells.ts";
import type { Index } from "./indexes.ts";
import { attributesOf, indexAt, isPandas } from "./objects.ts";

/** A table: columns of one length, with labels on both axes. */
export interface Frame {
  readonly type: string;
  readonly columns: Index;
  readonly index: Index;
  column(at: number): Column | undefined;
}

/** A column by itself. */
export interface Series {
  readonly type: string;
  readonly name: Cell;
  readonly index: Index;
  readonly values: Column;
}

interface Block {
  readonly values: CellArray;
  /** The columns that it holds. */
  readonly places: Places;
}

/** Numbers of columns, as many as a pickle claims. */
interface Places {
  readonly length: number;
  at(index: number): number;
}

const MOST_COLUMNS = 1 << 20;
/** A column each, for frames that were put together column by column. */
const MOST_BLOCKS = 100_000;

/** Of `DataFrame` with the state `{"_mgr": BlockManager, …}`. */
export function frameOf(reader: ValueReader, object: ObjectShape): Frame | undefined {
  const manager = managerOf(reader, object);
  const [columns, index] = manager?.axes.map((ref) => indexAt(reader, ref)) ?? [];
  if (manager === undefined || columns === undefined || index === undefined) return undefined;
  const places = new Map<number, { readonly block: Block; readonly row: number }>();
  for (const block of manager.blocks) {
    const rows = block.values.shape.length > 1 ? block.values.shape[0] : 1;
    const length = block.values.shape.at(-1) ?? 0;
    if (length !== index.labels.length || (rows !== block.places.length && block.places.length !== 1))
      return undefined;
    if (places.size + block.places.length > Math.min(columns.labels.length, MOST_COLUMNS)) return undefined;
    for (let row = 0; row < block.places.length; row++) places.set(block.places.at(row), { block, row });
  }
  if (places.size !== columns.labels.length) return undefined;
  return {
    type: `${object.module}.${object.name}`,
    columns,
    index,
    column: (at) => {
      const found = places.get(at);
      return found && columnOf(found.block.values, found.row);
    },
  };
}

/** Of `Series` with the state `{"_mgr": SingleBlockManager, "name": …}`. */
export function seriesOf(reader: ValueReader, object: ObjectShape): Series | undefined {
  const manager = managerOf(reader, object);
  const [indexRef] = manager?.axes ?? [];
  const index = indexAt(reader, indexRef);
  const [block] = manager?.blocks ?? [];
  if (
    index === undefined ||
    block?.values.shape.length !== 1 ||
    block.values.shape[0] !== index.labels.length
  )
    return undefined;
  const attributes = attributesOf(reader, object);
  const name = attributes?.get("_name") ?? attributes?.get("name");
  return {
    type: `${object.module}.${object.name}`,
    name: name === undefined ? undefined : { ref: name },
    index,
    values: columnOf(block.values),
  };
}

interface Manager {
  readonly axes: readonly Ref[];
  readonly blocks: readonly Block[];
}

function managerOf(reader: ValueReader, object: ObjectShape): Manager | undefined {
  const attributes = attributesOf(reader, object);
  const ref = attributes?.get("_mgr") ?? attributes?.get("_data");
  return ref === undefined ? undefined : readManager(reader, ref);
}

function readManager(reader: ValueReader, ref: Ref): Manager | undefined {
  const manager = reader.shape(ref);
  if (manager.t !== "object" || !isPandas(manager) || !/^(Single)?BlockManager$/.test(manager.name))
    return undefined;
  const [state] = manager.states;
  return state === undefined ? managerOfCall(reader, manager.args) : managerOfState(reader, state);
}

/** `BlockManager(blocks, axes)`, and `SingleBlockManager(block, axis)`. */
function managerOfCall(reader: ValueReader, args: Members): Manager | undefined {
  if (args.length < 2) return undefined;
  const axes = membersIn(reader, args.at(1));
  const blocks = membersIn(reader, args.at(0));
  if ((axes?.length ?? 0) > 2 || (blocks?.length ?? 0) > MOST_BLOCKS) return undefined;
  const refs = (members: Members | undefined, single: Ref): Ref[] =>
    members === undefined ? [single] : Array.from({ length: members.length }, (_, at) => members.at(at));
  const made = refs(blocks, args.at(0)).map((ref) => blockOfCall(reader, ref));
  return withBlocks(refs(axes, args.at(1)), made);
}

/** `_unpickle_block(values, places, ndim)`, in pandas 1.3 `new_block`. */
function blockOfCall(reader: ValueReader, ref: Ref): Block | undefined {
  const object = reader.shape(ref);
  if (object.t !== "object" || !isPandas(object) || !/^(_unpickle|new)_block$/.test(object.name))
    return undefined;
  return object.args.length < 2 ? undefined : blockOf(reader, object.args.at(0), object.args.at(1));
}

/** The state of older ones, and of a Series: a tuple whose last member is `{"0.14.1": {"axes": […], "blocks": [{"values", "mgr_locs"}]}}`. */
function managerOfState(reader: ValueReader, state: Ref): Manager | undefined {
  const parts = reader.tuple(state);
  const versions = parts === undefined || parts.length < 4 ? undefined : mapOf(reader, parts.at(3));
  const found = versions?.get("0.14.1");
  const known = found === undefined ? undefined : mapOf(reader, found);
  const [axesRef, blocksRef] = [known?.get("axes"), known?.get("blocks")];
  const axes = axesRef === undefined ? undefined : membersIn(reader, axesRef);
  const blocks = blocksRef === undefined ? undefined : membersIn(reader, blocksRef);
  if (axes === undefined || blocks === undefined || blocks.length > MOST_BLOCKS) return undefined;
  const made = Array.from({ length: blocks.length }, (_, at) => {
    const block = mapOf(reader, blocks.at(at));
    const [values, places] = [block?.get("values"), block?.get("mgr_locs")];
    return values === undefined || places === undefined ? undefined : blockOf(reader, values, places);
  });
  return withBlocks(
    Array.from({ length: Math.min(axes.length, 2) }, (_, at) => axes.at(at)),
    made,
  );
}

function withBlocks(axes: readonly Ref[], made: readonly (Block | undefined)[]): Manager | undefined {
  const blocks = made.filter((block) => block !== undefined);
  return blocks.length === made.length ? { axes, blocks } : undefined;
}

function blockOf(reader: ValueReader, values: Ref, places: Ref): Block | undefined {
  const cells = cellArrayOf(reader, values);
  const numbers = placesOf(reader, places);
  return cells === undefined || numbers === undefined ? undefined : { values: cells, places: numbers };
}

/** A slice, or an array of numbers. */
function placesOf(reader: ValueReader, ref: Ref): Places | undefined {
  const shape = reader.shape(ref);
  if (shape.t === "ndarray") {
    const size = sizeOfShape(shape.shape);
    return liesInBytes(shape.data) ? { length: size, at: (row) => Number(elementAt(shape, row)) } : undefined;
  }
  if (shape.t !== "object" || shape.name !== "slice" || shape.args.length !== 3) return undefined;
  const [start, stop, step] = [0, 1, 2].map((at) => reader.int(shape.args.at(at)));
  if (typeof start !== "number" || typeof stop !== "number") return undefined;
  const by = typeof step === "number" && step !== 0 ? step : 1;
  const length = Math.max(0, Math.ceil((stop - start) / by));
  return { length, at: (row) => start + row * by };
}
