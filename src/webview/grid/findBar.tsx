import "./bars.css";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../artifact/say.ts";
import { Icon } from "../kit/icon.tsx";
import { Tool } from "./tool.tsx";

interface FindBarProps {
  readonly text: string;
  readonly matchCase: boolean;
  /** Such as `3 of 17`. */
  readonly count: string;
  readonly busy: boolean;
  readonly onChange: (text: string, matchCase: boolean) => void;
  readonly onStep: (step: 1 | -1) => void;
  readonly onClose: () => void;
}

/** Looks for a text in the cells: Enter goes to the next one, Shift+Enter to the one before, Escape closes. */
export function FindBar(props: FindBarProps): JSX.Element {
  const { text, matchCase, count, busy, onChange, onStep, onClose } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.select();
  }, []);
  return (
    <div
      class="bar"
      role="search"
      aria-label={say("findInCells")}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        else if (event.key === "Enter" && event.target === input.current) onStep(event.shiftKey ? -1 : 1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div class="box">
        <Icon name={busy ? "loading" : "search"} spin={busy} />
        <input
          ref={input}
          type="text"
          spellcheck={false}
          autocomplete="off"
          value={text}
          placeholder={say("findInCells")}
          aria-label={say("findInCells")}
          onInput={({ currentTarget }) => {
            onChange(currentTarget.value, matchCase);
          }}
        />
        <Tool
          icon="case-sensitive"
          label={say("matchCase")}
          pressed={matchCase}
          onClick={() => {
            onChange(text, !matchCase);
          }}
        />
      </div>
      <span class="bar-count" role="status">
        {count}
      </span>
      <Tool
        icon="arrow-up"
        label={say("previousHit")}
        onClick={() => {
          onStep(-1);
        }}
      />
      <Tool
        icon="arrow-down"
        label={say("nextHit")}
        onClick={() => {
          onStep(1);
        }}
      />
      <Tool icon="close" label={say("close")} onClick={onClose} />
    </div>
  );
}
