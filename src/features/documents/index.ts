import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { SCHEME } from "../uris.ts";
import { MetaflowFiles } from "./provider.ts";

/** The read-only `metaflow:` scheme. */
export function register(services: Services): vscode.Disposable {
  const files = new MetaflowFiles(services);
  return vscode.Disposable.from(
    files,
    vscode.workspace.registerFileSystemProvider(SCHEME, files, { isReadonly: true, isCaseSensitive: true }),
  );
}
