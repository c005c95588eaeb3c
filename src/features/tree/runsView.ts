import * as vscode from "vscode";
import { errorText } from "../errorText.ts";
import type { Metaflow, Run } from "../../client/index.ts";
import { NoDatastore } from "../discovery.ts";
import { logProblem } from "../problems.ts";
import { Refusal, type Services, type Sidebar } from "../services.ts";
import { targetOf, type Target } from "../targets.ts";
import { Background } from "./background.ts";
import { Badge } from "./badge.ts";
import { Branches } from "./branches.ts";
import { KeptFilter } from "./filter/kept.ts";
import { Live } from "./live.ts";
import { OutageView } from "./outageView.ts";
import { RunsProvider } from "./provider.ts";
import { Revealer } from "./revealer.ts";
import { isPaged, reread, type Row } from "./row.ts";
import { FlowRow } from "./rows/flow.ts";
import { MoreRow } from "./rows/more.ts";
import { RootRow } from "./rows/root.ts";
import { createSource } from "./sessionSource.ts";
import type { Source } from "./source.ts";
import { VIEW } from "./view.ts";
import { Welcome } from "./welcome.ts";

/** The badge can wait until the window is up. */
const FIRST_LOOK_MS = 2_000;
const GATHER_MS = 50;

/** The sidebar's tree: rows, filter, live refresh, badge and welcome texts, put together. */
export class RunsView implements Sidebar, vscode.Disposable {
  readonly provider: RunsProvider;
  readonly #services: Services;
  readonly #root: RootRow;
  readonly #view: vscode.TreeView<Row>;
  readonly #badge: Badge;
  readonly #welcome = new Welcome();
  readonly #outage: OutageView;
  readonly #subscriptions: vscode.Disposable;
  readonly #filter: KeptFilter;
  readonly #revealer: Revealer;
  #source: Promise<Source> | undefined;
  #rootError: unknown;
  #live: Live | undefined;
  #background: Background | undefined;
  readonly #firstLook: NodeJS.Timeout;
  readonly #uncounted = new Set<Row>();
  #counting: NodeJS.Timeout | undefined;

  constructor(services: Services) {
    this.#services = services;
    this.#filter = new KeptFilter(services.memory);
    const { reach } = services;
    const onProblem = (row: Row, error: unknown): boolean => {
      if (row === this.#root) this.#rootError = error;
      return this.#note(error);
    };
    const branches = new Branches(onProblem, () => {
      reach.answered();
    });
    this.#root = new RootRow(async () => this.#open());
    this.#outage = new OutageView(services, this.#root, (row) => {
      this.provider.repaint(row);
    });
    this.provider = new RunsProvider(this.#root, branches, async (rows) => this.#top(rows));
    this.#view = vscode.window.createTreeView(VIEW, {
      treeDataProvider: this.provider,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#revealer = new Revealer(this.#view, this.#root, this.provider, services.session);
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
      this.#view.onDidExpandElement(({ element }) => {
        // The editor took what was known when it was collapsed for all that there is.
        if (branches.isStopped(element)) this.provider.refresh(element);
      }),
      services.session.onDidChange(() => {
        this.#forget();
      }),
      reach.onDidChange(() => {
        this.#onReach();
      }),
    );
    reach.watch(this.#view.visible);
    this.#firstLook = setTimeout(() => {
      if (!this.#view.visible) void this.#startBackground();
    }, FIRST_LOOK_MS);
  }

  get selection(): readonly Target[] {
    return this.#view.selection.map(targetOf).filter((target) => target !== undefined);
  }

  /** The text of the filter in force; empty when there is none. */
  get filter(): string {
    return this.#filter.text;
  }

  /** The newest runs of the flows that are listed. */
  get latestRuns(): readonly Run[] {
    return [...this.provider.branches.all()].flatMap((row) =>
      row instanceof FlowRow && row.latest !== undefined ? [row.latest] : [],
    );
  }

  async reveal(target: Target, options: { readonly focus?: boolean } = {}): Promise<void> {
    // Becoming visible reads everything again: a row that was found before that is none of the view's any more.
    if (!this.#view.visible) await vscode.commands.executeCommand(`${VIEW}.focus`);
    await this.#revealer.reveal(target, options.focus ?? true);
  }

  refresh(pathspec?: string): void {
    const { branches } = this.provider;
    if (this.#services.reach.away !== undefined) {
      void this.#outage.retry();
      return;
    }
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
    await this.#filter.set(text);
    this.#root.unpinAll();
    this.provider.branches.invalidateAll();
    this.provider.refresh();
  }

  /** Shows the next page of the list that ends with a row; without one, of the first flow that has more. */
  async loadMore(row: unknown): Promise<void> {
    const { branches } = this.provider;
    const list = row instanceof MoreRow ? row.list : await this.#pickList();
    if (list === undefined || !isPaged(list)) return;
    await branches.loadMore(list);
    this.provider.refresh(list);
  }

  dispose(): void {
    clearTimeout(this.#firstLook);
    clearTimeout(this.#counting);
    this.#background?.dispose();
    this.#live?.dispose();
    this.#outage.dispose();
    this.#subscriptions.dispose();
    this.provider.dispose();
  }

  /** What the rows read from. A view that is seen is live from before the first reading on: nothing is made in between unnoticed. */
  async #open(): Promise<Source> {
    const opening = (this.#source ??= createSource(this.#services, {
      filter: () => this.#filter.current,
      changed: (row) => {
        this.provider.repaint(row);
        this.#countRuns(row);
      },
    }));
    try {
      const source = await opening;
      if (this.#source === opening) this.#startLive(source.metaflow);
      return source;
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
    if (error === undefined && rows.length === 0 && (await this.#services.session.isGone())) {
      // The editor's own word that a folder was deleted may come half a minute later.
      this.#services.session.reopen();
      return [];
    }
    if (error === undefined && this.#view.visible) this.#readOpen(rows);
    this.#badge.update(this.provider.branches.all());
    const state = await this.#outage.row();
    if (state !== undefined) {
      this.#say(this.#message());
      return this.#welcome.away(this.#root, state, rows);
    }
    const filtered = this.filter !== "";
    const shown = await this.#welcome.decide(this.#root, rows, error, filtered, this.#services.session);
    this.#say(shown.length === 0 ? "" : error === undefined ? this.#message() : errorText(error));
    return shown;
  }

  /** What is open at first the editor asks for as soon as it has drawn the row: the reading need not wait for that. */
  #readOpen(rows: readonly Row[]): void {
    const { branches } = this.provider;
    for (const row of rows) {
      if (row.folding === "open" && branches.loaded(row) === undefined) void branches.children(row);
    }
  }

  /** What stands above the rows: a filter, so that nobody wonders where their runs are, and that it is the example. */
  #message(): string {
    const { filter } = this;
    return [
      ...(this.#services.session.isExample
        ? [vscode.l10n.t("This is the example that comes with the extension.")]
        : []),
      ...(filter === "" ? [] : [vscode.l10n.t("Filter: {0}", filter)]),
    ].join(" ");
  }

  #say(message: string): void {
    // What is not there must be `undefined`: an empty message would take the place of the welcome text.
    const view: { message?: string | undefined; description?: string | undefined } = this.#view;
    view.message = message === "" ? undefined : message;
    // Seen where people moved the view beside others: it has a header of its own there.
    view.description = this.filter === "" ? undefined : this.filter;
  }

  #startLive(metaflow: Metaflow): void {
    const { reach } = this.#services;
    if (!this.#view.visible || this.#live !== undefined || reach.away !== undefined) return;
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
        this.#note(error);
      },
    );
  }

  /** Writes down what could not be read, and tells whether that is because a service is away. */
  #note(error: unknown): boolean {
    const { log, reach } = this.#services;
    if (reach.failed(error)) return true;
    // That there is nothing to show is no failure.
    if (error instanceof NoDatastore) log.info(error.message);
    else logProblem(log, error);
    return false;
  }

  /** A service that is away is asked for nothing but whether it is back; then all that is shown is read anew. */
  #onReach(): void {
    if (this.#services.reach.away === undefined) {
      this.refresh();
      return;
    }
    this.#live?.dispose();
    this.#live = undefined;
    this.provider.refresh();
  }

  #appear(): void {
    this.#services.reach.watch(true);
    this.#background?.dispose();
    this.#background = undefined;
    this.refresh();
  }

  /** While the view is hidden its badge is still to be seen. A service is asked nothing for it. */
  async #startBackground(): Promise<void> {
    const { branches } = this.provider;
    try {
      if ((await this.#services.session.findPlace()).root === undefined) return;
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
    this.#services.reach.watch(false);
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

  async #updateAndRefresh(row: Row): Promise<void> {
    await reread(row, "reread", {});
    if (row.problem !== undefined) logProblem(this.#services.log, row.problem);
    await this.provider.branches.readOpen(row);
    this.provider.refresh(row);
  }

  /** A page of runs learns how they stand one by one: they are counted once for all that learn it together. */
  #countRuns(row: Row): void {
    if (row.kind !== "run" && row.kind !== "flow") return;
    if (row.parent instanceof FlowRow) this.#uncounted.add(row.parent);
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      this.#badge.update(this.provider.branches.all());
      for (const flow of this.#uncounted) this.provider.repaint(flow);
      this.#uncounted.clear();
    }, GATHER_MS);
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
}
