import * as vscode from "vscode";
import { Command } from "../commands.ts";
import type { Folding, Look, Row } from "./row.ts";
import { ActionRow } from "./rows/action.ts";
import type { Icon } from "./state.ts";

/** The scheme of rows whose label is painted dim: see `dimDecorations`. */
const DIM = "metaflow-dim";

const COLLAPSIBLE = {
  leaf: vscode.TreeItemCollapsibleState.None,
  closed: vscode.TreeItemCollapsibleState.Collapsed,
  open: vscode.TreeItemCollapsibleState.Expanded,
} as const satisfies Record<Folding, vscode.TreeItemCollapsibleState>;

/** The item that the editor shows for a row. */
export function treeItemOf(row: Row, look: Look): vscode.TreeItem {
  const item = new vscode.TreeItem(look.label, COLLAPSIBLE[row.folding]);
  item.id = row.id;
  if (look.description !== "") item.description = look.description;
  item.contextValue = look.contextValue;
  item.accessibilityInformation = { label: look.spoken };
  const icon = look.icon && themeIcon(look.icon);
  if (icon !== undefined) item.iconPath = icon;
  if (look.dim === true) item.resourceUri = vscode.Uri.from({ scheme: DIM, path: `/${row.id}` });
  const command = commandOf(row, look);
  if (command !== undefined) item.command = command;
  return item;
}

function themeIcon({ id, color }: Icon): vscode.ThemeIcon {
  return color === undefined
    ? new vscode.ThemeIcon(id)
    : new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
}

/** What a click does: rows that have nothing below them open what they stand for. */
function commandOf(row: Row, look: Look): vscode.Command | undefined {
  if (row instanceof ActionRow) return { command: row.command, title: look.label };
  switch (row.kind) {
    case "artifact":
      return { command: Command.OpenArtifact, title: vscode.l10n.t("Open Artifact"), arguments: [row] };
    case "log": {
      const stdout = row.target?.kind === "log" && row.target.stream === "stdout";
      const command = stdout ? Command.OpenStdout : Command.OpenStderr;
      return { command, title: vscode.l10n.t("Open Log"), arguments: [row] };
    }
    case "state":
      return look.contextValue.includes("+forbidden")
        ? { command: Command.SetKey, title: vscode.l10n.t("Set Key…") }
        : { command: Command.RefreshView, title: vscode.l10n.t("Retry") };
    case "more":
      return { command: Command.LoadMoreRuns, title: look.label, arguments: [row] };
    default:
      return undefined;
  }
}

/** Markdown of a hover; nothing in it runs a command or is taken as HTML. */
export function hoverOf(markdown: string): vscode.MarkdownString {
  const hover = new vscode.MarkdownString(markdown, false);
  hover.isTrusted = false;
  hover.supportHtml = false;
  return hover;
}

/** Paints the labels of dim rows, for which tree items have no property of their own. */
export const dimDecorations: vscode.FileDecorationProvider = {
  provideFileDecoration(uri) {
    if (uri.scheme !== DIM) return undefined;
    return new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor("disabledForeground"));
  },
};
