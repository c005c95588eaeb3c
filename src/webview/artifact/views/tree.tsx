import type { JSX } from "preact";
import { Icon } from "../../kit/icon.tsx";
import { VisibleText } from "../../kit/visibleText.tsx";
import { placeOf } from "../describe.ts";
import { LoadedView } from "../loadedView.tsx";
import { rowAt } from "../tree/model.ts";
import { say } from "../say.ts";
import { TreeView } from "../tree/view.tsx";
import type { ViewProps } from "../views.ts";

/** The whole value as a tree, and below it the whole of a text or of bytes in it. */
export function ValueTree({ viewer, name }: ViewProps): JSX.Element | null {
  const { screen } = viewer;
  const { tree, detail } = screen;
  if (tree === undefined) return null;
  const row = detail === undefined ? undefined : rowAt(tree, detail);
  const close = (): void => {
    viewer.showDetail(undefined);
  };
  return (
    <>
      <TreeView viewer={viewer} tree={tree} screen={screen} name={name} />
      {detail !== undefined && row !== undefined && (
        <section
          class="detail"
          aria-label={placeOf(tree, detail)}
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
          }}
        >
          <div class="detail-title">
            <span class="detail-place">
              <VisibleText text={placeOf(tree, detail)} />
            </span>
            <span class="dim">{row.type}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={say("close")}
              title={`${say("close")} (Escape)`}
              onClick={close}
            >
              <Icon name="close" />
            </button>
          </div>
          <LoadedView
            key={row.id}
            id={row.family === "bytes" ? "raw" : "text"}
            viewer={viewer}
            subject={{ path: detail, row }}
            name={placeOf(tree, detail)}
          />
        </section>
      )}
    </>
  );
}
