import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { ContextKey, type ViewState } from "../contextKeys.ts";
import { NoDatastore } from "../discovery.ts";
import type { WhyAway } from "../outOfReach.ts";
import type { SessionService } from "../session.ts";
import type { Row } from "./row.ts";
import { ActionRow, noMatch } from "./rows/action.ts";
import { ProblemRow } from "./rows/problem.ts";
import type { StateRow } from "./rows/state.ts";

/** What the view says where there are no rows, as a context key for the welcome texts of `package.json`. */
export class Welcome {
  #state: ViewState | undefined;

  get state(): ViewState | undefined {
    return this.#state;
  }

  /**
   * Decides what the top of the view shows.
   * @param error what the reading of the top failed with
   */
  async decide(
    root: Row,
    rows: readonly Row[],
    error: unknown,
    filtered: boolean,
    session: SessionService,
  ): Promise<readonly Row[]> {
    if (error instanceof NoDatastore) return this.#show("noDatastore", []);
    if (error !== undefined) return this.#show("unreadable", [...rows, ...waysOut(root)]);
    if (rows.length > 0) return this.#show("runs", rows);
    if (filtered) return this.#show("runs", noMatch(root));
    try {
      const elsewhere = await session.hasRunsElsewhere();
      return this.#show(elsewhere ? "outsideNamespace" : "noRuns", []);
    } catch (cause) {
      // What was read is of a session that is over; there is no other.
      if (cause instanceof NoDatastore) return this.#show("noDatastore", []);
      throw cause;
    }
  }

  /** What is shown while a service is away: that it is, above what was read before; what can be done, where nothing was. */
  away(root: Row, state: StateRow, rows: readonly Row[]): readonly Row[] {
    const known = rows.filter((row) => !(row instanceof ProblemRow && row.isWhole));
    const { why } = state.outage.away;
    return this.#show("runs", [state, ...(known.length > 0 ? known : waysBack(root, why))]);
  }

  #show(state: ViewState, rows: readonly Row[]): readonly Row[] {
    if (state !== this.#state) void vscode.commands.executeCommand("setContext", ContextKey.ViewState, state);
    this.#state = state;
    return rows;
  }
}

function waysBack(root: Row, why: WhyAway): readonly Row[] {
  return [
    ...(why === "forbidden" ? [new ActionRow(root, vscode.l10n.t("Set Key…"), "key", Command.SetKey)] : []),
    new ActionRow(root, vscode.l10n.t("Retry"), "refresh", Command.RefreshView),
    new ActionRow(root, vscode.l10n.t("Switch Profile…"), "server", Command.SwitchProfile),
    new ActionRow(root, vscode.l10n.t("Show Log"), "output", Command.ShowExtensionLog),
  ];
}

function waysOut(root: Row): readonly Row[] {
  return [
    new ActionRow(root, vscode.l10n.t("Retry"), "refresh", Command.RefreshView),
    new ActionRow(
      root,
      vscode.l10n.t("Open Another Datastore Folder…"),
      "folder-opened",
      Command.OpenDatastore,
    ),
    new ActionRow(root, vscode.l10n.t("Show Log"), "output", Command.ShowExtensionLog),
  ];
}
