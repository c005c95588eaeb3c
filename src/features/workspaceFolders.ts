import * as vscode from "vscode";

/** What is told of the `.metaflow` folders in the workspace's folders. */
interface Listener {
  readonly onMade: () => void;
  readonly onGone: () => void;
}

/** Watches for `.metaflow` folders: the first run makes one, and then the sidebar shall fill by itself. */
export function watchDatastores({ onMade, onGone }: Listener): vscode.Disposable {
  let watchers: readonly vscode.Disposable[] = [];
  const watch = (): void => {
    for (const watcher of watchers) watcher.dispose();
    watchers = (vscode.workspace.workspaceFolders ?? []).map((folder) => {
      const pattern = new vscode.RelativePattern(folder, ".metaflow");
      const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
      watcher.onDidCreate(onMade);
      watcher.onDidDelete(onGone);
      return watcher;
    });
  };
  watch();
  const following = vscode.workspace.onDidChangeWorkspaceFolders(watch);
  return new vscode.Disposable(() => {
    following.dispose();
    for (const watcher of watchers) watcher.dispose();
  });
}

/** The workspace's folders on this machine. */
export function localFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
}
