import { keyOf } from "./model.ts";
import type { TreeRow } from "./model.ts";
import type { Viewer } from "./viewer.ts";

/** What Enter, or a double click, does to a row. */
export function activate(viewer: Viewer, row: TreeRow): void {
  switch (row.kind) {
    case "value":
      if (row.link?.cyclic === true) viewer.focusOn(keyOf(row.link.path));
      else if (row.expanded !== undefined) void viewer.toggle(row.path);
      else if (row.row.more) void viewer.showDetail(row.path);
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
