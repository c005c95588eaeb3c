import "./shapes.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatCount } from "../../kit/format.ts";
import { VisibleText } from "../../kit/visibleText.tsx";
import { Axes, firstSlice } from "../axes.tsx";
import { useSize, useTheme } from "../draw/canvas.ts";
import { areaOf, placeAt } from "../draw/frame.ts";
import { useGestures } from "../draw/gestures.ts";
import { drawPlot, lineColour, MOST_LINES, rangeOf } from "../draw/plot.ts";
import { centre, moved, outer, showing, sizeOf, whole, zoomed, type Span } from "../draw/span.ts";
import { useCurves, useDrawable, useLabels, useRowTold, type Choice } from "../draw/useCurves.ts";
import { DESCRIPTION_ID, Surface } from "../draw/surface.tsx";
import { say } from "../say.ts";
import type { ViewProps } from "../views.ts";

const NO_CHOICES: readonly Choice[] = [];

/** Columns of numbers as lines over the rows. */
export function PlotView({ viewer, subject, name }: ViewProps): JSX.Element {
  const { id: node } = subject.row;
  const { shape = [] } = subject.table ?? {};
  const [slice, setSlice] = useState(() => (shape.length > 1 ? firstSlice(shape) : undefined));
  const place = { node, ...(slice !== undefined && { slice }) };
  const { answer: drawable, problem: hindrance } = useDrawable(
    viewer,
    place,
    subject.table?.rowCount ?? subject.row.length,
  );
  const choices = drawable?.choices ?? NO_CHOICES;
  const rowCount = drawable?.facts.rowCount ?? 0;
  const [picked, setPicked] = useState<readonly number[]>();
  const columns = picked ?? choices.slice(0, 1).map(({ column }) => column);
  /** `undefined`: all rows, however many there are. */
  const [zoomedTo, setShown] = useState<Span>();
  const shown = zoomedTo ?? whole(rowCount);
  const [cursor, setCursor] = useState<number>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const isByKey = useRef(false);
  const size = useSize(canvas);
  const theme = useTheme();
  const area = areaOf(size);

  const rows = outer(shown, rowCount);
  const { lines, problem = hindrance } = useCurves(
    viewer,
    place,
    columns,
    rows,
    size.width === 0 ? 0 : Math.round(area.width),
  );
  const hasLabels = (drawable?.facts.rowLevels.length ?? 0) > 0;
  const labels = useLabels(viewer, place, rows, area.width / (hasLabels ? 170 : 90), hasLabels);
  useEffect(() => {
    drawPlot(canvas.current, size, { lines, rows: shown, values: rangeOf(lines), labels, cursor });
  }, [size, lines, zoomedTo, rowCount, labels, cursor, theme]);

  const told = useRowTold(viewer, place, columns, cursor);
  const nameOf = (column: number): string => choices.find((choice) => choice.column === column)?.name ?? "";
  const spoken =
    told === undefined
      ? ""
      : [told.label, ...told.texts.map((text, at) => `${nameOf(columns[at] ?? 0)} ${text}`)].join(", ");
  useEffect(() => {
    if (spoken !== "" && isByKey.current) viewer.say(spoken);
  }, [spoken]);

  const goTo = (row: number): number => {
    const to = Math.max(0, Math.min(row, rowCount - 1));
    setCursor(to);
    return to;
  };
  const reset = (): void => {
    setShown(undefined);
  };
  const from = cursor ?? Math.floor(centre(shown));
  const rowAt = (x: number): number => placeAt(x, shown, area.left, area.width);
  useGestures(canvas, {
    hover: (x) => {
      isByKey.current = false;
      goTo(Math.floor(rowAt(x)));
    },
    drag: (dx) => {
      setShown(moved(shown, (-dx / area.width) * sizeOf(shown), rowCount));
    },
    zoom: (factor, x) => {
      setShown(zoomed(shown, rowAt(x), factor, rowCount));
    },
    step: (dx) => {
      if (dx === 0) return;
      isByKey.current = true;
      // Where a pixel stands for many rows, a step is one that is seen.
      const to = goTo(from + dx * Math.max(1, Math.round((2 * sizeOf(shown)) / area.width)));
      if (zoomedTo !== undefined) setShown(showing(zoomedTo, to, rowCount));
    },
    zoomKey: (factor) => {
      setShown(zoomed(shown, from + 0.5, factor, rowCount));
    },
    reset,
  });

  return (
    <section class="shape">
      <div class="shape-bar">
        {slice !== undefined && (
          <Axes
            shape={shape}
            slice={slice}
            onChange={(next) => {
              setSlice(next);
              if (next.rows === slice.rows && next.columns === slice.columns) return;
              setPicked(undefined);
              setShown(undefined);
              setCursor(undefined);
            }}
          />
        )}
        {choices.length > 1 && <Columns choices={choices} picked={columns} onPick={setPicked} />}
        <button type="button" class="button secondary" onClick={reset}>
          {say("showAll")}
        </button>
      </div>
      <Surface canvas={canvas} kind={say("viewPlot")} label={say("plotOf", name)} />
      <div class="shape-status">
        <span class="shape-value">
          {told !== undefined && <VisibleText text={told.label} />}
          {told?.texts.map((text, at) => (
            <span class="plot-value" key={at}>
              <span class="plot-key" style={{ background: lineColour(at) }} />
              <VisibleText text={`${nameOf(columns[at] ?? 0)} ${text}`} />
            </span>
          ))}
        </span>
        {problem !== undefined && <span class="error-text">{problem}</span>}
        <span id={DESCRIPTION_ID} class="dim">
          {drawable !== undefined && choices.length === 0
            ? say("noNumbers")
            : say(
                "plotSize",
                formatCount(rows.from),
                formatCount(Math.max(rows.from, rows.to - 1)),
                formatCount(rowCount),
              )}
          {missingOf(lines.map(({ curve }) => curve.missing))}
        </span>
      </div>
    </section>
  );
}

function missingOf(counts: readonly number[]): string {
  const missing = counts.reduce((sum, count) => sum + count, 0);
  return missing === 0 ? "" : `, ${say("withoutNumber", formatCount(missing))}`;
}

interface ColumnsProps {
  readonly choices: readonly Choice[];
  readonly picked: readonly number[];
  readonly onPick: (columns: readonly number[]) => void;
}

/** Which columns are drawn, up to eight. */
function Columns({ choices, picked, onPick }: ColumnsProps): JSX.Element {
  return (
    <details class="plot-columns">
      <summary>{say("plotColumns", picked.length, choices.length)}</summary>
      <div role="group" aria-label={say("columns")}>
        {choices.map(({ column, name }) => {
          const at = picked.indexOf(column);
          return (
            <label key={column}>
              <input
                type="checkbox"
                checked={at >= 0}
                disabled={at < 0 && picked.length >= MOST_LINES}
                onChange={() => {
                  onPick(at >= 0 ? picked.filter((other) => other !== column) : [...picked, column]);
                }}
              />
              <span class="plot-key" style={at >= 0 ? { background: lineColour(at) } : {}} />
              <VisibleText text={name} />
            </label>
          );
        })}
      </div>
    </details>
  );
}
