import type { Slices } from "../../base/slices.ts";
import type { Table } from "../../pickle/index.ts";

/** Whether the rows of a table have labels that say more than their positions. */
export async function hasOwnLabels(table: Table, slices: Slices): Promise<boolean> {
  const { rowLevels, rowCount } = table;
  if (rowLevels.length !== 1 || rowLevels[0] !== "") return rowLevels.length > 0;
  for (let row = 0; row < rowCount; row++) {
    const [key] = table.rowKeys(row);
    if (key?.kind !== "int" || Number(key.value) !== row) return true;
    if (row % 256 === 0 && slices.areDue) await slices.pause();
  }
  return false;
}

/** What the levels of the rows' labels are called in a file: as pandas calls them where they have no name. */
export function levelNames({ rowLevels }: Table): string[] {
  return rowLevels.map((name, level) =>
    name !== "" ? name : rowLevels.length === 1 ? "index" : `level_${level}`,
  );
}

/** Each name once: those that come again get a number behind, as `pandas.read_csv` gives them. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 1;
    while (taken.has(`${name}.${number}`)) number++;
    taken.add(`${name}.${number}`);
    return `${name}.${number}`;
  });
}
