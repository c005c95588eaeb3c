import { checkRowOrder } from "./arrange.ts";
import type { RowOrder, SortBy } from "./arrange.ts";
import { count, flag, nothing, oneOf, optional, record } from "./check.ts";
import type { Check } from "./check.ts";
import { checkCopyCells } from "./copyCells.ts";
import type { CopyCellsParams } from "./copyCells.ts";
import { valueChecks } from "./decoder.ts";
import type { ArtifactFacts, FileFacts, ValueRequests } from "./decoder.ts";
import { checkPath } from "./nodes.ts";
import type { DocumentState, NodePath, PathParams, Problem } from "./nodes.ts";
import type { Checks } from "./rpc.ts";
import { checkCellWindow } from "./table.ts";
import type { CellWindow, FirstCells, Range, Slice } from "./table.ts";

/** What can be put on the clipboard. */
export const COPYABLE = ["json", "typedJson", "snippet", "pathspec", "sha", "value"] as const;
/** One of the things that can be put on the clipboard. */
export type Copyable = (typeof COPYABLE)[number];

/** The ways to look at a value, the best one first. */
export const VIEW_IDS = [
  "page",
  "text",
  "grid",
  "statistics",
  "image",
  "heatmap",
  "plot",
  "tree",
  "raw",
] as const;
/** One of the ways to look at a value. */
export type ViewId = (typeof VIEW_IDS)[number];

/** How an artifact is opened. */
export interface OpenView {
  /** Whether an earlier failure is forgotten. */
  readonly again: boolean;
  /** The cells that are shown first where it is a table, in its own order: they come with the answer, or with the news that it is one. */
  readonly first?: CellWindow | undefined;
}

/** What is to be copied, and of which part of the value. */
export interface CopyParams extends PathParams {
  readonly what: Copyable;
}

/** How the value stands, and what a page shows of it first where it is a table. */
export interface ShownState {
  readonly state: DocumentState;
  /** Where it was asked for. */
  readonly first?: FirstCells;
}

/** The artifact as it could be opened: with its value, or with the reason why not. */
export type ArtifactView =
  | ({ readonly kind: "value"; readonly facts: ArtifactFacts | FileFacts } & ShownState)
  | { readonly kind: "failure"; readonly pathspec: string; readonly problem: Problem };

/** What an artifact or a file is called by: its pathspec, or its path. */
export function nameOfFacts(facts: ArtifactFacts | FileFacts): string {
  return "file" in facts ? facts.file : facts.pathspec;
}

/** The rows of the whole value as a person arranged them; absent where they did not. */
export interface ShownRows {
  readonly rows?: RowOrder;
}

/** What the view asks the host. */
export interface ArtifactRequests extends ValueRequests {
  /** The artifact; answered when its first page can be shown. */
  open: { params: OpenView; result: ArtifactView };
  /** Puts something on the clipboard; answers what to tell the person. */
  copy: { params: CopyParams; result: { readonly said: string } };
  /** Puts cells on the clipboard; answers what to tell the person. */
  copyCells: { params: CopyCellsParams; result: { readonly said: string } };
  /** Asks the person for the position of a child of the node; `null` when they change their mind. */
  askPosition: { params: { readonly childCount: number }; result: number | null };
  /** Shows the task, or another object of the pathspec, in the sidebar. */
  reveal: { params: undefined; result: undefined };
  /** Shows which task the artifact came from, and other runs that have it; answered at once. */
  showWhereFrom: { params: undefined; result: undefined };
  /** Compares it with that of a run that the person chooses; answered at once. */
  compare: { params: undefined; result: undefined };
  showLog: { params: undefined; result: undefined };
  /** Asks the person in which form and where to write the value, and whether all of its rows; answered at once. */
  exportValue: { params: ShownRows; result: undefined };
}

/** What the host tells the view. */
export interface ArtifactEvents {
  /** The value was read further, or to its end. */
  changed: ShownState;
  /** The decoding thread ended; `open` starts another one. */
  lost: Problem;
  /** A command of the editor asks for the value that has the focus. */
  copyFocused: { readonly what: Copyable };
}

const what: Check<Copyable> = oneOf(...COPYABLE);

/** The checks at the host's border: a page shows what strangers wrote, so its messages are not believed. */
export const artifactChecks: Checks<ArtifactRequests> = {
  open: record<OpenView>({ again: flag, first: optional(checkCellWindow) }),
  copy: (value, place) => ({
    ...checkPath(value, place),
    ...record<{ what: Copyable }>({ what })(value, place),
  }),
  copyCells: checkCopyCells,
  askPosition: record<{ childCount: number }>({ childCount: count }),
  reveal: nothing,
  showWhereFrom: nothing,
  compare: nothing,
  showLog: nothing,
  exportValue: record<ShownRows>({ rows: optional(checkRowOrder) }),
  ...valueChecks,
};

/** What a person made of the grid of a value. */
export interface GridState {
  /** Of which value. */
  readonly path: NodePath;
  /** Of an array with several axes. */
  readonly slice?: Slice;
  readonly filter: string;
  readonly sorts: readonly SortBy[];
  /** What the rows on the screen come of: not what is typed, where that cannot be understood. */
  readonly shown: RowOrder;
  readonly hidden: readonly Range[];
  readonly pinned: readonly number[];
  /** The columns whose cells have colours. */
  readonly heat: "all" | readonly number[];
  /** The cell with the focus, by positions of what is shown; the header is the row -1. */
  readonly focus: { readonly row: number; readonly column: number };
  /** What is at the corner: in exact pixels from the first row, and a column. */
  readonly top: number;
  readonly firstColumn: number;
}

/** What the view keeps of itself over a reload (`acquireVsCodeApi().setState`). */
export interface ViewState {
  /** The open containers and which of their pages were loaded. */
  readonly open: readonly { readonly path: NodePath; readonly pages: readonly number[] }[];
  /** The place in the value that has the focus. */
  readonly focus?: NodePath;
  readonly scrollTop: number;
  /** How the value was looked at. */
  readonly shown?: ViewId;
  /** The value whose whole text or bytes are shown below the tree. */
  readonly detail?: NodePath;
  /** The part of the value that was looked at, where it was not the whole. */
  readonly subject?: NodePath;
  /** One for each value whose grid was looked at, the latest last. */
  readonly grids?: readonly GridState[];
}
