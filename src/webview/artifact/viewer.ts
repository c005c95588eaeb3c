import type {
  ArtifactRequests,
  ArtifactView,
  Copyable,
  GridState,
  OpenView,
  ViewState,
} from "../../protocol/artifact.ts";
import { nameOfFacts } from "../../protocol/artifact.ts";
import type { CopyCellsParams } from "../../protocol/copyCells.ts";
import type { FirstCells } from "../../protocol/table.ts";
import { PAGE_SIZE } from "../../protocol/nodes.ts";
import type { DocumentState, NodePath, NodeRow, Problem } from "../../protocol/nodes.ts";
import {
  allLoaded,
  arrived,
  asking,
  collapse,
  expand,
  failed,
  forgetClosed,
  forgetPage,
  keyOf,
  newTree,
  openPaths,
  outgrown,
  rowAt,
  withRoot,
} from "./tree/model.ts";
import type { Tree, TreeRow } from "./tree/model.ts";
import { isInside, keyAt } from "./tree/place.ts";
import { problemOf } from "./problem.ts";
import { rowsOf } from "./tree/rows.ts";
import type { Screen } from "./screen.ts";
import { firstView, wholeOf } from "./subject.ts";
import type { Subject, ViewId } from "./subject.ts";

/** The way to the host: a `Peer`, or in tests whatever answers like one. */
export interface Host {
  request<M extends keyof ArtifactRequests>(
    method: M,
    params: ArtifactRequests[M]["params"],
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<ArtifactRequests[M]["result"]>;
}

/** Opening waits for a store; the host itself gives up earlier where it can say why. */
const OPEN_TIMEOUT_MS = 10 * 60_000;

/** Grids of parts of the value that are kept as they were left. */
const MOST_GRIDS = 20;

/** What the view knows and does; how it looks is the components' business. */
export class Viewer {
  readonly #host: Host;
  readonly #listeners = new Set<() => void>();
  #screen: Screen = {
    view: undefined,
    tree: undefined,
    focus: [],
    detail: undefined,
    subject: undefined,
    shown: "tree",
    said: "",
    scrollTop: 0,
  };
  /** The rows of the tree that is shown, once they were wanted. */
  #rows: { readonly of: Tree; readonly rows: readonly TreeRow[] } | undefined;
  /** What was made of the grids of values, by these, the latest last. */
  readonly #grids = new Map<string, () => GridState | undefined>();
  /** Counts the openings: what belongs to an older one is dropped. */
  #generation = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  get screen(): Screen {
    return this.#screen;
  }

  /** The rows that the open part of the tree makes, from top to bottom. */
  get rows(): readonly TreeRow[] {
    const { tree } = this.#screen;
    if (tree === undefined) return [];
    if (this.#rows?.of !== tree) this.#rows = { of: tree, rows: rowsOf(tree) };
    return this.#rows.rows;
  }

  /** The row that the keyboard acts on. */
  get focusedRow(): TreeRow | undefined {
    const { tree, focus } = this.#screen;
    if (tree === undefined) return undefined;
    const key = keyAt(tree, focus);
    return this.rows.find((row) => row.key === key) ?? this.rows[0];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the artifact and what was open before a reload. */
  async open(options: OpenView & { readonly saved?: ViewState | undefined }): Promise<void> {
    const generation = ++this.#generation;
    this.#show({ view: undefined, tree: undefined, detail: undefined, subject: undefined });
    const { saved, ...params } = options;
    let view: ArtifactView;
    try {
      view = await this.#host.request("open", params, { timeoutMs: OPEN_TIMEOUT_MS });
    } catch (thrown) {
      view = { kind: "failure", pathspec: "", problem: problemOf(thrown) };
    }
    if (generation !== this.#generation) return;
    if (view.kind === "failure") {
      this.#show({ view });
      return;
    }
    for (const kept of saved?.grids ?? []) this.keepGrid(kept.path, () => kept);
    const { first, state } = view;
    const { root } = state;
    const subject = wholeOf(state, first);
    this.#show({
      view,
      tree: newTree(root),
      subject,
      shown: saved?.shown ?? firstView(subject),
      scrollTop: saved?.scrollTop ?? 0,
    });
    if (saved !== undefined) await this.#restore(saved);
    // It may turn out to be a table: then the parts of its tree would be read before its cells, for nobody.
    else if (state.settled) await this.#openFirst();
  }

  /** What was made of the grid of a part of the value. */
  gridState(path: NodePath): GridState | undefined {
    return this.#grids.get(keyOf(path))?.();
  }

  /** The grid that is shown tells what is made of it whenever that is to be kept. */
  keepGrid(path: NodePath, state: () => GridState | undefined): void {
    this.#grids.delete(keyOf(path));
    this.#grids.set(keyOf(path), state);
    const [oldest] = this.#grids.keys();
    if (this.#grids.size > MOST_GRIDS && oldest !== undefined) this.#grids.delete(oldest);
  }

  /** Asks about the open value. Rejects with what hinders, and with a `RequestFailed` when the signal fires. */
  async ask<M extends keyof ArtifactRequests>(
    method: M,
    params: ArtifactRequests[M]["params"],
    signal?: AbortSignal,
  ): Promise<ArtifactRequests[M]["result"]> {
    return this.#host.request(method, params, signal === undefined ? {} : { signal });
  }

  /** Looks at the subject in another way. */
  showAs(shown: ViewId): void {
    this.#show({ shown });
    void this.#openFirst();
  }

  /** Looks at a part of the value, in the way that suits it or in a given one. */
  async lookAt(path: NodePath, row: NodeRow, shown?: ViewId): Promise<void> {
    const generation = this.#generation;
    const subject = await this.#subjectOf(path, row);
    if (generation !== this.#generation) return;
    this.#show({ subject, shown: shown ?? firstView(subject) });
    void this.#openFirst();
  }

  /** Goes to a part of the value in the tree: opens what it lies in. */
  async revealInTree(path: NodePath): Promise<void> {
    const { tree } = this.#screen;
    if (tree === undefined) return;
    await this.lookAt([], tree.root, "tree");
    for (let depth = 0; depth < path.length; depth++) {
      const parent = path.slice(0, depth);
      await this.expand(parent);
      await this.loadPage(parent, Math.floor((path[depth] ?? 0) / PAGE_SIZE));
    }
    this.focusOn(path);
    await this.expand(path);
  }

  async #subjectOf(path: NodePath, row: NodeRow): Promise<Subject> {
    const table = row.tabular === true ? await this.ask("table", { node: row.id }).catch(() => null) : null;
    return { path, row, ...(table !== null && { table }) };
  }

  /** What is to be kept over a reload. */
  state(): ViewState | undefined {
    const { tree, detail, focus, scrollTop, subject, shown } = this.#screen;
    if (tree === undefined) return undefined;
    const grids = [...this.#grids.values()].map((grid) => grid()).filter((grid) => grid !== undefined);
    return {
      open: openPaths(tree),
      scrollTop,
      focus,
      shown,
      ...(detail !== undefined && { detail }),
      ...(subject !== undefined && subject.path.length > 0 && { subject: subject.path }),
      ...(grids.length > 0 && { grids }),
    };
  }

  focusOn(place: NodePath): void {
    if (keyOf(place) !== keyOf(this.#screen.focus)) this.#show({ focus: place });
  }

  scrolledTo(scrollTop: number): void {
    this.#screen = { ...this.#screen, scrollTop };
  }

  say(said: string): void {
    this.#show({ said });
  }

  async toggle(path: NodePath): Promise<void> {
    const branch = this.#screen.tree?.branches.get(keyOf(path));
    if (branch?.expanded === true) this.collapse(path);
    else await this.expand(path);
  }

  collapse(path: NodePath): void {
    const { tree, focus } = this.#screen;
    if (tree === undefined) return;
    this.#show({ tree: collapse(tree, path), ...(isInside(focus, path) && { focus: path }) });
  }

  async expand(path: NodePath): Promise<void> {
    const { tree } = this.#screen;
    if (tree === undefined) return;
    const opened = expand(tree, path);
    if (opened === tree) return;
    this.#show({ tree: opened });
    if (opened.branches.get(keyOf(path))?.pages.size === 0) await this.loadPage(path, 0);
  }

  /** Asks for a page of a container's children; one that is under way or here is not asked for again. */
  async loadPage(path: NodePath, page: number, options: { readonly quiet?: boolean } = {}): Promise<void> {
    const { tree } = this.#screen;
    const row = tree === undefined ? undefined : rowAt(tree, path);
    if (tree === undefined || row === undefined) return;
    const before = tree.branches.get(keyOf(path))?.pages.get(page);
    if (options.quiet !== true) {
      if (before?.kind === "loading" || before?.kind === "loaded") return;
      this.#show({ tree: asking(tree, path, page) });
    }
    const generation = this.#generation;
    const from = page * PAGE_SIZE;
    try {
      const got = await this.#host.request("children", { node: row.id, from, to: from + PAGE_SIZE });
      this.#change(generation, (now) => arrived(now, path, { ...got, from }));
    } catch (thrown) {
      if (options.quiet === true) return;
      this.#change(generation, (now) => failed(now, path, page, problemOf(thrown)));
    }
  }

  /** Asks for the page that a child is on, and gives the child the focus. */
  async loadFrom(path: NodePath, from: number): Promise<void> {
    // Before it is here: what stands for it has the focus meanwhile, unless the person goes on.
    this.focusOn([...path, from]);
    await this.loadPage(path, Math.floor(from / PAGE_SIZE));
  }

  async retryPage(path: NodePath, page: number): Promise<void> {
    this.#change(this.#generation, (now) => forgetPage(now, path, page));
    await this.loadPage(path, page);
  }

  /** Asks the person for a position and goes there. */
  async goToPosition(path: NodePath): Promise<void> {
    const childCount = this.#screen.tree?.branches.get(keyOf(path))?.childCount;
    if (childCount === undefined || childCount === 0) return;
    // A person may take their time.
    const position = await this.#host
      .request("askPosition", { childCount }, { timeoutMs: OPEN_TIMEOUT_MS })
      .catch(() => null);
    if (position !== null) await this.loadFrom(path, position);
  }

  /** Shows the whole of a text or of bytes below the tree; of none where there is no path. */
  showDetail(path: NodePath | undefined): void {
    this.#show({ detail: path });
  }

  async copy(what: Copyable, path: NodePath): Promise<void> {
    try {
      const { said } = await this.#host.request("copy", { what, path }, { timeoutMs: 120_000 });
      this.say(said);
    } catch (thrown) {
      this.say(problemOf(thrown).message);
    }
  }

  /** Puts cells on the clipboard; answers what to tell the person. Rejects with what hinders. */
  async copyCells(params: CopyCellsParams): Promise<{ readonly said: string }> {
    return this.#host.request("copyCells", params, { timeoutMs: 120_000 });
  }

  async copyFocused(what: Copyable): Promise<void> {
    await this.copy(what, this.focusedRow?.path ?? []);
  }

  async reveal(): Promise<void> {
    await this.#host.request("reveal", undefined).catch(ignore);
  }

  /** Offers to write the value to a file, or the rows that its grid shows. */
  async exportValue(): Promise<void> {
    const rows = this.gridState([])?.shown;
    const isArranged = rows !== undefined && (rows.filter.trim() !== "" || rows.sort.length > 0);
    await this.#host.request("exportValue", isArranged ? { rows } : {}).catch(ignore);
  }

  async showWhereFrom(): Promise<void> {
    await this.#host.request("showWhereFrom", undefined).catch(ignore);
  }

  async compare(): Promise<void> {
    await this.#host.request("compare", undefined).catch(ignore);
  }

  async showLog(): Promise<void> {
    await this.#host.request("showLog", undefined).catch(ignore);
  }

  /** The value was read further: what is shown and has grown is asked for again. */
  async changed(state: DocumentState, first?: FirstCells): Promise<void> {
    const { view, tree } = this.#screen;
    if (view?.kind !== "value" || tree === undefined) return;
    const grown = withRoot(state.settled ? forgetClosed(tree) : tree, state.root);
    this.#show({ view: { ...view, state }, tree: grown });
    this.#growSubject(state, first);
    await this.#openFirst();
    const again = state.settled ? allLoaded(grown) : outgrown(grown);
    for (const { path, page } of again) await this.loadPage(path, page, { quiet: true });
  }

  /** What is looked at has grown, or turned out to be something: until then there was only the tree. */
  #growSubject(state: DocumentState, first?: FirstCells): void {
    const { subject, shown } = this.#screen;
    if (subject?.path.length !== 0) return;
    const grown = wholeOf(state, first);
    // Unless the person has chosen another one.
    const isFirst = shown === firstView(subject);
    this.#show({ subject: grown, ...(isFirst && { shown: firstView(grown) }) });
  }

  /** The decoding thread ended: what is shown stays, and says so. */
  lost(problem: Problem): void {
    const { view } = this.#screen;
    // Until there is a value, the answer to `open` says what hinders.
    if (view?.kind !== "value") return;
    this.#generation++;
    this.#show({ view: { kind: "failure", pathspec: nameOfFacts(view.facts), problem } });
  }

  /** A container whose tree is shown has its first page at once, until a person closes it. */
  async #openFirst(): Promise<void> {
    const { tree, shown } = this.#screen;
    if (shown === "tree" && tree?.branches.has(keyOf([])) === false) await this.expand([]);
  }

  async #restore(saved: ViewState): Promise<void> {
    const generation = this.#generation;
    for (const { path, pages } of saved.open) {
      if (generation !== this.#generation) return;
      this.#change(generation, (tree) => expand(tree, path));
      await Promise.all(pages.map(async (page) => this.loadPage(path, page)));
    }
    if (generation !== this.#generation) return;
    if (saved.focus !== undefined) this.focusOn(saved.focus);
    if (saved.detail !== undefined) this.showDetail(saved.detail);
    const { tree } = this.#screen;
    const row = tree && saved.subject && rowAt(tree, saved.subject);
    if (row !== undefined && saved.subject !== undefined) await this.lookAt(saved.subject, row, saved.shown);
  }

  #change(generation: number, change: (tree: Tree) => Tree): void {
    const { tree } = this.#screen;
    if (generation === this.#generation && tree !== undefined) this.#show({ tree: change(tree) });
  }

  #show(change: Partial<Screen>): void {
    this.#screen = { ...this.#screen, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function ignore(): void {
  // The view is closing, or the host has said itself what went wrong.
}
