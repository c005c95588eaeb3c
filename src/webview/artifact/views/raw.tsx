import "./raw.css";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Scale } from "../../grid/scale.ts";
import { formatCount } from "../../kit/format.ts";
import { useSize } from "../draw/canvas.ts";
import { HexRows, LINE_BYTES, type Marked } from "../raw/hexRows.tsx";
import { RawPages } from "../raw/pages.ts";
import { needleOf, offsetOf, pickleBytes, valueBytes } from "../raw/source.ts";
import { say } from "../say.ts";
import { useAnswer } from "../useAnswer.ts";
import type { ViewProps } from "../views.ts";

/** Pixels of a line. */
const LINE_HEIGHT = 20;
/** The identities that are no offsets begin here. */
const NO_OFFSET = 2 ** 40;

/** The bytes of the pickle, of any size, or of a value of bytes by itself. */
export function RawView({ viewer, subject, name }: ViewProps): JSX.Element {
  const { id, family, length = 0 } = subject.row;
  const hasOwn = family === "bytes";
  const [isOwn, setOwn] = useState(hasOwn);
  const [, redraw] = useState(0);
  const pages = useMemo(
    () =>
      new RawPages(isOwn ? valueBytes(viewer, id) : pickleBytes(viewer), isOwn ? length : LINE_BYTES, () => {
        redraw((count) => count + 1);
      }),
    [viewer, id, isOwn],
  );
  useEffect(
    () => () => {
      pages.dispose();
    },
    [pages],
  );
  const begin = !isOwn && id >= 0 && id < NO_OFFSET ? id : undefined;
  const [marked, setMarked] = useState<Marked>();
  const body = useRef<HTMLDivElement>(null);
  const { height } = useSize(body);
  const lines = Math.ceil(pages.sizeBytes / LINE_BYTES);
  const scale = new Scale(lines * LINE_HEIGHT, height);
  const [top, setTop] = useState(0);
  const first = Math.floor(scale.within(top) / LINE_HEIGHT);
  const seen = Math.min(lines - first, Math.ceil(height / LINE_HEIGHT) + 1);
  useEffect(() => {
    pages.want(first * LINE_BYTES, (first + Math.max(1, seen)) * LINE_BYTES);
  });

  const scrollTo = (offset: number): void => {
    const within = scale.within(offset);
    setTop(within);
    if (body.current !== null) body.current.scrollTop = scale.toBar(within);
  };
  /** Shows a byte a few lines below the upper edge. */
  const show = (from: number, size: number): void => {
    setMarked({ from, to: from + size });
    pages.sizeBytes = Math.max(pages.sizeBytes, from + size);
    const line = Math.floor(from / LINE_BYTES);
    const reach = new Scale(Math.ceil(pages.sizeBytes / LINE_BYTES) * LINE_HEIGHT, height);
    const within = reach.within((line - 3) * LINE_HEIGHT);
    setTop(within);
    requestAnimationFrame(() => {
      if (body.current !== null) body.current.scrollTop = reach.toBar(within);
    });
  };
  useEffect(() => {
    if (begin === undefined || height === 0) setMarked(undefined);
    else show(begin, 1);
  }, [begin, height === 0]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const page = Math.max(1, Math.floor(height / LINE_HEIGHT) - 1) * LINE_HEIGHT;
    const to = {
      ArrowDown: top + LINE_HEIGHT,
      ArrowUp: top - LINE_HEIGHT,
      PageDown: top + page,
      PageUp: top - page,
      Home: 0,
      End: scale.end,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    scrollTo(to);
  };
  return (
    <section class="shape">
      <div class="shape-bar">
        {hasOwn && (
          <label class="toggle">
            <input
              type="checkbox"
              checked={isOwn}
              onChange={(event) => {
                setOwn(event.currentTarget.checked);
                setTop(0);
              }}
            />
            {say("bytesOfValue")}
          </label>
        )}
        <Ask
          word={say("goToOffset")}
          hint={say("offsetHint")}
          onAsk={async (typed) => {
            const offset = offsetOf(typed);
            if (offset === undefined || offset >= Math.max(pages.sizeBytes, 1))
              return Promise.resolve(say("noSuchOffset"));
            show(offset, 1);
            return Promise.resolve(undefined);
          }}
        />
        {!isOwn && (
          <Ask
            word={say("findBytes")}
            hint={say("findBytesHint")}
            onAsk={async (typed, signal) => {
              const hex = needleOf(typed);
              if (hex === undefined) return say("notFound");
              const from = marked === undefined ? 0 : marked.from + 1;
              const ask = async (start: number): Promise<number | null> =>
                viewer.ask("findBytes", { from: start, hex }, signal);
              // From here on, then from the beginning.
              const found = (await ask(from)) ?? (from > 0 ? await ask(0) : null);
              if (found === null) return say("notFound");
              if (!signal.aborted) show(found, hex.length / 2);
              return say("foundAt", `0x${found.toString(16)}`);
            }}
          />
        )}
        <span class="dim">{say("bytes", formatCount(pages.sizeBytes))}</span>
        {pages.problem !== undefined && <span class="error-text">{pages.problem}</span>}
      </div>
      {/* Scrollable, so the keyboard must reach it. */}
      <div
        ref={body}
        class="raw-body"
        tabIndex={0}
        role="document"
        aria-label={say("wholeBytes", name)}
        data-main
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          const { scrollTop } = event.currentTarget;
          // What was scrolled to exactly stays so: the bar alone cannot tell lines apart.
          if (Math.abs(scale.toBar(top) - scrollTop) >= 1) setTop(scale.fromBar(scrollTop));
        }}
        onWheel={(event) => {
          if (scale.isExact) return;
          event.preventDefault();
          scrollTo(top + event.deltaY);
        }}
      >
        <div class="raw-space" style={{ height: `${scale.spacer}px` }}>
          <div
            class="raw-lines"
            style={{
              transform: `translateY(${scale.toBar(scale.within(top)) - (scale.within(top) % LINE_HEIGHT)}px)`,
            }}
          >
            <HexRows pages={pages} first={first} count={seen} marked={marked} />
          </div>
        </div>
      </div>
    </section>
  );
}

interface AskProps {
  readonly word: string;
  readonly hint: string;
  /** Answers what to say of it. The signal fires when something else is asked, and when the field is gone. */
  readonly onAsk: (typed: string, signal: AbortSignal) => Promise<string | undefined>;
}

/** A field that asks when Enter is pressed. */
function Ask({ word, hint, onAsk }: AskProps): JSX.Element {
  const [typed, setTyped] = useState<{ readonly text: string }>();
  const { answer, problem } = useAnswer(
    async (signal) => (typed === undefined ? undefined : onAsk(typed.text, signal)),
    [typed],
  );
  return (
    <label class="raw-ask">
      {word}
      <input
        type="text"
        placeholder={hint}
        spellcheck={false}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          // The same once more asks once more.
          setTyped({ text: event.currentTarget.value });
        }}
      />
      <span class="dim" role="status">
        {problem ?? answer}
      </span>
    </label>
  );
}
