import type { JSX } from "preact";
import type { Problem } from "../../protocol/nodes.ts";
import { Icon } from "../kit/icon.tsx";
import { VisibleText } from "../kit/visibleText.tsx";
import { adviceFor } from "./describe.ts";
import { say } from "./say.ts";
import type { Viewer } from "./viewer.ts";

interface FailureProps {
  readonly viewer: Viewer;
  readonly problem: Problem;
}

/** An artifact of which nothing can be shown: which, from where, why, what to do. */
export function FailureView({
  viewer,
  problem,
  name,
}: FailureProps & { readonly name: string }): JSX.Element {
  return (
    <section class="failure" role="alert">
      <h2>
        <Icon name="error" />
        {say("cannotShow", name)}
      </h2>
      <p>
        <VisibleText text={sentence(problem)} />
      </p>
      <ProblemFacts problem={problem} />
      <Ways viewer={viewer} />
    </section>
  );
}

/** A value of which a part can be shown: the same, in the space of a banner. */
export function PartialBanner({ viewer, problem }: FailureProps): JSX.Element {
  return (
    <section class="banner warning" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{say("partial")}</strong> <VisibleText text={sentence(problem)} />
        <ProblemFacts problem={problem} />
      </div>
      <Ways viewer={viewer} />
    </section>
  );
}

function ProblemFacts({ problem }: { readonly problem: Problem }): JSX.Element {
  const causes = (problem.causes ?? []).filter((cause) => !problem.message.includes(cause));
  return (
    <dl class="problem-facts">
      {problem.place !== undefined && (
        <>
          <dt>{say("readFrom")}</dt>
          <dd>
            <VisibleText text={problem.place} />
          </dd>
        </>
      )}
      {causes.length > 0 && (
        <>
          <dt>{say("because")}</dt>
          <dd>
            <VisibleText text={causes.join(" · ")} />
          </dd>
        </>
      )}
      <dt>{say("whatToDo")}</dt>
      <dd>{adviceFor(problem)}</dd>
    </dl>
  );
}

function Ways({ viewer }: { readonly viewer: Viewer }): JSX.Element {
  return (
    <div class="ways">
      <button
        type="button"
        class="button"
        data-main
        onClick={() => {
          void viewer.open({ again: true, saved: viewer.state() });
        }}
      >
        {say("tryAgain")}
      </button>
      <button
        type="button"
        class="button secondary"
        onClick={() => {
          void viewer.showLog();
        }}
      >
        {say("showLog")}
      </button>
    </div>
  );
}

/** A message as a sentence of its own. A name at its start, such as `openPickle`, stays as it is. */
function sentence({ message }: Problem): string {
  const text = message.replace(/^[a-z]+(?=[ ,:])/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
