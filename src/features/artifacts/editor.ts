import * as vscode from "vscode";
import { errorText } from "../errorText.ts";
import { artifactChecks } from "../../protocol/artifact.ts";
import type { ArtifactEvents, ArtifactRequests, Copyable } from "../../protocol/artifact.ts";
import type { DocumentState } from "../../protocol/nodes.ts";
import { valueChecks } from "../../protocol/decoder.ts";
import type { ValueRequests } from "../../protocol/decoder.ts";
import type { CellWindow } from "../../protocol/table.ts";
import { Peer } from "../../protocol/rpc.ts";
import type { Handlers, Nothing } from "../../protocol/rpc.ts";
import { Command } from "../commands.ts";
import { logProblem } from "../problems.ts";
import { Origins } from "../origins.ts";
import type { Services } from "../services.ts";
import { isInTab } from "../tabs.ts";
import { t } from "../text.ts";
import { copy, copyCells } from "./copy.ts";
import type { Copied } from "./copy.ts";
import type { Decoder } from "./decoder.ts";
import { ArtifactDocument } from "./document.ts";
import { pageOf } from "./page.ts";
import { positionOf } from "./position.ts";

/** The custom editor's id, as `package.json` contributes it. */
export const VIEW_TYPE = "metaflow.artifact";
/** The same for files with a pickle or an array, which VS Code offers under "Open With…". */
export const FILE_VIEW_TYPE = "metaflow.pickle";

/** Shows artifacts read-only, each in a page of its own that asks for what it shows. */
export class ArtifactEditors implements vscode.CustomReadonlyEditorProvider<ArtifactDocument> {
  readonly #services: Services;
  readonly #decoder: Decoder;
  readonly #origins: Origins;
  readonly #views = new Map<vscode.WebviewPanel, Peer<Nothing, ArtifactRequests, ArtifactEvents, Nothing>>();

  constructor(services: Services, decoder: Decoder) {
    this.#services = services;
    this.#decoder = decoder;
    this.#origins = new Origins(services.memory, "artifacts.origins", isInTab);
  }

  openCustomDocument(uri: vscode.Uri): ArtifactDocument {
    return new ArtifactDocument(uri, this.#services, this.#decoder, this.#origins);
  }

  resolveCustomEditor(document: ArtifactDocument, panel: vscode.WebviewPanel): void {
    document.prepare();
    const { webview } = panel;
    // Until the page has an answer, it is told of no change.
    let isShown = false;
    let window: CellWindow | undefined;
    const tell = async (state: DocumentState): Promise<void> => {
      if (!isShown) return;
      const shown = await document.shown(state, window);
      if (document.isLatest(state)) peer.emit("changed", shown);
    };
    const peer = new Peer<Nothing, ArtifactRequests, ArtifactEvents, Nothing>({
      post: (message) => void webview.postMessage(message),
      handlers: {
        ...this.#handlers(document),
        open: async (params) => {
          const view = await document.view(params);
          window = params.first;
          isShown = true;
          return view;
        },
      },
      checks: artifactChecks,
    });
    this.#views.set(panel, peer);
    const subscriptions = vscode.Disposable.from(
      webview.onDidReceiveMessage((data: unknown) => {
        peer.receive(data);
      }),
      document.onDidChange((state) => void tell(state)),
      document.onDidLose((problem) => {
        peer.emit("lost", problem);
      }),
    );
    panel.onDidDispose(() => {
      peer.close("the editor was closed");
      subscriptions.dispose();
      this.#views.delete(panel);
    });
    const { extensionUri } = this.#services.context;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist", "webview")],
    };
    webview.html = pageOf(webview, extensionUri, { name: document.name, pathspec: document.pathspec });
  }

  /** Copies the value that has the focus in the editor in front; `false` when none is in front. */
  copyFocused(what: Copyable): boolean {
    for (const [panel, peer] of this.#views) {
      if (!panel.active) continue;
      peer.emit("copyFocused", { what });
      return true;
    }
    return false;
  }

  #handlers(document: ArtifactDocument): Omit<Handlers<ArtifactRequests>, "open"> {
    const services = this.#services;
    return {
      ...passedOn(document),
      copy: async ({ what, path }, signal) =>
        this.#telling(signal, async () => copy(services, await document.open(), what, path, signal)),
      copyCells: async (params, signal) =>
        this.#telling(signal, async () => copyCells(await document.open(), params, signal)),
      askPosition: async ({ childCount }) => askPosition(childCount),
      reveal: async () => {
        await (document.isFile
          ? vscode.commands.executeCommand("revealInExplorer", document.uri)
          : vscode.commands.executeCommand(Command.RevealPathspec, document.pathspec));
        return undefined;
      },
      exportValue: (shown) => {
        void vscode.commands.executeCommand(Command.ExportArtifact, document.uri, shown);
        return undefined;
      },
      showWhereFrom: () => {
        void vscode.commands.executeCommand(Command.ShowWhereFrom, document.uri);
        return undefined;
      },
      compare: () => {
        void vscode.commands.executeCommand(Command.CompareArtifactOfRun, document.uri);
        return undefined;
      },
      showLog: () => {
        services.log.show(true);
        return undefined;
      },
    };
  }

  /** What was put on the clipboard; the person is told where that fails. */
  async #telling(signal: AbortSignal, work: () => Promise<Copied>): Promise<{ readonly said: string }> {
    try {
      const { said } = await work();
      return { said };
    } catch (thrown) {
      // Nobody is there to be told when the editor was closed meanwhile.
      if (!signal.aborted) {
        logProblem(this.#services.log, thrown);
        void vscode.window.showWarningMessage(errorText(thrown));
      }
      throw thrown;
    }
  }
}

/** What is asked of the open value is the decoding thread's to answer. */
function passedOn(document: ArtifactDocument): Handlers<ValueRequests> {
  const methods = Object.keys(valueChecks) as (keyof ValueRequests)[]; // Of exactly these.
  const handlers = methods.map((method) => [
    method,
    async (params: ValueRequests[typeof method]["params"], signal: AbortSignal) =>
      (await document.open()).request(method, params, { signal }),
  ]);
  return Object.fromEntries(handlers) as Handlers<ValueRequests>; // Made of all of them.
}

async function askPosition(childCount: number): Promise<number | null> {
  const last = childCount - 1;
  const typed = await vscode.window.showInputBox({
    title: t("Go to Position"),
    prompt: t("A position from 0 to {0}; -1 is the last", last.toLocaleString(vscode.env.language)),
    validateInput: (text) =>
      positionOf(text, childCount) === undefined ? t("Type a whole number from 0 to {0}", last) : undefined,
  });
  return typed === undefined ? null : (positionOf(typed, childCount) ?? null);
}
