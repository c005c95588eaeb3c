import "./statistics.css";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ArrangeAnswer } from "../../../protocol/arrange.ts";
import type { ProfileParams } from "../../../protocol/profile.ts";
import { Scale } from "../../grid/scale.ts";
import { formatCount } from "../../kit/format.ts";
import { VisibleText } from "../../kit/visibleText.tsx";
import { Axes, firstSlice } from "../axes.tsx";
import { ProfileDetail } from "../statistics/detail.tsx";
import { ProfileModel, WHOLE } from "../statistics/model.ts";
import { ProfileRow } from "../statistics/row.tsx";
import { nameText } from "../statistics/text.ts";
import { say } from "../say.ts";
import { useAnswer } from "../useAnswer.ts";
import type { ViewProps } from "../views.ts";

/** Pixels of a row, as the style sheet has them. */
const ROW = 36;
const TITLES = ["column", "distribution", "missing", "distinct", "min", "mean", "max", "std"] as const;

/** What the columns of a value come to: a list of them all, and beside it more of the one with the focus. */
export function StatisticsView({ viewer, subject, name }: ViewProps): JSX.Element | null {
  const { row } = subject;
  const { shape = [] } = subject.table ?? {};
  const [, redraw] = useState(0);
  /** Of an array with more axes than are rows and columns. */
  const [slice, setSlice] = useState(() => (shape.length > 2 ? firstSlice(shape) : undefined));
  const place = { node: row.id, ...(slice !== undefined && { slice }) };
  /** What the person filtered the same rows by, in the grid. */
  const [filter, setFilter] = useState(() =>
    slice === undefined ? (viewer.gridState(subject.path)?.shown.filter.trim() ?? "") : "",
  );
  const arranged = useAnswer(
    async (signal) =>
      filter === "" ? ALL_ROWS : rowsOf(await viewer.ask("arrange", { ...place, sort: [], filter }, signal)),
    [row.id, filter, subject.table?.rowCount],
  );
  const rows = filter === "" ? ALL_ROWS : arranged.answer;
  const sliced = useAnswer(
    async (signal) => slice && (await viewer.ask("table", { node: row.id, slice }, signal)),
    [row.id, slice],
  ).answer;
  const table = slice === undefined ? subject.table : (sliced ?? subject.table);
  const model = useMemo(
    () =>
      table === undefined || rows === undefined
        ? undefined
        : new ProfileModel(viewer, { ...place, ...rows }, table, () => {
            redraw((count) => count + 1);
          }),
    [viewer, row.id, slice, rows],
  );
  const [focus, setFocus] = useState(0);
  const [seen, setSeen] = useState({ top: 0, height: 0 });
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => () => model?.close(), [model]);
  const { view } = viewer.screen;
  const isSettled = view?.kind === "value" && view.state.settled;
  useEffect(() => {
    if (table !== undefined) model?.update(table, isSettled);
  }, [model, table, isSettled]);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const measure = (): void => {
      setSeen({ top: element.scrollTop, height: element.clientHeight - ROW });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [model]);

  const listed = model?.listed ?? { count: 0, at: () => 0 };
  const scale = new Scale(listed.count * ROW, Math.max(0, seen.height));
  const offset = scale.fromBar(seen.top);
  const first = Math.floor(offset / ROW);
  const last = Math.min(listed.count, Math.ceil((offset + seen.height) / ROW));
  const places = Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
  const columns = places.map((place) => listed.at(place));
  useEffect(() => {
    model?.show(columns);
  }, [model, columns.join()]);
  const filtered = filter !== "" && (
    <FilteredRows
      filter={filter}
      onAll={() => {
        setFilter("");
      }}
    />
  );
  if (model === undefined)
    return (
      <section class="statistics">
        {/* What cannot be found, or takes long, is left this way. */}
        <div class="statistics-bar">{filtered}</div>
        <p class="waiting">{arranged.problem ?? say("reading", name)}</p>
      </section>
    );

  const at = Math.min(focus, Math.max(0, listed.count - 1));
  const goTo = (place: number): void => {
    const next = Math.max(0, Math.min(listed.count - 1, place));
    setFocus(next);
    const begin = next * ROW;
    const bar =
      begin < offset ? begin : begin + ROW > offset + seen.height ? begin + ROW - seen.height : undefined;
    if (bar !== undefined) list.current?.scrollTo({ top: scale.toBar(bar) });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const page = Math.max(1, Math.floor(seen.height / ROW) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: listed.count - 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
  };
  const titleOf = (column: number): string =>
    column === WHOLE ? say("allElements") : nameText(model.nameOf(column));
  const focused = listed.at(at);
  const { done, of } = model.progress;
  return (
    <section class="statistics">
      {slice !== undefined && (
        <Axes
          shape={shape}
          slice={slice}
          onChange={(next) => {
            setSlice(next);
            setFocus(0);
          }}
        />
      )}
      <div class="statistics-bar">
        <input
          type="search"
          class="filter"
          placeholder={say("filterColumns")}
          aria-label={say("filterColumns")}
          onInput={(event) => {
            model.filter(event.currentTarget.value);
            setFocus(0);
            list.current?.scrollTo({ top: 0 });
          }}
        />
        {rows?.arrangement !== undefined && filtered}
        <span class="dim">{say("columnsReadWhole", formatCount(done), formatCount(of))}</span>
        {model.problem !== undefined && (
          <span class="error-text" role="alert">
            {model.problem}
          </span>
        )}
      </div>
      <div class="statistics-body">
        <div
          ref={list}
          class="profiles"
          role="grid"
          data-main
          tabIndex={0}
          aria-label={say("statisticsOf", name)}
          aria-rowcount={listed.count + 1}
          aria-colcount={TITLES.length}
          aria-activedescendant={at >= first && at < last ? `profile-${at}` : undefined}
          onKeyDown={onKeyDown}
        >
          <div role="row" class="profile-head" aria-rowindex={1}>
            {TITLES.map((word) => (
              <div key={word} role="columnheader" title={word === "std" ? say("stdHint") : undefined}>
                {say(word)}
              </div>
            ))}
          </div>
          <div role="rowgroup" class="profile-space" style={{ height: `${scale.spacer}px` }}>
            {places.map((place) => {
              const column = listed.at(place);
              return (
                <ProfileRow
                  key={column}
                  id={`profile-${place}`}
                  index={place + 2}
                  top={place * ROW - offset + seen.top}
                  name={titleOf(column)}
                  facts={model.nameOf(column)}
                  profile={model.profileOf(column)}
                  isFocused={place === at}
                  onFocus={() => {
                    setFocus(place);
                  }}
                />
              );
            })}
          </div>
          {listed.count === 0 && <p class="dim">{say("noColumns")}</p>}
        </div>
        {listed.count > 0 && (
          <ProfileDetail
            name={titleOf(focused)}
            dtype={model.nameOf(focused === WHOLE ? 0 : focused)?.dtype ?? ""}
            profile={model.profileOf(focused)}
          />
        )}
      </div>
    </section>
  );
}

interface FilteredProps {
  readonly filter: string;
  readonly onAll: () => void;
}

/** Which rows the statistics are of, and the way to those of all. */
function FilteredRows({ filter, onAll }: FilteredProps): JSX.Element {
  return (
    <>
      <span>
        <VisibleText text={say("rowsWhere", filter)} />
      </span>
      <button type="button" class="button secondary" onClick={onAll}>
        {say("ofAllRows")}
      </button>
    </>
  );
}

type ProfiledRows = Pick<ProfileParams, "arrangement">;

const ALL_ROWS: ProfiledRows = {};

/** The rows that a filter leaves; all of them where it says nothing. */
function rowsOf(answer: ArrangeAnswer): ProfiledRows {
  return "problem" in answer ? ALL_ROWS : { arrangement: answer.arrangement };
}
