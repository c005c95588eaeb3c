import "./text.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount } from "../../kit/format.ts";
import { indentedJson } from "../../kit/json.ts";
import { VisibleText } from "../../kit/visibleText.tsx";
import { lengthOf } from "../describe.ts";
import { say } from "../say.ts";
import { useText } from "../useText.ts";
import type { ViewProps } from "../views.ts";

/** Characters of JSON that are set out anew in one go; longer ones show as they are. */
const MOST_JSON = 4_000_000;

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
  const parts = useMemo(
    () =>
      setsOut && text.characters <= MOST_JSON
        ? piecesOf(indentedJson(text.parts.join("")))
        : linesApart(text.parts),
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
        <Lines parts={parts} wraps={wraps} />
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

/** Lines of a text, by hundreds: what is not on the screen costs nothing. */
function Lines({
  parts,
  wraps,
}: {
  readonly parts: readonly (readonly string[])[];
  readonly wraps: boolean;
}): JSX.Element {
  let number = 0;
  return (
    <div class={`text-lines ${wraps ? "wraps" : ""}`}>
      {parts.map((lines, index) => {
        const first = number + 1;
        number += lines.length;
        return <Piece key={index} lines={lines} first={first} />;
      })}
    </div>
  );
}

function Piece({ lines, first }: { readonly lines: readonly string[]; readonly first: number }): JSX.Element {
  return useMemo(
    () => (
      <div class="text-piece" style={{ containIntrinsicHeight: `auto ${lines.length * 19}px` }}>
        {lines.map((line, index) => (
          <div class="text-line" key={index}>
            <span class="line-number" data-number={first + index} />
            <span class="line-text">
              <VisibleText text={line} />
            </span>
          </div>
        ))}
      </div>
    ),
    [lines, first],
  );
}

/** Lines that are drawn together. */
const TOGETHER = 200;

function piecesOf(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  return Array.from({ length: Math.ceil(lines.length / TOGETHER) }, (_, index) =>
    lines.slice(index * TOGETHER, (index + 1) * TOGETHER),
  );
}

/** The lines of all parts; a line goes on where one part ends and the next begins. */
function linesApart(parts: readonly string[]): readonly (readonly string[])[] {
  return parts.length === 0 ? [] : piecesOf(parts.join(""));
}
