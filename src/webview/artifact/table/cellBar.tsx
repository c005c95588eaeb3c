import type { JSX } from "preact";
import { formatCount } from "../../kit/format.ts";
import { Icon } from "../../kit/icon.tsx";
import { VisibleText } from "../../kit/visibleText.tsx";
import type { GridModel } from "./model.ts";
import { say } from "../say.ts";

/** What the cell with the focus holds, in more room than the cell has. */
export function CellBar({
  model,
  rowCount,
}: {
  readonly model: GridModel;
  readonly rowCount: string;
}): JSX.Element {
  const { focused, selected, problem } = model;
  if (problem !== undefined) {
    return (
      <div class="cell-bar">
        <Icon name="error" />
        <span class="error-text">
          <VisibleText text={problem} />
        </span>
      </div>
    );
  }
  const cell = focused?.cell;
  const opens = cell?.kind === "nested" || cell?.cut === true;
  return (
    <div class="cell-bar">
      {focused !== undefined && (
        <span class="cell-place">
          <VisibleText text={focused.place.row < 0 ? focused.column : `${focused.column} [${focused.row}]`} />
        </span>
      )}
      {cell !== undefined && (
        <span class="cell-text">
          <VisibleText text={cell.text} />
        </span>
      )}
      {opens && (
        <button
          type="button"
          class="in-row"
          onClick={() => {
            void model.openFocused();
          }}
        >
          <Icon name="list-tree" />
          <span>{say("openInTree")}</span>
        </button>
      )}
      <span class="cell-count">
        {selected !== undefined
          ? say("selectedCells", formatCount(selected.rows), formatCount(selected.columns))
          : focused !== undefined && focused.place.row >= 0
            ? say("rowOf", formatCount(focused.place.row + 1), rowCount)
            : ""}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-haspopup="menu"
        aria-label={say("copy")}
        title={say("copy")}
        onClick={(event) => {
          model.copying.openMenu(event.currentTarget.getBoundingClientRect());
        }}
      >
        <Icon name="copy" />
      </button>
    </div>
  );
}
