import * as vscode from "vscode";
import { setting } from "../services.ts";
import { Setting } from "../settings.ts";
import type { Branches } from "./branches.ts";
import { lookOf, type Row, type Surroundings } from "./row.ts";
import { hoverOf, treeItemOf } from "./treeItem.ts";

/** Several rows learn something at once: the editor is told once. */
const GATHER_MS = 30;

/** Gives the editor its rows; what they are made of is decided by the rows and kept by the branches. */
export class RunsProvider implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly branches: Branches;
  readonly root: Row;
  readonly #changed = new vscode.EventEmitter<Row[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #onRoot: (rows: readonly Row[]) => Promise<readonly Row[]>;
  readonly #waiting = new Set<Row>();
  /** What a row looked like when the editor asked last: a repaint that shows nothing new is left out. */
  readonly #painted = new WeakMap<Row, string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onRoot decides what is shown at the top, given what was read */
  constructor(root: Row, branches: Branches, onRoot: (rows: readonly Row[]) => Promise<readonly Row[]>) {
    this.root = root;
    this.branches = branches;
    this.#onRoot = onRoot;
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row !== undefined) return [...(await this.branches.children(row))];
    return [...(await this.#onRoot(await this.branches.children(this.root)))];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const look = lookOf(row, this.surroundings());
    this.#painted.set(row, JSON.stringify(look));
    return treeItemOf(row, look);
  }

  getParent(row: Row): Row | undefined {
    return row.parent === this.root ? undefined : row.parent;
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    row: Row,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    const abort = new AbortController();
    const cancelled = token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      const markdown = await row.tooltip({ signal: abort.signal }, this.surroundings());
      if (markdown !== undefined) item.tooltip = hoverOf(markdown);
    } finally {
      cancelled.dispose();
    }
    return item;
  }

  /** Has the editor ask again for a row and what is shown below it; only what was invalidated is read. Without a row: for all. */
  refresh(row?: Row): void {
    if (row === undefined || row === this.root) this.#changed.fire(undefined);
    else this.#gather(row);
  }

  /** The same for a row of which only the look may have changed: nothing happens when it has not. */
  repaint(row: Row): void {
    const painted = this.#painted.get(row);
    if (painted === undefined || painted !== JSON.stringify(lookOf(row, this.surroundings())))
      this.#gather(row);
  }

  surroundings(): Surroundings {
    return { now: new Date(), locale: vscode.env.language, runLabel: setting(Setting.RunLabel) };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.branches.clear();
    this.#changed.dispose();
  }

  #gather(row: Row): void {
    this.#waiting.add(row);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // What stands above the flows is no branch of them.
      const rows = [...this.#waiting].filter(
        (each) => each.kind === "state" || this.branches.find(each.id) === each,
      );
      this.#waiting.clear();
      if (rows.length > 0) this.#changed.fire(rows);
    }, GATHER_MS);
  }
}
