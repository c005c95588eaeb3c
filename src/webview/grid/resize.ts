/** What dragging the edge of a column needs of the grid. */
export interface Resizable {
  /** The column whose right edge is under the pointer, in the header. */
  columnAtEdge(event: MouseEvent): number | undefined;
  widthOf(column: number): number;
  resize(column: number, width: number): void;
  /** As wide as what it holds. */
  fit(column: number): void;
}

/** Lets the edges of columns be dragged; a double click fits. Takes the events before the grid, so that they select nothing. */
export function letColumnsResize(element: HTMLElement, grid: Resizable): void {
  let dragged: { readonly column: number; readonly from: number; readonly width: number } | undefined;
  const capture = { capture: true };
  element.addEventListener(
    "mousemove",
    (event) => {
      element.classList.toggle("resizing", dragged !== undefined || grid.columnAtEdge(event) !== undefined);
    },
    capture,
  );
  element.addEventListener(
    "mousedown",
    (event) => {
      const column = event.button === 0 ? grid.columnAtEdge(event) : undefined;
      if (column === undefined) return;
      dragged = { column, from: event.clientX, width: grid.widthOf(column) };
      event.stopPropagation();
      event.preventDefault();
      const move = (moved: MouseEvent): void => {
        if (dragged !== undefined) grid.resize(dragged.column, dragged.width + moved.clientX - dragged.from);
      };
      const up = (): void => {
        dragged = undefined;
        window.removeEventListener("mousemove", move);
        window.removeEventListener("mouseup", up);
      };
      window.addEventListener("mousemove", move);
      window.addEventListener("mouseup", up);
    },
    capture,
  );
  element.addEventListener(
    "dblclick",
    (event) => {
      const column = grid.columnAtEdge(event);
      if (column === undefined) return;
      event.stopPropagation();
      grid.fit(column);
    },
    capture,
  );
}
