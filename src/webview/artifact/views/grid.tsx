import "../../grid/grid.css";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Grid } from "../../grid/grid.ts";
import { formatCount } from "../../kit/format.ts";
import { PopupMenu } from "../../kit/menu.tsx";
import { Axes } from "../axes.tsx";
import { CellBar } from "../table/cellBar.tsx";
import { GridBars } from "../table/bars.tsx";
import { GridModel } from "../table/model.ts";
import { say } from "../say.ts";
import type { ViewProps } from "../views.ts";

/** A value as rows and columns, and below it what the cell with the focus holds. */
export function GridView({ viewer, subject, name }: ViewProps): JSX.Element | null {
  const { row, table } = subject;
  const model = useMemo(() => new GridModel(viewer, subject), [viewer, row.id]);
  const [, redraw] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const grid = new Grid({ label: say("gridOf", name), ...model.options });
    model.attach(grid, () => {
      redraw((count) => count + 1);
    });
    place.current?.append(grid.element);
    grid.draw();
    return () => {
      grid.element.remove();
      grid.dispose();
      model.dispose();
    };
  }, [model]);
  // The same value with more rows, as it is read.
  useEffect(() => {
    if (table !== undefined) model.grown(table);
  }, [model, table]);
  if (table === undefined) return null;
  const { axes, menu } = model;
  return (
    <section
      class="grid-section"
      onKeyDown={(event) => {
        if (!model.key(event)) return;
        event.preventDefault();
        // VS Code would look in the page, of which a part of the cells is.
        event.stopPropagation();
      }}
    >
      {axes !== undefined && (
        <Axes
          shape={axes.shape}
          slice={axes.slice}
          onChange={(slice) => {
            void model.showSlice(slice);
          }}
        />
      )}
      <GridBars model={model} />
      <div ref={place} class="grid-place" />
      {table.rowCount === 0 && <p class="grid-empty">{say("noRows")}</p>}
      <CellBar model={model} rowCount={formatCount(model.rowCount)} />
      {menu !== undefined && (
        <PopupMenu
          // Another menu begins at its own first item.
          key={menu.items.map(({ id }) => id).join()}
          anchor={menu.anchor}
          label={menu.label}
          items={menu.items}
          onPick={(id) => {
            model.pick(id);
          }}
          onClose={() => {
            model.closeMenu();
          }}
        />
      )}
    </section>
  );
}
