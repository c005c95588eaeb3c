import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { focusMain, onPageFocus } from "../kit/focus.ts";
import { DetailView } from "./detailView.tsx";
import { FailureView, PartialBanner } from "./failureView.tsx";
import { Header } from "./header.tsx";
import { rowAt } from "./model.ts";
import { say } from "./say.ts";
import { TreeView } from "./treeView.tsx";
import type { Screen, Viewer } from "./viewer.ts";

interface AppProps {
  readonly viewer: Viewer;
  /** What is being opened, from the page's head: known before anything was read. */
  readonly name: string;
  readonly pathspec: string;
}

/** The whole page: what the artifact is, its value or the reason why not, and what a screen reader is told. */
export function App({ viewer, name, pathspec }: AppProps): JSX.Element {
  const [screen, setScreen] = useState<Screen>(viewer.screen);
  // Not after the paint: what changes before it would be missed.
  useLayoutEffect(
    () =>
      viewer.onChange(() => {
        setScreen(viewer.screen);
      }),
    [viewer],
  );
  useEffect(() => onPageFocus(focusMain), []);
  // Whatever was drawn anew: the keyboard must never lead nowhere.
  useEffect(focusMain);
  return (
    <main class="app">
      <Header viewer={viewer} screen={screen} name={name} pathspec={pathspec} />
      <Body viewer={viewer} screen={screen} name={name} />
      <div class="visually-hidden" role="status">
        {screen.said}
      </div>
    </main>
  );
}

function Body({
  viewer,
  screen,
  name,
}: Omit<AppProps, "pathspec"> & { readonly screen: Screen }): JSX.Element {
  const { view, tree, detail } = screen;
  if (view === undefined || tree === undefined) {
    if (view?.kind === "failure") return <FailureView viewer={viewer} name={name} problem={view.problem} />;
    return <p class="waiting">{say("reading", name)}</p>;
  }
  if (view.kind === "failure") return <FailureView viewer={viewer} name={name} problem={view.problem} />;
  const { problem, warnings } = view.state;
  // A text or bytes as the whole artifact: its one row says nothing that the detail does not.
  const alone = detail?.path.length === 0 && tree.root.childCount === 0;
  const row = detail === undefined ? undefined : rowAt(tree, detail.path);
  return (
    <>
      {problem !== undefined && <PartialBanner viewer={viewer} problem={problem} />}
      {warnings.map((warning) => (
        <p class="banner info" key={warning}>
          {warning}
        </p>
      ))}
      {!alone && <TreeView viewer={viewer} tree={tree} screen={screen} name={name} />}
      {detail !== undefined && row !== undefined && (
        <DetailView viewer={viewer} tree={tree} detail={detail} row={row} alone={alone} />
      )}
    </>
  );
}
