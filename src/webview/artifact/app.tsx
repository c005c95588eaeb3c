import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { focusMain, onPageFocus } from "../kit/focus.ts";
import { Detail } from "./detail.tsx";
import { FailureView, PartialBanner } from "./failureView.tsx";
import { Header } from "./header.tsx";
import { LoadedView } from "./loadedView.tsx";
import { say } from "./say.ts";
import { ViewBar } from "./viewBar.tsx";
import type { Screen } from "./screen.ts";
import type { Viewer } from "./viewer.ts";

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
  const { view } = screen;
  // It may turn out to be a table: what is whole at once shall not be a tree for a moment before.
  const isEarly = view?.kind === "value" && !view.state.settled && view.state.table === undefined;
  return (
    <main class={isEarly ? "app early" : "app"}>
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
  const { view, tree } = screen;
  if (view === undefined || tree === undefined) {
    if (view?.kind === "failure") return <FailureView viewer={viewer} name={name} problem={view.problem} />;
    return <p class="waiting">{say("reading", name)}</p>;
  }
  if (view.kind === "failure") return <FailureView viewer={viewer} name={name} problem={view.problem} />;
  const { problem, warnings } = view.state;
  const { subject, shown } = screen;
  return (
    <>
      {problem !== undefined && <PartialBanner viewer={viewer} problem={problem} />}
      {warnings.map((warning) => (
        <p class="banner info" key={warning}>
          {warning}
        </p>
      ))}
      {subject !== undefined && (
        <>
          <ViewBar viewer={viewer} subject={subject} tree={tree} shown={shown} />
          <LoadedView key={shown} id={shown} viewer={viewer} subject={subject} name={name} />
          {shown === "tree" && <Detail viewer={viewer} screen={screen} />}
        </>
      )}
    </>
  );
}
