import type { Ref } from "../tape.ts";
import type { ValueReader } from "../shapes.ts";
import type { TableColumn } from "./table.ts";

/** What is read of a column's values without a closer look, each by its reference. */
export function readQuickly(
  { quick }: ValueReader,
  refAt: (row: number) => Ref | undefined,
): Pick<TableColumn, "scalar" | "has"> {
  return {
    scalar: (row) => {
      const ref = refAt(row);
      return ref === undefined ? undefined : quick.value(ref);
    },
    has: (row, needle) => {
      const ref = refAt(row);
      return ref === undefined ? undefined : quick.has(ref, needle);
    },
  };
}
