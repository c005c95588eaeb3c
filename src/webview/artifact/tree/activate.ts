import type { TreeRow } from "./model.ts";
import type { Viewer } from "../viewer.ts";

/** What Enter, or a double click, does to a row. */
export function activate(viewer: Viewer, row: TreeRow): void {
  switch (row.kind) {
    case "value":
      if (row.link?.cyclic === true) follow(viewer, row);
      else if (row.expanded !== undefined) void viewer.toggle(row.path);
      else if (row.row.more) viewer.showDetail(row.path);
      return;
    case "gap":
      void viewer.loadFrom(row.path, row.from);
      return;
    case "failed":
      void viewer.retryPage(row.path, row.page);
      return;
    case "loading":
      return;
  }
}

/** Goes to where the same object stands already. */
export function follow(viewer: Viewer, row: TreeRow): void {
  if (row.kind === "value" && row.link !== undefined) viewer.focusOn(row.link.path);
}
