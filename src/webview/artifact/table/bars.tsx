import type { JSX } from "preact";
import { FilterBar } from "../../grid/filterBar.tsx";
import { FindBar } from "../../grid/findBar.tsx";
import { GoTo } from "../../grid/goTo.tsx";
import { Tool } from "../../grid/tool.tsx";
import { filterWords } from "./filterWords.ts";
import type { GridModel } from "./model.ts";
import { say } from "../say.ts";

/** What stands above the cells: which rows are shown, and the ways to one of them. */
export function GridBars({ model }: { readonly model: GridModel }): JSX.Element {
  const { order, finder } = model;
  const problem = order.problem === undefined ? order.failure : filterWords(order.problem);
  return (
    <>
      <FilterBar
        value={order.filter}
        problem={problem}
        count={model.rowsShown}
        busy={model.busy}
        onChange={(filter) => {
          order.type(filter);
        }}
        onLeave={() => {
          model.focus();
        }}
      >
        <Tool
          icon="search"
          label={say("findInCells")}
          onClick={() => {
            finder.open();
          }}
        />
        <Tool
          icon="symbol-numeric"
          label={say("goToCell")}
          onClick={() => {
            model.goTo.open();
          }}
        />
      </FilterBar>
      {finder.isOpen && (
        <FindBar
          text={finder.text}
          matchCase={finder.matchCase}
          count={finder.count}
          busy={finder.busy}
          onChange={(text, matchCase) => {
            finder.type(text, matchCase);
          }}
          onStep={(step) => {
            finder.step(step);
          }}
          onClose={() => {
            finder.close();
            model.focus();
          }}
        />
      )}
      {model.goTo.isOpen && (
        <GoTo
          rowCount={model.rowCount}
          complete={async (text) => model.goTo.columnsNamed(text)}
          onGo={async (row, column) => model.goTo.go(row, column)}
          onClose={() => {
            model.goTo.close();
            model.focus();
          }}
        />
      )}
    </>
  );
}
