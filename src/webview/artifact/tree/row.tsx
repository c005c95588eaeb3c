import type { JSX } from "preact";
import { PAGE_SIZE } from "../../../protocol/nodes.ts";
import { formatCount } from "../../kit/format.ts";
import { Icon } from "../../kit/icon.tsx";
import { VisibleText } from "../../kit/visibleText.tsx";
import { activate, follow } from "./activate.ts";
import { ICON_OF, lengthOf, placeOf } from "../describe.ts";
import type { FailedRow, GapRow, Tree, TreeRow, ValueRow } from "./model.ts";
import { placeOfRow } from "./place.ts";
import { say } from "../say.ts";
import type { Viewer } from "../viewer.ts";

/** Deeper values are not drawn further to the right: their own text would have no room. */
const DEEPEST_INDENT = 32;
const INDENT_PX = 14;

/** Goes to where the same object stands already. */
const FOLLOW = "Shift+Enter";
/** Shows the value as rows and columns. */
const AS_GRID = "Control+Enter";

interface RowProps {
  readonly id: string;
  readonly viewer: Viewer;
  readonly tree: Tree;
  readonly row: TreeRow;
  /** Pixels from the top of the tree. */
  readonly top: number;
  readonly focused: boolean;
}

/** One row of the tree, drawn at its place in it. */
export function RowView({ id, viewer, tree, row, top, focused }: RowProps): JSX.Element {
  const indent = (Math.min(row.level, DEEPEST_INDENT) - 1) * INDENT_PX;
  const value = row.kind === "value" ? row : undefined;
  const focus = (): void => {
    viewer.focusOn(placeOfRow(row));
  };
  return (
    <div
      id={id}
      class={`row ${row.kind} ${focused ? "focused" : ""}`}
      role="treeitem"
      aria-level={row.level}
      aria-selected={focused}
      aria-expanded={value?.expanded}
      aria-setsize={row.setSize}
      aria-posinset={row.position}
      aria-keyshortcuts={value?.link === undefined ? undefined : FOLLOW}
      style={{ transform: `translateY(${top}px)`, paddingLeft: `${indent + 4}px` }}
      onMouseDown={focus}
      onContextMenu={focus}
      onClick={(event) => {
        if (event.detail === 1 && row.kind === "value" && row.expanded !== undefined)
          void viewer.toggle(row.path);
      }}
      onDblClick={() => {
        if (row.kind === "value" && row.expanded === undefined) activate(viewer, row);
      }}
    >
      <span class="guides" style={{ width: `${indent}px` }} />
      {row.kind === "value" && <Value viewer={viewer} tree={tree} row={row} />}
      {row.kind === "gap" && <Gap viewer={viewer} row={row} />}
      {row.kind === "loading" && <span class="loading-text dim">{say("loading")}</span>}
      {row.kind === "failed" && <Failed viewer={viewer} row={row} />}
    </div>
  );
}

function Value({
  viewer,
  tree,
  row,
}: {
  readonly viewer: Viewer;
  readonly tree: Tree;
  readonly row: ValueRow;
}): JSX.Element {
  const { row: node, link } = row;
  const twistie =
    row.expanded === undefined
      ? ""
      : row.expanded
        ? "codicon codicon-chevron-down"
        : "codicon codicon-chevron-right";
  return (
    <>
      <span class={`twistie ${twistie}`} aria-hidden="true" />
      <span class={`family ${node.family}`}>
        <Icon name={ICON_OF[node.family]} />
      </span>
      {node.key !== undefined && (
        <span class={`key ${node.key.kind}`}>
          <VisibleText text={node.key.text} />
        </span>
      )}
      <span class={`preview ${node.family}`}>
        <VisibleText text={node.preview} />
      </span>
      {link !== undefined && (
        <InRow
          icon="references"
          shortcut={FOLLOW}
          onClick={() => {
            follow(viewer, row);
          }}
        >
          {say(link.cyclic ? "cyclic" : "sameAs", placeOf(tree, link.path))}
        </InRow>
      )}
      {node.tabular === true && row.path.length > 0 && link?.cyclic !== true && (
        <InRow
          icon="table"
          shortcut={AS_GRID}
          onClick={() => {
            void viewer.lookAt(row.path, node, "grid");
          }}
        >
          {say("openAsGrid")}
        </InRow>
      )}
      {node.more && (
        <InRow
          icon="eye"
          shortcut="Enter"
          onClick={() => {
            viewer.showDetail(row.path);
          }}
        >
          {say("showWhole")}
        </InRow>
      )}
      <span class="facts-of-row">
        <VisibleText text={node.type} />
        {node.length !== undefined && <span>{` · ${lengthOf(node)}`}</span>}
      </span>
    </>
  );
}

function Gap({ viewer, row }: { readonly viewer: Viewer; readonly row: GapRow }): JSX.Element {
  const count = row.to - row.from;
  return (
    <>
      <span class="twistie" />
      <InRow
        icon="ellipsis"
        shortcut="Enter"
        onClick={() => {
          activate(viewer, row);
        }}
      >
        {say("showMore", formatCount(Math.min(count, PAGE_SIZE)))}
      </InRow>
      <span class="dim">{say("notShown", formatCount(row.from), formatCount(row.to - 1))}</span>
      {count > PAGE_SIZE && (
        <InRow
          icon="target"
          shortcut="Control+G"
          onClick={() => {
            void viewer.goToPosition(row.path);
          }}
        >
          {say("goToPosition")}
        </InRow>
      )}
    </>
  );
}

function Failed({ viewer, row }: { readonly viewer: Viewer; readonly row: FailedRow }): JSX.Element {
  return (
    <>
      <span class="twistie" />
      <Icon name="error" />
      <span class="error-text">
        <VisibleText text={row.problem.message} />
      </span>
      <InRow
        icon="refresh"
        shortcut="Enter"
        onClick={() => {
          activate(viewer, row);
        }}
      >
        {say("tryAgain")}
      </InRow>
    </>
  );
}

/** A small action inside a row. The keyboard reaches it by a key on the row, so it is no stop of its own for Tab and takes no focus. */
function InRow(props: {
  readonly icon: string;
  readonly children: string;
  /** The key on the row that does the same. */
  readonly shortcut: string;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="in-row"
      tabIndex={-1}
      title={`${props.children} (${props.shortcut})`}
      onMouseDown={(event) => {
        event.preventDefault();
        event.currentTarget.closest<HTMLElement>("[role=tree]")?.focus({ preventScroll: true });
      }}
      onClick={(event) => {
        event.stopPropagation();
        props.onClick();
      }}
      onDblClick={(event) => {
        event.stopPropagation();
      }}
    >
      <Icon name={props.icon} />
      <span>{props.children}</span>
    </button>
  );
}
