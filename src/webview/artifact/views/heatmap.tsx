import "./shapes.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Axes, firstSlice } from "../axes.tsx";
import { useSize, useTheme } from "../draw/canvas.ts";
import { areaOf, placeAt } from "../draw/frame.ts";
import { useGestures } from "../draw/gestures.ts";
import { drawHeatmap, pictureOf, type Cursor, type Window } from "../draw/heatmap.ts";
import { HeatmapStatus } from "../draw/heatmapStatus.tsx";
import { colourScale, type ColourScale } from "../draw/scaleOf.ts";
import { centre, moved, outer, showing, sizeOf, whole, zoomed } from "../draw/span.ts";
import { useCell } from "../draw/useCell.ts";
import { useRaster } from "../draw/useRaster.ts";
import { Surface } from "../draw/surface.tsx";
import { say } from "../say.ts";
import type { ViewProps } from "../views.ts";

/** An array's numbers as colours: two axes of it, all of them or a window. */
export function HeatmapView({ viewer, subject, name }: ViewProps): JSX.Element {
  const { id: node, shape = [] } = subject.row;
  const [slice, setSlice] = useState(() => firstSlice(shape));
  const [height, width] = [shape[slice.rows] ?? 0, shape[slice.columns] ?? 0];
  const [shown, setShown] = useState<Window>({ rows: whole(height), columns: whole(width) });
  const [cursor, setCursor] = useState<Cursor>();
  const [scale, setScale] = useState<ColourScale>();
  const [wantsExact, setWantsExact] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isByKey = useRef(false);
  const size = useSize(canvas);
  const theme = useTheme();
  const area = areaOf(size);

  const { seen, isLate, problem } = useRaster(
    viewer,
    {
      node,
      slice,
      rows: outer(shown.rows, height),
      columns: outer(shown.columns, width),
      width: size.width === 0 ? 0 : Math.round(area.width),
      height: Math.round(area.height),
      ...(scale !== undefined && { low: scale.low, high: scale.high }),
    },
    wantsExact,
  );
  useEffect(() => {
    const { least, greatest } = seen?.raster ?? {};
    if (scale === undefined && least !== undefined && greatest !== undefined)
      setScale(colourScale(least, greatest));
  }, [seen, scale]);
  const picture = useMemo(
    () =>
      seen === undefined || scale === undefined
        ? undefined
        : pictureOf(seen.raster, seen.params, scale.palette),
    [seen, scale],
  );
  useEffect(() => {
    drawHeatmap(canvas.current, size, shown, picture, cursor);
  }, [size, shown, picture, cursor, theme]);

  const text = useCell(viewer, node, slice, cursor);
  const told =
    cursor === undefined || text === undefined ? "" : say("numberAt", cursor.row, cursor.column, text);
  useEffect(() => {
    if (told !== "" && isByKey.current) viewer.say(told);
  }, [told]);

  const rowAt = (y: number): number => placeAt(y, shown.rows, area.top, area.height);
  const columnAt = (x: number): number => placeAt(x, shown.columns, area.left, area.width);
  const goTo = (row: number, column: number): Cursor => {
    const to = {
      row: Math.max(0, Math.min(row, height - 1)),
      column: Math.max(0, Math.min(column, width - 1)),
    };
    if (to.row !== cursor?.row || to.column !== cursor.column) setCursor(to);
    return to;
  };
  const zoom = (factor: number, row: number, column: number): void => {
    setShown(({ rows, columns }) => ({
      rows: zoomed(rows, row, factor, height),
      columns: zoomed(columns, column, factor, width),
    }));
  };
  const reset = (): void => {
    setShown({ rows: whole(height), columns: whole(width) });
  };
  const from = cursor ?? { row: Math.floor(centre(shown.rows)), column: Math.floor(centre(shown.columns)) };
  useGestures(canvas, {
    hover: (x, y) => {
      isByKey.current = false;
      goTo(Math.floor(rowAt(y)), Math.floor(columnAt(x)));
    },
    drag: (dx, dy) => {
      setShown(({ rows, columns }) => ({
        rows: moved(rows, (-dy / area.height) * sizeOf(rows), height),
        columns: moved(columns, (-dx / area.width) * sizeOf(columns), width),
      }));
    },
    zoom: (factor, x, y) => {
      zoom(factor, rowAt(y), columnAt(x));
    },
    step: (dx, dy) => {
      isByKey.current = true;
      const to = goTo(
        from.row + dy * stepOf(sizeOf(shown.rows), area.height),
        from.column + dx * stepOf(sizeOf(shown.columns), area.width),
      );
      setShown(({ rows, columns }) => ({
        rows: showing(rows, to.row, height),
        columns: showing(columns, to.column, width),
      }));
    },
    zoomKey: (factor) => {
      zoom(factor, from.row + 0.5, from.column + 0.5);
    },
    reset,
  });

  return (
    <section class="shape">
      <div class="shape-bar">
        <Axes
          shape={shape}
          slice={slice}
          onChange={(next) => {
            setSlice(next);
            setCursor(undefined);
            if (next.rows === slice.rows && next.columns === slice.columns) return;
            setShown({ rows: whole(shape[next.rows] ?? 0), columns: whole(shape[next.columns] ?? 0) });
          }}
        />
        <button type="button" class="button secondary" onClick={reset}>
          {say("showAll")}
        </button>
        <button
          type="button"
          class="button secondary"
          onClick={() => {
            setScale(undefined);
          }}
        >
          {say("fitColours")}
        </button>
        {seen?.raster.exact === false && !isLate && (
          <button
            type="button"
            class="button secondary"
            onClick={() => {
              setWantsExact(true);
            }}
          >
            {say("exactMeans")}
          </button>
        )}
      </div>
      <Surface canvas={canvas} kind={say("viewHeatmap")} label={say("heatmapOf", name)} />
      <HeatmapStatus told={told} problem={problem} lengths={[height, width]} seen={seen} scale={scale} />
    </section>
  );
}

/** Where a pixel stands for many cells, a step is one that is seen. */
function stepOf(cells: number, pixels: number): number {
  return Math.max(1, Math.round((4 * cells) / pixels));
}
