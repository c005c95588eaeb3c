import * as vscode from "vscode";
import { ContextKey } from "../contextKeys.ts";
import { NoDatastore } from "../discovery.ts";
import { logProblem } from "../problems.ts";
import { Refusal, remedy, type Services, type Sidebar } from "../services.ts";
import { Command } from "../commands.ts";
import { targetOf, type Target } from "../targets.ts";
import { Background } from "./background.ts";
import { Badge } from "./badge.ts";
import { Branches } from "./branches.ts";
import { filterText, isEmptyFilter, NO_FILTER, parseFilter, type RunFilter } from "./filter.ts";
import { Live } from "./live.ts";
import { RunsProvider } from "./provider.ts";
import { findRow } from "./reveal.ts";
import { isPaged, reread, type Row } from "./row.ts";
import { FlowRow } from "./rows/flow.ts";
import { MoreRow } from "./rows/more.ts";
import { RootRow } from "./rows/root.ts";
import { createSource } from "./sessionSource.ts";
import type { Source } from "./source.ts";
import { Welcome } from "./welcome.ts";

/** The view's id in `package.json`. */
export const VIEW = "metaflow.runs";
const FILTER = "runs.filter";
/** The badge can wait until the window is up. */
const FIRST_LOOK_MS = 2_000;
const REVEAL_ATTEMPTS = 5;
const SELECTED_MS = 800;

/** The sidebar's tree: rows, filter, live refresh, badge and welcome texts, put together. */
export class RunsView implements Sidebar, vscode.Disposable {
  readonly provider: RunsProvider;
  readonly #services: Services;
  readonly #root: RootRow;
  readonly #view: vscode.TreeView<Row>;
  readonly #badge: Badge;
  readonly #welcome = new Welcome();
  readonly #subscriptions: vscode.Disposable;
  #filter: RunFilter = NO_FILTER;
  #source: Promise<Source> | undefined;
  #rootError: unknown;
  #live: Live | undefined;
  #background: Background | undefined;
  readonly #firstLook: NodeJS.Timeout;

  constructor(services: Services) {
    this.#services = services;
    const branches = new Branches((row, error) => {
      if (row === this.#root) this.#rootError = error;
      // That there is nothing to show is no failure.
      if (error instanceof NoDatastore) services.log.info(error.message);
      else logProblem(services.log, error);
    });
    this.#root = new RootRow(async () => this.#open());
    this.provider = new RunsProvider(this.#root, branches, async (rows) => this.#top(rows));
    this.#view = vscode.window.createTreeView(VIEW, {
      treeDataProvider: this.provider,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#badge = new Badge(this.#view, services.memory);
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#appear();
        else this.#hide();
      }),
      this.#view.onDidCollapseElement(({ element }) => {
        branches.cancel(element);
      }),
      services.session.onDidChange(() => {
        this.#forget();
      }),
    );
    this.#setFilter(services.memory.get<string>(FILTER) ?? "");
    this.#firstLook = setTimeout(() => {
      if (!this.#view.visible) void this.#startBackground();
    }, FIRST_LOOK_MS);
  }

  get selection(): readonly Target[] {
    return this.#view.selection.map(targetOf).filter((target) => target !== undefined);
  }

  /** The text of the filter in force; empty when there is none. */
  get filter(): string {
    return filterText(this.#filter);
  }

  async reveal(target: Target, options: { readonly focus?: boolean } = {}): Promise<void> {
    // Becoming visible reads everything again: a row that was found before that is none of the view's any more.
    if (!this.#view.visible) await vscode.commands.executeCommand(`${VIEW}.focus`);
    const focus = options.focus ?? true;
    for (let attempt = 1; ; attempt += 1) {
      const row = await this.#find(target);
      this.provider.refresh();
      try {
        await this.#view.reveal(row, { select: true, focus, expand: false });
        // A refresh that ends after the revealing takes the selection away with the rows that it replaces.
        if ((await this.#isSelected(row)) || attempt === REVEAL_ATTEMPTS) return;
      } catch (error) {
        // A refresh of the view that was under way takes its rows away, and VS Code says that there is no such row.
        if (attempt === REVEAL_ATTEMPTS) throw error;
      }
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

  async #find(target: Target): Promise<Row> {
    try {
      return await findRow(target, this.#root, this.provider.branches);
    } catch (cause) {
      throw await this.#notShown(target, cause);
    }
  }

  refresh(pathspec?: string): void {
    const { branches } = this.provider;
    if (pathspec === undefined) {
      branches.invalidateAll();
      this.provider.refresh();
      return;
    }
    const touched = [...branches.all()].filter(
      ({ target }) => target?.pathspec === pathspec || target?.pathspec.startsWith(`${pathspec}/`) === true,
    );
    for (const row of touched) branches.invalidate(row);
    const top = touched.find((row) => row.target?.pathspec === pathspec);
    if (top !== undefined) void this.#updateAndRefresh(top);
  }

  /** Shows only what a filter lets through, until it is cleared; kept for this workspace. */
  async filterBy(text: string): Promise<void> {
    this.#setFilter(text);
    await this.#services.memory.update(FILTER, this.filter === "" ? undefined : this.filter);
    this.#root.unpinAll();
    this.provider.branches.invalidateAll();
    this.provider.refresh();
  }

  /** Shows the next page of the list that ends with a row; without one, of the first flow that has more. */
  async loadMore(row: unknown): Promise<void> {
    const { branches } = this.provider;
    const list = row instanceof MoreRow ? row.list : await this.#pickList();
    if (list === undefined || !isPaged(list)) return;
    const rows = await list.loadMore({});
    branches.set(list, rows);
    this.provider.refresh(list);
  }

  dispose(): void {
    clearTimeout(this.#firstLook);
    this.#background?.dispose();
    this.#live?.dispose();
    this.#subscriptions.dispose();
    this.provider.dispose();
  }

  async #open(): Promise<Source> {
    const opening = (this.#source ??= createSource(this.#services, {
      filter: () => this.#filter,
      changed: (row) => {
        this.provider.repaint(row);
        this.#countRuns(row);
      },
    }));
    try {
      return await opening;
    } catch (error) {
      // Another session may have been asked for meanwhile.
      if (this.#source === opening) this.#source = undefined;
      throw error;
    }
  }

  /** What is shown at the top, after it was read. */
  async #top(rows: readonly Row[]): Promise<readonly Row[]> {
    const error = this.#rootError;
    this.#rootError = undefined;
    if (error === undefined && this.#view.visible) void this.#startLive();
    this.#say(rows.length === 0 ? "" : this.#message());
    this.#badge.update(this.provider.branches.all());
    return this.#welcome.decide(this.#root, rows, error, this.#filter, this.#services.session);
  }

  /** What stands above the rows: a filter, so that nobody wonders where their runs are, and that it is the example. */
  #message(): string {
    const filter = filterText(this.#filter);
    return [
      ...(this.#services.session.isExample
        ? [vscode.l10n.t("This is the example that comes with the extension.")]
        : []),
      ...(filter === "" ? [] : [vscode.l10n.t("Filter: {0}", filter)]),
    ].join(" ");
  }

  #say(message: string): void {
    // What is not there must be `undefined`: an empty message would take the place of the welcome text.
    const view: { message?: string | undefined } = this.#view;
    view.message = message === "" ? undefined : message;
  }

  async #startLive(): Promise<void> {
    if (!this.#lacksLive()) return;
    // Whoever reads the rows is told why there is no session.
    const metaflow = await this.#open().then(
      (source) => source.metaflow,
      () => undefined,
    );
    if (metaflow === undefined || !this.#lacksLive()) return;
    const { provider } = this;
    this.#live = new Live(
      {
        branches: provider.branches,
        root: this.#root,
        refresh: (row) => {
          provider.refresh(row);
          this.#badge.update(provider.branches.all());
        },
        repaint: (row) => {
          provider.repaint(row);
        },
      },
      metaflow,
      (error) => {
        logProblem(this.#services.log, error);
      },
    );
  }

  /** Asked before and after waiting: meanwhile the view may be hidden, or live already. */
  #lacksLive(): boolean {
    return this.#view.visible && this.#live === undefined;
  }

  #appear(): void {
    this.#background?.dispose();
    this.#background = undefined;
    this.refresh();
  }

  /** While the view is hidden its badge is still to be seen. */
  async #startBackground(): Promise<void> {
    const { branches } = this.provider;
    try {
      await this.provider.getChildren();
      const { metaflow } = await this.#open();
      if (this.#view.visible || this.#background !== undefined) return;
      this.#background = new Background(
        metaflow,
        () => [...branches.all()].filter((row) => row instanceof FlowRow),
        () => {
          this.#badge.update(branches.all());
        },
        (error) => {
          logProblem(this.#services.log, error);
        },
      );
    } catch (error) {
      // Without a datastore there is nothing to count; the view says what to do.
      if (!(error instanceof NoDatastore)) logProblem(this.#services.log, error);
    }
  }

  /** A hidden view does nothing but for its badge. */
  #hide(): void {
    this.#badge.seen();
    this.#live?.dispose();
    this.#live = undefined;
    this.provider.branches.cancelAll();
    void this.#startBackground();
  }

  #forget(): void {
    this.#live?.dispose();
    this.#live = undefined;
    this.#background?.dispose();
    this.#background = undefined;
    this.#source = undefined;
    this.#root.startOver();
    this.provider.branches.clear();
    this.provider.refresh();
    if (!this.#view.visible) void this.#startBackground();
  }

  #setFilter(text: string): void {
    this.#filter = parseFilter(text).filter;
    const filter = filterText(this.#filter);
    this.#view.title = filter === "" ? vscode.l10n.t("Runs") : filter;
    void vscode.commands.executeCommand("setContext", ContextKey.Filtered, !isEmptyFilter(this.#filter));
  }

  async #updateAndRefresh(row: Row): Promise<void> {
    await reread(row, "reread", {});
    if (row.problem !== undefined) logProblem(this.#services.log, row.problem);
    this.provider.refresh(row);
  }

  #countRuns(row: Row): void {
    if (row.kind !== "run" && row.kind !== "flow") return;
    this.#badge.update(this.provider.branches.all());
    if (row.parent instanceof FlowRow) this.provider.repaint(row.parent);
  }

  async #pickList(): Promise<Row | undefined> {
    const { branches } = this.provider;
    const lists = [...branches.all()].filter((row) => row instanceof MoreRow).map((row) => row.list);
    if (lists.length === 0) {
      throw new Refusal(vscode.l10n.t("All runs that are opened in the sidebar are shown already."), [], {
        severity: "information",
      });
    }
    if (lists.length === 1) return lists[0];
    const items = lists.filter((list) => list instanceof FlowRow).map((list) => ({ label: list.name, list }));
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: vscode.l10n.t("Flow of which to load more runs"),
    });
    return picked?.list;
  }

  /** Why an object has no row, in words. */
  async #notShown(target: Target, cause: unknown): Promise<unknown> {
    const metaflow = this.#services.session.current;
    const namespace = metaflow?.namespace ?? null;
    if (namespace === null || !(await this.#services.session.existsElsewhere(target.pathspec))) return cause;
    return new Refusal(
      vscode.l10n.t("{0} is outside the namespace {1}, which the sidebar shows.", target.pathspec, namespace),
      [remedy(vscode.l10n.t("Switch Namespace…"), Command.PickNamespace)],
    );
  }
}
