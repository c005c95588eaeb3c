import "./views/shapes.css";
import type { JSX } from "preact";
import type { Slice } from "../../protocol/table.ts";
import { say } from "./say.ts";

interface AxesProps {
  /** The array's lengths along each axis. */
  readonly shape: readonly number[];
  readonly slice: Slice;
  readonly onChange: (slice: Slice) => void;
}

/** The slice that is shown first: the last two axes, at the beginning of all others. */
export function firstSlice(shape: readonly number[]): Slice {
  return { rows: Math.max(0, shape.length - 2), columns: shape.length - 1, at: shape.map(() => 0) };
}

/** Which axis of an array goes down and which across, and where on each of the others; nothing for an array of one axis. */
export function Axes({ shape, slice, onChange }: AxesProps): JSX.Element | null {
  if (shape.length < 2) return null;
  const others = shape.map((_, axis) => axis).filter((axis) => axis !== slice.rows && axis !== slice.columns);
  const choose = (which: "rows" | "columns", axis: number): void => {
    const other = which === "rows" ? "columns" : "rows";
    // An axis goes one way: the other one takes the way that is left.
    onChange({ ...slice, [which]: axis, [other]: slice[other] === axis ? slice[which] : slice[other] });
  };
  return (
    <div class="axes" role="group" aria-label={say("axes")}>
      {(["rows", "columns"] as const).map((which) => (
        <label key={which}>
          {say(which === "rows" ? "axisRows" : "axisColumns")}
          <select
            value={slice[which]}
            onChange={(event) => {
              choose(which, Number(event.currentTarget.value));
            }}
          >
            {shape.map((length, axis) => (
              <option key={axis} value={axis}>
                {say("axisOption", axis, length)}
              </option>
            ))}
          </select>
        </label>
      ))}
      {others.map((axis) => (
        <Position
          key={axis}
          axis={axis}
          length={shape[axis] ?? 0}
          at={slice.at[axis] ?? 0}
          onChange={(at) => {
            onChange({ ...slice, at: slice.at.map((position, own) => (own === axis ? at : position)) });
          }}
        />
      ))}
    </div>
  );
}

interface PositionProps {
  readonly axis: number;
  readonly length: number;
  readonly at: number;
  readonly onChange: (at: number) => void;
}

/** A position on an axis that is not shown: roughly by a slider, exactly by a number. */
function Position({ axis, length, at, onChange }: PositionProps): JSX.Element {
  const last = Math.max(0, length - 1);
  const change = (text: string): void => {
    const position = Number(text);
    if (text !== "" && Number.isInteger(position)) onChange(Math.max(0, Math.min(position, last)));
  };
  return (
    <span class="axis-position">
      <span aria-hidden="true">{say("axis", axis)}</span>
      <input
        type="range"
        min={0}
        max={last}
        value={at}
        aria-label={say("axisSlider", axis)}
        onInput={(event) => {
          change(event.currentTarget.value);
        }}
      />
      <input
        type="number"
        min={0}
        max={last}
        value={at}
        aria-label={say("axisNumber", axis, last)}
        onInput={(event) => {
          change(event.currentTarget.value);
        }}
      />
    </span>
  );
}
