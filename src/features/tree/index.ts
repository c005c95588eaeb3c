import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { onCommand, type Services } from "../services.ts";
import { RunsView } from "./runsView.ts";
import { dimDecorations } from "./treeItem.ts";

/** The sidebar: flows, runs, steps, tasks, what they hold; filter, live refresh, badge, welcome texts. */
export function register(services: Services): vscode.Disposable {
  const view = new RunsView(services);
  services.sidebar = view;
  return vscode.Disposable.from(
    view,
    vscode.window.registerFileDecorationProvider(dimDecorations),
    onCommand(services, Command.RefreshView, () => {
      view.refresh();
    }),
    onCommand(services, Command.FilterRuns, async (text) => {
      const wanted = typeof text === "string" ? text : await askForFilter(services, view);
      if (wanted !== undefined) await view.filterBy(wanted);
    }),
    onCommand(services, Command.ClearFilter, async () => view.filterBy("")),
    onCommand(services, Command.LoadMoreRuns, async (row) => view.loadMore(row)),
  );
}

// What only a command needs is loaded with its first use.
async function askForFilter({ session }: Services, view: RunsView): Promise<string | undefined> {
  const { pickFilter } = await import("./filter/picker.ts");
  return pickFilter(view.filter, session.current, view.latestRuns);
}
