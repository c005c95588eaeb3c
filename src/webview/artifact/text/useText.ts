import { useEffect, useRef, useState } from "preact/hooks";
import { problemOf } from "../problem.ts";
import type { Viewer } from "../viewer.ts";

/** Bytes of a text that are read at once. */
const PART_BYTES = 128 * 1024;

/** A text as far as it was read. */
export interface ReadText {
  readonly parts: readonly string[];
  readonly characters: number;
  /** Whether all was read. */
  readonly whole: boolean;
  readonly problem?: string;
}

const NOTHING: ReadText = { parts: [], characters: 0, whole: false };

/** Reads a text part by part: the first at once, the next when asked for. */
export function useText(
  viewer: Viewer,
  node: number,
): { readonly text: ReadText; readonly more: () => void } {
  const [text, setText] = useState(NOTHING);
  const next = useRef<number | undefined>(0);
  const asked = useRef<AbortController>(undefined);
  const more = (): void => {
    const from = next.current;
    if (from === undefined || asked.current !== undefined) return;
    const controller = new AbortController();
    asked.current = controller;
    viewer.ask("text", { node, from, to: from + PART_BYTES }, controller.signal).then(
      (part) => {
        if (controller.signal.aborted) return;
        asked.current = undefined;
        next.current = part.next;
        setText((now) => ({
          parts: [...now.parts, part.text],
          characters: now.characters + part.characters,
          whole: part.next === undefined,
        }));
      },
      (thrown: unknown) => {
        if (controller.signal.aborted) return;
        asked.current = undefined;
        next.current = undefined;
        setText((now) => ({ ...now, problem: problemOf(thrown).message }));
      },
    );
  };
  useEffect(() => {
    next.current = 0;
    setText(NOTHING);
    more();
    return () => {
      asked.current?.abort();
      asked.current = undefined;
    };
  }, [node]);
  return { text, more };
}
