import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { Refusal, remedy } from "../problems.ts";
import type { SessionService } from "../session.ts";
import type { Target } from "../targets.ts";
import type { RunsProvider } from "./provider.ts";
import { findRow } from "./reveal.ts";
import type { Row } from "./row.ts";
import type { RootRow } from "./rows/root.ts";

const ATTEMPTS = 5;
const SELECTED_MS = 800;

/** Shows and selects the row of an object, with all rows above it opened. */
export class Revealer {
  readonly #view: vscode.TreeView<Row>;
  readonly #root: RootRow;
  readonly #provider: RunsProvider;
  readonly #session: SessionService;

  constructor(view: vscode.TreeView<Row>, root: RootRow, provider: RunsProvider, session: SessionService) {
    this.#view = view;
    this.#root = root;
    this.#provider = provider;
    this.#session = session;
  }

  /** Rejects with what reading fails with, and with a refusal where the namespace hides the object. */
  async reveal(target: Target, focus: boolean): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const row = await this.#find(target);
      this.#provider.refresh();
      try {
        await this.#view.reveal(row, { select: true, focus, expand: false });
        // A refresh that ends after the revealing takes the selection away with the rows that it replaces.
        if ((await this.#isSelected(row)) || attempt === ATTEMPTS) return;
      } catch (error) {
        // A refresh of the view that was under way takes its rows away, and VS Code says that there is no such row.
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #find(target: Target): Promise<Row> {
    try {
      return await findRow(target, this.#root, this.#provider.branches);
    } catch (cause) {
      throw await this.#notShown(target, cause);
    }
  }

  /** Whether a row is selected, or will be within a moment: VS Code tells of a selection after it was made. */
  async #isSelected(row: Row): Promise<boolean> {
    const holds = (): boolean => this.#view.selection.some(({ id }) => id === row.id);
    if (holds()) return true;
    return new Promise((resolve) => {
      const done = (selected: boolean): void => {
        clearTimeout(timer);
        listening.dispose();
        resolve(selected);
      };
      const listening = this.#view.onDidChangeSelection(() => {
        if (holds()) done(true);
      });
      const timer = setTimeout(() => {
        done(holds());
      }, SELECTED_MS);
    });
  }

  /** Why an object has no row, in words. */
  async #notShown(target: Target, cause: unknown): Promise<unknown> {
    const namespace = this.#session.current?.namespace ?? null;
    if (namespace === null || !(await this.#session.existsElsewhere(target.pathspec))) return cause;
    return new Refusal(
      vscode.l10n.t("{0} is outside the namespace {1}, which the sidebar shows.", target.pathspec, namespace),
      [remedy(vscode.l10n.t("Switch Namespace…"), Command.PickNamespace)],
    );
  }
}
