import * as vscode from "vscode";
import { MetaflowNotFound } from "../../client/errors.ts";
import type { Metaflow } from "../../client/index.ts";
import { errorText } from "../errorText.ts";
import { logProblem } from "../problems.ts";
import { Origins } from "../origins.ts";
import type { Services } from "../services.ts";
import { isInTab } from "../tabs.ts";
import { t } from "../text.ts";
import { parseUri, pathspecOf, type Resource } from "../uris.ts";
import { artifactFile } from "./artifactFile.ts";
import { codeFile } from "./codeFile.ts";
import type { Content } from "./content.ts";
import { logFile } from "./logFile.ts";
import { objectFolder } from "./objectFolder.ts";
import { Watches } from "./watches.ts";

/**
 * Everything that Metaflow recorded as read-only files: logs, code packages, artifacts as text, objects as folders.
 * Read from the session that is open at the time; a document that is open goes on to show what it was read from, see {@link Origins}.
 */
export class MetaflowFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #subscription: vscode.Disposable;
  readonly #origins: Origins;
  readonly #watches: Watches<vscode.Uri>;

  readonly onDidChangeFile = this.#changed.event;

  constructor(services: Services) {
    this.#services = services;
    this.#origins = new Origins(services.memory, "documents.origins", isInTab);
    this.#watches = new Watches(
      async (uri) => this.#content(uri),
      (uris) => {
        this.#changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
      },
    );
    this.#subscription = services.session.onDidChange((change) => {
      if (change === "session") this.#watches.restart();
    });
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    return vscode.Disposable.from(this.#watches.add(uri));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#kindly(uri, async (content) => content.stat());
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#kindly(uri, async (content) => {
      if (content.list === undefined) throw vscode.FileSystemError.FileNotADirectory(uri);
      return [...(await content.list())];
    });
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#kindly(uri, async (content) => {
      if (content.read === undefined) throw vscode.FileSystemError.FileIsADirectory(uri);
      return content.read();
    });
  }

  createDirectory(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  delete(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  rename(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#watches.dispose();
    this.#changed.dispose();
  }

  async #content(uri: vscode.Uri): Promise<Content> {
    const resource = parseUri(uri);
    if (resource === undefined)
      throw new MetaflowNotFound(t("{0} names nothing of Metaflow's", uri.toString()));
    const metaflow = await this.#services.session.get();
    this.#origins.claim(uri.toString(), pathspecOf(resource), metaflow.metadata);
    return contentOf(metaflow, resource);
  }

  /** VS Code knows a few kinds of errors, and shows the message of others. */
  async #kindly<T>(uri: vscode.Uri, read: (content: Content) => Promise<T>): Promise<T> {
    try {
      return await read(await this.#content(uri));
    } catch (error) {
      if (error instanceof vscode.FileSystemError) throw error;
      if (error instanceof MetaflowNotFound) throw vscode.FileSystemError.FileNotFound(uri);
      logProblem(this.#services.log, error);
      throw vscode.FileSystemError.Unavailable(errorText(error));
    }
  }
}

function contentOf(metaflow: Metaflow, resource: Resource): Content {
  switch (resource.kind) {
    case "log":
      return logFile(metaflow, resource);
    case "code":
      return codeFile(metaflow, resource);
    case "artifact":
      return artifactFile(metaflow, resource);
    case "object":
      return objectFolder(metaflow, resource.pathspec);
  }
}

function readOnly(uri: vscode.Uri): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(
    t("{0} was recorded by Metaflow and cannot be changed.", uri.path),
  );
}
