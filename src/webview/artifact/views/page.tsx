import "./shapes.css";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatCount } from "../../kit/format.ts";
import { useTheme } from "../draw/canvas.ts";
import { sandboxed } from "../text/sandbox.ts";
import { say } from "../say.ts";
import { useAnswer } from "../useAnswer.ts";
import type { ViewProps } from "../views.ts";

/** HTML, or Markdown made into it, in a frame that can do nothing: no script, no network, no way out. */
export function PageView({ viewer, subject, name }: ViewProps): JSX.Element {
  const { row } = subject;
  const markdown = row.looks?.includes("markdown") === true;
  const { answer, problem } = useAnswer(
    async (signal) => viewer.ask("page", { node: row.id, markdown }, signal),
    [row.id, row.length, markdown],
  );
  const theme = useTheme();
  const page = useMemo(
    () => (answer === undefined ? undefined : sandboxed(answer.html, markdown)),
    [answer, markdown, theme],
  );
  return (
    <section class="shape">
      <div class="shape-status">
        <span class="dim">{say("pageIsInert")}</span>
        {problem !== undefined && <span class="error-text">{problem}</span>}
        {answer?.whole === false && (
          <span class="dim">{say("pageIsPart", formatCount(answer.characters))}</span>
        )}
      </div>
      {page === undefined ? (
        problem === undefined && <p class="waiting">{say("reading", name)}</p>
      ) : (
        <iframe
          class={`page-frame ${markdown ? "" : "foreign"}`}
          sandbox=""
          srcdoc={page}
          title={say("pageOf", name)}
        />
      )}
    </section>
  );
}
