/** A cell by its position in the order that is shown. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** What is selected: from the cell where it began to the one that has the focus. */
export interface Selection {
  readonly anchor: CellPlace;
  readonly focus: CellPlace;
}

/** A rectangle of cells; `to` is excluded. */
export interface Rectangle {
  readonly rows: { readonly from: number; readonly to: number };
  readonly columns: { readonly from: number; readonly to: number };
}

/** One cell. */
export function selectOne(cell: CellPlace): Selection {
  return { anchor: cell, focus: cell };
}

/** The cells between the two ends; none of the header. */
export function rectangleOf({ anchor, focus }: Selection): Rectangle {
  return {
    rows: { from: Math.max(0, Math.min(anchor.row, focus.row)), to: Math.max(anchor.row, focus.row) + 1 },
    columns: { from: Math.min(anchor.column, focus.column), to: Math.max(anchor.column, focus.column) + 1 },
  };
}

/** Whether it is more than the cell with the focus. */
export function isRange({ anchor, focus }: Selection): boolean {
  return anchor.row !== focus.row || anchor.column !== focus.column;
}

/** Whether a cell is selected. */
export function isSelected(selection: Selection, { row, column }: CellPlace): boolean {
  const { rows, columns } = rectangleOf(selection);
  return row >= rows.from && row < rows.to && column >= columns.from && column < columns.to;
}
