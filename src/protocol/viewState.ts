import { checkRowOrder, checkSorts } from "./arrange.ts";
import { VIEW_IDS } from "./artifact.ts";
import type { GridState, ViewState } from "./artifact.ts";
import { CheckFailed, count, finite, listOf, oneOf, optional, record, text, whole } from "./check.ts";
import type { Check } from "./check.ts";
import { checkRange, checkSlice } from "./table.ts";

const path = listOf(count);

const checkGrid: Check<GridState> = record<GridState>({
  path,
  slice: optional(checkSlice),
  filter: text,
  sorts: checkSorts,
  shown: checkRowOrder,
  hidden: listOf(checkRange),
  pinned: path,
  heat: (value, place) => (value === "all" ? value : listOf(count)(value, place)),
  focus: record<GridState["focus"]>({ row: whole, column: count }),
  top: finite,
  firstColumn: count,
});

const checkState: Check<ViewState> = record<ViewState>({
  open: listOf(record<ViewState["open"][number]>({ path, pages: listOf(count) })),
  focus: optional(path),
  scrollTop: finite,
  shown: optional(oneOf(...VIEW_IDS)),
  detail: optional(path),
  subject: optional(path),
  grids: optional(listOf(checkGrid)),
});

/** What a page kept of itself; `undefined` for what another version of it kept, which would fail it at each reload. */
export function viewStateOf(kept: unknown): ViewState | undefined {
  try {
    return kept === undefined ? undefined : checkState(kept);
  } catch (thrown) {
    if (thrown instanceof CheckFailed) return undefined;
    throw thrown;
  }
}
