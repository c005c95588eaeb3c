import type { JSX, TargetedKeyboardEvent } from "preact";
import { Icon } from "../kit/icon.tsx";
import { VisibleText } from "../kit/visibleText.tsx";
import { placeOf } from "./describe.ts";
import type { Tree } from "./tree/model.ts";
import { say } from "./say.ts";
import { viewsOf } from "./subject.ts";
import type { Subject, ViewId } from "./subject.ts";
import { VIEWS } from "./views.ts";
import type { Viewer } from "./viewer.ts";

interface BarProps {
  readonly viewer: Viewer;
  readonly subject: Subject;
  readonly tree: Tree;
  readonly shown: ViewId;
}

/** The ways to look at the value as tabs (ARIA Authoring Practices), and which part of it is looked at. Nothing where there is one way. */
export function ViewBar({ viewer, subject, tree, shown }: BarProps): JSX.Element | null {
  const ids = viewsOf(subject);
  if (ids.length < 2 && subject.path.length === 0) return null;
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = step === 0 ? undefined : ids[(ids.indexOf(shown) + step + ids.length) % ids.length];
    if (next === undefined) return;
    event.preventDefault();
    viewer.showAs(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-view="${next}"]`)?.focus();
  };
  return (
    <div class="view-bar">
      <div class="tabs" role="tablist" aria-label={say("views")} onKeyDown={onKeyDown}>
        {ids.map((id) => (
          <button
            key={id}
            type="button"
            class="tab"
            role="tab"
            data-view={id}
            aria-selected={id === shown}
            tabIndex={id === shown ? 0 : -1}
            onClick={() => {
              viewer.showAs(id);
            }}
          >
            <Icon name={VIEWS[id].icon} />
            {say(VIEWS[id].word)}
          </button>
        ))}
      </div>
      {subject.path.length > 0 && (
        <span class="subject">
          <button
            type="button"
            class="link"
            onClick={() => {
              void viewer.revealInTree(subject.path);
            }}
          >
            {say("theValue")}
          </button>
          <Icon name="chevron-right" />
          <VisibleText text={placeOf(tree, subject.path)} />
        </span>
      )}
    </div>
  );
}
