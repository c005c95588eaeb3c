import "./bars.css";
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { say } from "../artifact/say.ts";
import { Icon } from "../kit/icon.tsx";
import { VisibleText } from "../kit/visibleText.tsx";
import { Tool } from "./tool.tsx";

interface FilterBarProps {
  readonly value: string;
  /** What is wrong with it. */
  readonly problem: string | undefined;
  /** How many rows it lets through, of how many. */
  readonly count: string;
  readonly busy: boolean;
  readonly onChange: (value: string) => void;
  /** The person is done here: Enter, or Escape. */
  readonly onLeave: () => void;
  /** What else can be done with the rows. */
  readonly children?: ComponentChildren;
}

/** The box in which a filter is typed, and under it what is wrong with it. */
export function FilterBar(props: FilterBarProps): JSX.Element {
  const { value, problem, count, busy, onChange, onLeave, children } = props;
  const id = useId();
  return (
    <div class="bar" role="search" aria-label={say("filterRows")}>
      <div class={`box ${problem === undefined ? "" : "wrong"}`}>
        <Icon name={busy ? "loading" : "filter"} spin={busy} />
        <input
          type="text"
          spellcheck={false}
          autocomplete="off"
          value={value}
          placeholder={say("filterHint")}
          aria-label={say("filterRows")}
          aria-invalid={problem !== undefined}
          aria-describedby={id}
          onInput={({ currentTarget }) => {
            onChange(currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== "Escape") return;
            event.preventDefault();
            event.stopPropagation();
            onLeave();
          }}
        />
        {value !== "" && (
          <Tool
            icon="close"
            label={say("filterClear")}
            onClick={() => {
              onChange("");
            }}
          />
        )}
      </div>
      <span id={id} class={problem === undefined ? "bar-count" : "bar-problem"} role="status">
        <VisibleText text={problem ?? count} />
      </span>
      {children}
    </div>
  );
}
