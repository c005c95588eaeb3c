/** What is loaded when rows are first put in order, or looked through. */
export { Arrangement } from "./arrangement.ts";
export { Arranger } from "./arranger.ts";
export { columnAt, matchingColumns } from "./columns.ts";
export { distinctOf } from "./distinct.ts";
export { unlikeColumns } from "./unlike.ts";
