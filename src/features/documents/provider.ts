import * as vscode from "vscode";
import { MetaflowNotFound, messageOf } from "../../client/errors.ts";
import { logProblem } from "../problems.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import { parseUri, type Resource } from "../uris.ts";
import { artifactFile } from "./artifactFile.ts";
import { codeFile } from "./codeFile.ts";
import { logFile } from "./logFile.ts";
import { objectFolder } from "./objectFolder.ts";

/** One file or folder of the `metaflow:` scheme. Missing is MetaflowNotFound. */
export interface Content {
  stat(): Promise<vscode.FileStat>;
  read?(): Promise<Uint8Array>;
  list?(): Promise<readonly [string, vscode.FileType][]>;
  /** Tells of changes until disposed. */
  watch?(changed: () => void): vscode.Disposable;
}

/**
 * Everything that Metaflow recorded as read-only files: logs, code packages, artifacts as text, objects as folders.
 * Read from the session that is open at the time; a change of datastore or namespace changes what the files hold.
 */
export class MetaflowFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #subscription: vscode.Disposable;
  readonly #watched = new Map<string, vscode.Uri>();

  readonly onDidChangeFile = this.#changed.event;

  constructor(services: Services) {
    this.#services = services;
    this.#subscription = services.session.onDidChange((change) => {
      if (change === "session") this.#tell([...this.#watched.values()]);
    });
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    const key = uri.toString();
    this.#watched.set(key, uri);
    let inner: vscode.Disposable | undefined;
    let disposed = false;
    void this.#content(uri).then(
      (content) => {
        if (!disposed)
          inner = content.watch?.(() => {
            this.#tell([uri]);
          });
      },
      () => undefined, // Whoever reads the file is told.
    );
    return new vscode.Disposable(() => {
      disposed = true;
      this.#watched.delete(key);
      inner?.dispose();
    });
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
    this.#changed.dispose();
  }

  #tell(uris: readonly vscode.Uri[]): void {
    this.#changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }

  async #content(uri: vscode.Uri): Promise<Content> {
    const resource = parseUri(uri);
    if (resource === undefined)
      throw new MetaflowNotFound(t("{0} names nothing of Metaflow's", uri.toString()));
    return contentOf(this.#services, resource);
  }

  /** VS Code knows a few kinds of errors, and shows the message of others. */
  async #kindly<T>(uri: vscode.Uri, read: (content: Content) => Promise<T>): Promise<T> {
    try {
      return await read(await this.#content(uri));
    } catch (error) {
      if (error instanceof vscode.FileSystemError) throw error;
      if (error instanceof MetaflowNotFound) throw vscode.FileSystemError.FileNotFound(uri);
      logProblem(this.#services.log, error);
      throw vscode.FileSystemError.Unavailable(messageOf(error));
    }
  }
}

async function contentOf(services: Services, resource: Resource): Promise<Content> {
  const metaflow = await services.session.get();
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
