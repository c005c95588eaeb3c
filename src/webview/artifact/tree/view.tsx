import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Keys } from "./keys.ts";
import type { Tree, TreeRow } from "./model.ts";
import { say } from "../say.ts";
import { RowView } from "./row.tsx";
import type { Screen } from "../screen.ts";
import type { Viewer } from "../viewer.ts";

/** VS Code's own row height, in pixels. */
const ROW_HEIGHT = 22;
/** Rows that are drawn above and below the visible ones, so that scrolling shows no holes. */
const MARGIN_ROWS = 12;
/** What the editor's own context menu is told about a row; the menu key means the row that has the focus. */
const CONTEXT = JSON.stringify({ webviewSection: "value", preventDefaultContextMenuItems: true });

interface TreeProps {
  readonly viewer: Viewer;
  readonly tree: Tree;
  readonly screen: Screen;
  readonly name: string;
}

/** The tree of the value: only the rows on the screen are drawn, one element has the keyboard and tells which row it means. */
export function TreeView({ viewer, tree, screen, name }: TreeProps): JSX.Element {
  const { rows, focusedRow } = viewer;
  const keys = useMemo(() => new Keys(viewer), [viewer]);
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(screen.scrollTop);
  const [height, setHeight] = useState(0);

  useEffect(
    () => () => {
      keys.dispose();
    },
    [keys],
  );
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    setHeight(element.clientHeight);
    element.scrollTop = screen.scrollTop;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
    // Only when the tree appears: later the person scrolls.
  }, []);

  const activeKey = focusedRow?.key;
  const focused = focusedRow === undefined ? 0 : rows.indexOf(focusedRow);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || height === 0) return;
    const rowTop = focused * ROW_HEIGHT;
    if (rowTop < element.scrollTop) element.scrollTop = rowTop;
    else if (rowTop + ROW_HEIGHT > element.scrollTop + height)
      element.scrollTop = rowTop + ROW_HEIGHT - height;
    // Not when rows come or go elsewhere: the person may have scrolled away to look at something.
  }, [screen.focus, activeKey, height]);

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - MARGIN_ROWS);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW_HEIGHT) + MARGIN_ROWS);
  const activeShown = focused >= first && focused < last;

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.key.toLowerCase() === "g" && (event.ctrlKey || event.metaKey)) {
      if (focusedRow !== undefined) void viewer.goToPosition(containerOf(focusedRow));
      event.preventDefault();
      // VS Code hears the keys of its pages too, and would open its own Go to Line over the question.
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (focusedRow?.kind === "value" && focusedRow.row.tabular === true)
        void viewer.lookAt(focusedRow.path, focusedRow.row, "grid");
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.shiftKey && event.key === "Enter" ? "Shift+Enter" : event.key;
    const pageRows = Math.max(1, Math.floor(height / ROW_HEIGHT) - 1);
    if (keys.press({ key, pageRows, atMs: event.timeStamp })) event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      class="tree"
      role="tree"
      tabIndex={0}
      data-main
      data-vscode-context={CONTEXT}
      aria-label={say("tree", name)}
      aria-activedescendant={activeShown && activeKey !== undefined ? rowId(activeKey) : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        setTop(event.currentTarget.scrollTop);
        viewer.scrolledTo(event.currentTarget.scrollTop);
      }}
      onCopy={(event) => {
        if (window.getSelection()?.isCollapsed === false) return;
        event.preventDefault();
        void viewer.copyFocused("value");
      }}
    >
      <div class="tree-space" role="none" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
        {rows.slice(first, last).map((row, index) => (
          <RowView
            key={row.key}
            id={rowId(row.key)}
            viewer={viewer}
            tree={tree}
            row={row}
            top={(first + index) * ROW_HEIGHT}
            focused={row === focusedRow}
          />
        ))}
      </div>
    </div>
  );
}

/** The container whose positions are meant: the row's own when it is open, otherwise the one that it lies in. */
function containerOf(row: TreeRow): readonly number[] {
  if (row.kind !== "value" || row.expanded === true) return row.path;
  return row.path.slice(0, -1);
}

function rowId(key: string): string {
  return `row-${key}`;
}
