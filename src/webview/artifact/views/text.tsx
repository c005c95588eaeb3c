import "./text.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount } from "../../kit/format.ts";
import { indentedJson } from "../../kit/json.ts";
import { lengthOf } from "../describe.ts";
import { piecesOf } from "../text/pieces.ts";
import { say } from "../say.ts";
import { TextLines, usePieces } from "../text/lines.tsx";
import { useText } from "../text/useText.ts";
import type { ViewProps } from "../views.ts";

/** Characters of JSON that are set out anew in one go; longer ones show as they are. */
const MOST_JSON = 1_000_000;

/** A text, line by line, as it is; JSON set out when it is wanted. */
export function TextView({ viewer, subject, name }: ViewProps): JSX.Element {
  const { row } = subject;
  const { text, more } = useText(viewer, row.id);
  const [wraps, setWraps] = useState(true);
  const isJson = row.looks?.includes("json") === true;
  const [setsOut, setSetsOut] = useState(isJson);
  const end = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  // What comes next is read before it is reached.
  useEffect(() => {
    const { current } = end;
    if (current === null || text.whole) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) more();
      },
      { root: body.current, rootMargin: "100% 0px" },
    );
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [text]);
  const pieces = usePieces(text.parts);
  const setOut = useMemo(
    () => (setsOut && text.characters <= MOST_JSON ? piecesOf(indentedJson(text.parts.join(""))) : undefined),
    [text.parts, setsOut],
  );
  return (
    <section class="shape">
      <div class="shape-bar">
        <Toggle word={say("wrapLines")} on={wraps} onChange={setWraps} />
        {isJson && <Toggle word={say("setOutJson")} on={setsOut} onChange={setSetsOut} />}
        <span class="dim">{lengthOf(row)}</span>
      </div>
      {/* Scrollable, so the keyboard must reach it. */}
      <div
        ref={body}
        class="text-body"
        tabIndex={0}
        role="document"
        aria-label={say("wholeText", name)}
        data-main
      >
        <TextLines pieces={setOut ?? pieces} wraps={wraps} root={body} />
        {text.problem !== undefined && <p class="error-text">{text.problem}</p>}
        {!text.whole && text.problem === undefined && (
          <div ref={end} class="dim">
            {say("readSoFar", formatCount(text.characters))}
          </div>
        )}
      </div>
    </section>
  );
}

interface ToggleProps {
  readonly word: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Toggle({ word, on, onChange }: ToggleProps): JSX.Element {
  return (
    <label class="toggle">
      <input
        type="checkbox"
        checked={on}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />
      {word}
    </label>
  );
}
