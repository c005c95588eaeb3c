import * as vscode from "vscode";

/** Whether a tab of this window shows an address, loaded or not. */
export function isInTab(address: string): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => addressesOf(input).some((uri) => uri.toString() === address)),
  );
}

function addressesOf(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}
