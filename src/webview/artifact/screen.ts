import type { ArtifactView } from "../../protocol/artifact.ts";
import type { NodePath } from "../../protocol/nodes.ts";
import type { Tree } from "./tree/model.ts";
import type { Subject, ViewId } from "./subject.ts";

/** What is on the screen. */
export interface Screen {
  /** `undefined` until the artifact is open. */
  readonly view: ArtifactView | undefined;
  readonly tree: Tree | undefined;
  /** The place that shall have the focus: it stays while what it lies in is read. `Viewer.focusedRow` stands there now. */
  readonly focus: NodePath;
  /** The text or the bytes that are shown whole below the tree. */
  readonly detail: NodePath | undefined;
  /** The part of the value that is looked at. */
  readonly subject: Subject | undefined;
  /** How it is looked at. */
  readonly shown: ViewId;
  /** What a screen reader is told, politely. */
  readonly said: string;
  readonly scrollTop: number;
}
