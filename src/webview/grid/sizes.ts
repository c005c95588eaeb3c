/** Pixels of a row; VS Code's own lists have the same. */
export const ROW_HEIGHT = 22;
/** Pixels of a column that nothing is known of. */
export const COLUMN_WIDTH = 110;
/** Columns on both sides that are read with those on the screen. */
export const MARGIN_COLUMNS = 8;
