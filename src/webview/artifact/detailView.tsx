import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { NodeRow } from "../../protocol/nodes.ts";
import { formatCount } from "../kit/format.ts";
import { focusIsLost } from "../kit/focus.ts";
import { Icon } from "../kit/icon.tsx";
import { hexLines } from "../kit/text.ts";
import { VisibleText } from "../kit/visibleText.tsx";
import { lengthOf, placeOf } from "./describe.ts";
import type { Detail } from "./detail.ts";
import type { Tree } from "./model.ts";
import { say } from "./say.ts";
import type { Viewer } from "./viewer.ts";

interface DetailProps {
  readonly viewer: Viewer;
  readonly tree: Tree;
  readonly detail: Detail;
  readonly row: NodeRow;
  /** Whether it is all there is to see: then it has the whole space and cannot be closed. */
  readonly alone: boolean;
}

/** The whole of a text, or bytes as a hex view, read part by part. */
export function DetailView({ viewer, tree, detail, row, alone }: DetailProps): JSX.Element {
  const bytes = row.family === "bytes";
  const label = say(bytes ? "wholeBytes" : "wholeText", placeOf(tree, detail.path));
  const length = lengthOf(row);
  const body = useRef<HTMLDivElement>(null);
  // The button at the end goes when all is here; whoever had pressed it reads on.
  useEffect(() => {
    if (detail.next === undefined && focusIsLost()) body.current?.focus({ preventScroll: true });
  }, [detail.next]);
  const close = (): void => {
    viewer.closeDetail();
  };
  return (
    <section
      class={`detail ${alone ? "alone" : ""}`}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !alone) close();
      }}
    >
      {!alone && (
        <div class="detail-title">
          <span class="detail-place">
            <VisibleText text={placeOf(tree, detail.path)} />
          </span>
          <span class="dim">{[row.type, length].filter((part) => part !== "").join(", ")}</span>
          <button
            type="button"
            class="icon-button"
            aria-label={say("close")}
            title={`${say("close")} (Escape)`}
            onClick={close}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
      {/* Scrollable, so the keyboard must reach it. */}
      <div
        ref={body}
        class="detail-body"
        tabIndex={0}
        role="document"
        aria-label={label}
        {...(alone && { "data-main": true })}
      >
        {bytes ? <Hex detail={detail} /> : <Text detail={detail} />}
        {detail.problem !== undefined && <p class="error-text">{detail.problem.message}</p>}
        {detail.next !== undefined && detail.next > 0 && (
          <button
            type="button"
            class="button secondary"
            onClick={() => {
              void viewer.moreDetail();
            }}
          >
            {length === ""
              ? say("showMoreOfUnknown", formatCount(detail.shown))
              : say("showMoreText", formatCount(detail.shown), length)}
          </button>
        )}
      </div>
    </section>
  );
}

function Text({ detail }: { readonly detail: Detail }): JSX.Element {
  return (
    <pre class="whole-text">
      {detail.text.map((part, index) => (
        <VisibleText key={index} text={part} />
      ))}
    </pre>
  );
}

function Hex({ detail }: { readonly detail: Detail }): JSX.Element {
  return (
    <pre class="hex">
      {detail.hex.flatMap((part) =>
        hexLines(part.hex, part.from).map((line) => (
          <div key={line.offset}>
            <span class="dim">{line.offset}</span>
            {"  "}
            <span class="hex-bytes">{line.hex.padEnd(48)}</span>
            {"  "}
            <span class="hex-ascii">{line.ascii}</span>
          </div>
        )),
      )}
    </pre>
  );
}
