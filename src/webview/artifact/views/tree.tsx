import type { JSX } from "preact";
import { TreeView } from "../tree/view.tsx";
import type { ViewProps } from "../views.ts";

/** The whole value as a tree. */
export function ValueTree({ viewer, name }: ViewProps): JSX.Element | null {
  const { screen } = viewer;
  if (screen.tree === undefined) return null;
  return <TreeView viewer={viewer} tree={screen.tree} screen={screen} name={name} />;
}
