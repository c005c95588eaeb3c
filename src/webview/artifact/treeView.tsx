import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { activate } from "./activate.ts";
import { focusedRow } from "./focus.ts";
import type { Tree, TreeRow } from "./model.ts";
import { moveFor, typeAhead } from "./keyboard.ts";
import { rowsOf } from "./rows.ts";
import { say } from "./say.ts";
import { RowView } from "./treeRow.tsx";
import type { Screen, Viewer } from "./viewer.ts";

/** VS Code's own row height, in pixels. */
const ROW_HEIGHT = 22;
/** Rows that are drawn above and below the visible ones, so that scrolling shows no holes. */
const MARGIN_ROWS = 12;
/** Milliseconds between two keys that belong to one word. */
const TYPE_AHEAD_MS = 800;

interface TreeProps {
  readonly viewer: Viewer;
  readonly tree: Tree;
  readonly screen: Screen;
  readonly name: string;
}

/** The tree of the value: only the rows on the screen are drawn, one element has the keyboard and tells which row it means. */
export function TreeView({ viewer, tree, screen, name }: TreeProps): JSX.Element {
  const rows = useMemo(() => rowsOf(tree), [tree]);
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const [top, setTop] = useState(screen.scrollTop);
  const [height, setHeight] = useState(0);

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

  const focused = focusedRow(rows, screen.focus);
  useEffect(() => {
    const element = scroller.current;
    if (element === null || height === 0) return;
    const rowTop = focused * ROW_HEIGHT;
    if (rowTop < element.scrollTop) element.scrollTop = rowTop;
    else if (rowTop + ROW_HEIGHT > element.scrollTop + height)
      element.scrollTop = rowTop + ROW_HEIGHT - height;
  }, [screen.focus, focused, height]);

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - MARGIN_ROWS);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW_HEIGHT) + MARGIN_ROWS);
  const activeKey = rows[focused]?.key;
  const activeShown = focused >= first && focused < last;

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.key.toLowerCase() === "g" && (event.ctrlKey || event.metaKey)) {
      const row = rows[focused];
      if (row !== undefined) void viewer.goToPosition(containerOf(row));
      event.preventDefault();
      // VS Code hears the keys of its pages too, and would open its own Go to Line over the question.
      event.stopPropagation();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || activeKey === undefined) return;
    const move = moveFor(event.key, rows, activeKey, {
      rows: Math.max(1, Math.floor(height / ROW_HEIGHT) - 1),
    });
    const row = rows[focused];
    if (move !== undefined && row !== undefined) {
      event.preventDefault();
      if (move.kind === "focus") viewer.focusOn(move.key);
      else if (move.kind === "activate") activate(viewer, row);
      else void viewer.toggle(row.path);
    } else if (event.key.length === 1) {
      const now = event.timeStamp;
      const text = now - typed.current.at < TYPE_AHEAD_MS ? typed.current.text + event.key : event.key;
      typed.current = { text, at: now };
      const found = typeAhead(rows, activeKey, text);
      if (found !== undefined) viewer.focusOn(found);
    }
  };

  return (
    <div
      ref={scroller}
      class="tree"
      role="tree"
      tabIndex={0}
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
            focused={row.key === activeKey}
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
