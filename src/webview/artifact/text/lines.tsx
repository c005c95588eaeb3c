import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { VisibleText } from "../../kit/visibleText.tsx";
import { extended, TOGETHER, type Piece } from "./pieces.ts";

/** Pixels of a line that is not wrapped. */
const LINE_HEIGHT = 19;

/** The lines of parts that come one after the other. */
export function usePieces(parts: readonly string[]): readonly Piece[] {
  const known = useRef<{ readonly parts: readonly string[]; readonly pieces: readonly Piece[] }>({
    parts: [],
    pieces: [],
  });
  return useMemo(() => {
    const before = known.current;
    const goesOn = before.parts.every((part, index) => part === parts[index]);
    let pieces = goesOn ? before.pieces : [];
    for (const part of parts.slice(goesOn ? before.parts.length : 0)) pieces = extended(pieces, part);
    known.current = { parts, pieces };
    return pieces;
  }, [parts]);
}

interface LinesProps {
  readonly pieces: readonly Piece[];
  readonly wraps: boolean;
  /** What scrolls. */
  readonly root: { readonly current: HTMLElement | null };
}

/** Lines of a text with their numbers. What is far from the screen is only as high as it was. */
export function TextLines({ pieces, wraps, root }: LinesProps): JSX.Element {
  return (
    <div class={`text-lines ${wraps ? "wraps" : ""}`}>
      {pieces.map((lines, index) => (
        <Lines key={index} lines={lines} first={index * TOGETHER + 1} root={root} />
      ))}
    </div>
  );
}

interface PieceProps {
  readonly lines: Piece;
  readonly first: number;
  readonly root: LinesProps["root"];
}

function Lines({ lines, first, root }: PieceProps): JSX.Element {
  const [isNear, setNear] = useState(first === 1);
  const height = useRef(0);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        const near = entries.at(-1)?.isIntersecting === true;
        if (!near) height.current = current.offsetHeight;
        setNear(near);
      },
      { root: root.current, rootMargin: "100% 0px" },
    );
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, []);
  const drawn = useMemo(
    () =>
      isNear &&
      lines.map((line, index) => (
        <div class="text-line" key={index}>
          <span class="line-number" data-number={first + index} />
          <span class="line-text">
            <VisibleText text={line} />
          </span>
        </div>
      )),
    [lines, isNear],
  );
  return (
    <div ref={element} style={isNear ? {} : { height: `${height.current || lines.length * LINE_HEIGHT}px` }}>
      {drawn}
    </div>
  );
}
