import "./shapes.css";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { formatCount } from "../../kit/format.ts";
import { useTheme } from "../draw/canvas.ts";
import { sandboxed } from "../text/sandbox.ts";
import { say } from "../say.ts";
import { useAnswer } from "../useAnswer.ts";
import { useText } from "../text/useText.ts";
import type { ViewProps } from "../views.ts";

/** Characters of a page that are shown at most. */
const MOST_CHARACTERS = 8_000_000;

/** HTML, or Markdown made into it, in a frame that can do nothing: no script, no network, no way out. */
export function PageView({ viewer, subject, name }: ViewProps): JSX.Element {
  const { row } = subject;
  const { text, more } = useText(viewer, row.id);
  const isMarkdown = row.looks?.includes("markdown") === true;
  const isEnough = text.whole || text.problem !== undefined || text.characters >= MOST_CHARACTERS;
  useEffect(() => {
    if (!isEnough) more();
  }, [text]);
  const html = useHtml(isEnough ? text.parts : undefined, isMarkdown);
  const theme = useTheme();
  const page = useMemo(
    () => (html === undefined ? undefined : sandboxed(html, isMarkdown)),
    [html, isMarkdown, theme],
  );
  return (
    <section class="shape">
      <div class="shape-status">
        <span class="dim">{say("pageIsInert")}</span>
        {text.problem !== undefined && <span class="error-text">{text.problem}</span>}
        {!text.whole && <span class="dim">{say("readSoFar", formatCount(text.characters))}</span>}
      </div>
      {page !== undefined && (
        <iframe
          class={`page-frame ${isMarkdown ? "" : "foreign"}`}
          sandbox=""
          srcdoc={page}
          title={say("pageOf", name)}
        />
      )}
    </section>
  );
}

/** The text as HTML; Markdown's own code is loaded when the first one is shown. */
function useHtml(parts: readonly string[] | undefined, isMarkdown: boolean): string | undefined {
  return useAnswer(async () => {
    const text = parts?.join("");
    if (text === undefined || !isMarkdown) return text;
    return (await import("../text/markdown.ts")).markdownHtml(text);
  }, [parts, isMarkdown]).answer;
}
