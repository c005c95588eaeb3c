import type { JSX } from "preact";
import { DetailView } from "../detailView.tsx";
import { rowAt } from "../model.ts";
import { TreeView } from "../treeView.tsx";
import type { ViewProps } from "../views.ts";

/** The whole value as a tree, and below it the whole of a text or of bytes in it. */
export function ValueTree({ viewer, name }: ViewProps): JSX.Element | null {
  const { screen } = viewer;
  const { tree, detail } = screen;
  if (tree === undefined) return null;
  // A text or bytes as the whole artifact: its one row says nothing that the detail does not.
  const alone = detail?.path.length === 0 && tree.root.childCount === 0;
  const row = detail === undefined ? undefined : rowAt(tree, detail.path);
  return (
    <>
      {!alone && <TreeView viewer={viewer} tree={tree} screen={screen} name={name} />}
      {detail !== undefined && row !== undefined && (
        <DetailView viewer={viewer} tree={tree} detail={detail} row={row} alone={alone} />
      )}
    </>
  );
}
