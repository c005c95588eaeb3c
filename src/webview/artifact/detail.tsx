import type { JSX } from "preact";
import { Icon } from "../kit/icon.tsx";
import { VisibleText } from "../kit/visibleText.tsx";
import { placeOf } from "./describe.ts";
import { LoadedView } from "./loadedView.tsx";
import { say } from "./say.ts";
import type { Screen } from "./screen.ts";
import { rowAt } from "./tree/model.ts";
import type { Viewer } from "./viewer.ts";

/** Below the tree: the whole of a text or of bytes in it, by the view that shows one alone. */
export function Detail({
  viewer,
  screen,
}: {
  readonly viewer: Viewer;
  readonly screen: Screen;
}): JSX.Element | null {
  const { tree, detail } = screen;
  if (tree === undefined || detail === undefined) return null;
  const row = rowAt(tree, detail);
  if (row === undefined) return null;
  const place = placeOf(tree, detail);
  const close = (): void => {
    viewer.showDetail(undefined);
  };
  return (
    <section
      class="detail"
      aria-label={place}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <div class="detail-title">
        <span class="detail-place">
          <VisibleText text={place} />
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
        name={place}
      />
    </section>
  );
}
