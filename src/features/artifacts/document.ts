import * as vscode from "vscode";
import { settledWithin } from "../../base/async.ts";
import type { ArtifactView, OpenView, ShownState } from "../../protocol/artifact.ts";
import { SMALL_MS } from "../../protocol/decoder.ts";
import type { ArtifactSource, FileSource, Opened } from "../../protocol/decoder.ts";
import type { DocumentState, Problem } from "../../protocol/nodes.ts";
import type { CellWindow } from "../../protocol/table.ts";
import { toWireError } from "../../protocol/wire.ts";
import { errorText } from "../errorText.ts";
import { logProblem } from "../problems.ts";
import type { Origins } from "../origins.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import { parseUri } from "../uris.ts";
import type { Decoder, OpenDocument } from "./decoder.ts";
import { firstCells } from "./firstCells.ts";
import { artifactSource } from "./source.ts";

/** What the editors of one artifact, or of one file with a pickle, show: it is open in the decoding thread as long as one of them is there. */
export class ArtifactDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  /** Pathspec of the artifact, five parts; of a file its path, and for an address that names neither, the address. */
  readonly pathspec: string;
  readonly name: string;
  readonly attempt: number | undefined;
  readonly #services: Services;
  readonly #decoder: Decoder;
  readonly #origins: Origins;
  readonly #changed = new vscode.EventEmitter<DocumentState>();
  readonly #lost = new vscode.EventEmitter<Problem>();
  readonly #isArtifact: boolean;
  /** The file's path; `undefined` for an artifact. */
  readonly #file: string | undefined;
  #abort = new AbortController();
  #opening: Promise<OpenDocument> | undefined;
  /** The opening that no editor has asked about yet: where it failed, the first one is told, and it is not tried a second time. */
  #prepared: Promise<OpenDocument> | undefined;
  #latest: DocumentState | undefined;

  readonly onDidChange = this.#changed.event;
  readonly onDidLose = this.#lost.event;

  constructor(uri: vscode.Uri, services: Services, decoder: Decoder, origins: Origins) {
    const resource = parseUri(uri);
    this.uri = uri;
    this.#isArtifact = resource?.kind === "artifact";
    this.#file = uri.scheme === "file" ? uri.fsPath : undefined;
    this.pathspec = resource?.kind === "artifact" ? resource.artifact : (this.#file ?? uri.toString());
    this.name = this.pathspec.split(/[/\\]/).at(-1) ?? this.pathspec;
    this.attempt = resource?.kind === "artifact" ? resource.attempt : undefined;
    this.#services = services;
    this.#decoder = decoder;
    this.#origins = origins;
  }

  /** Whether it is a file, and no artifact. */
  get isFile(): boolean {
    return this.#file !== undefined;
  }

  /** The artifact in the decoding thread; opened once, a failure is tried anew next time. Throws what hinders. */
  async open(options: { readonly fresh?: boolean } = {}): Promise<OpenDocument> {
    if (this.#opening !== undefined) return this.#opening;
    const opening = this.#open(options.fresh ?? false);
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  /** Opens it before an editor asks: its page takes longer to start than most values to be read. */
  prepare(): void {
    this.#prepared = this.open();
    this.#prepared.catch(ignore);
  }

  /** What an editor shows. Never rejects: what hinders is shown, and the log has its details. `again` reads it anew. */
  async view({ again, first: window }: OpenView): Promise<ArtifactView> {
    if (again) this.#close();
    let lost: Problem | undefined;
    const listening = this.onDidLose((problem) => (lost = problem));
    try {
      const prepared = this.#prepared;
      this.#prepared = undefined;
      const { opened } = await (prepared ?? this.open({ fresh: again }));
      let shown: ShownState;
      // Who has no answer yet is not told what happens meanwhile.
      do shown = await this.shown(await this.#stateOf(opened), window);
      while (this.#latest !== undefined && !this.isLatest(shown.state));
      return lost === undefined ? { kind: "value", facts: opened.facts, ...shown } : this.#failure(lost);
    } catch (thrown) {
      if (!this.#abort.signal.aborted) logProblem(this.#services.log, thrown);
      return this.#failure(problemOf(thrown));
    } finally {
      listening.dispose();
    }
  }

  /** A state with what is shown first of it where it is a table. The cells of one that still grows are asked for by who shows it. */
  async shown(state: DocumentState, window: CellWindow | undefined): Promise<ShownState> {
    if (window === undefined || !state.settled) return { state };
    const document = await this.#opening?.catch(ignore);
    const first = document && (await firstCells(document, state, window));
    return { state, ...(first !== undefined && { first }) };
  }

  /** Whether nothing is known since, and the thread is there. */
  isLatest(state: DocumentState): boolean {
    return this.#latest === state;
  }

  dispose(): void {
    this.#close();
    this.#changed.dispose();
    this.#lost.dispose();
  }

  #failure(problem: Problem): ArtifactView {
    return { kind: "failure", pathspec: this.pathspec, problem };
  }

  /** How it stands; the rest of a value that is soon there is waited for. */
  async #stateOf({ state }: Opened): Promise<DocumentState> {
    if (!(this.#latest ?? state).settled) {
      let whole: vscode.Disposable | undefined;
      const isWhole = new Promise<void>((resolve) => {
        whole = this.onDidChange(({ settled }) => {
          if (settled) resolve();
        });
      });
      await settledWithin(SMALL_MS, isWhole);
      whole?.dispose();
    }
    return this.#latest ?? state;
  }

  async #open(fresh: boolean): Promise<OpenDocument> {
    const { signal } = this.#abort;
    const document = await this.#decoder.open(
      await this.#source(),
      {
        onChanged: (state) => {
          this.#latest = state;
          this.#changed.fire(state);
        },
        onLost: (cause) => {
          this.#opening = undefined;
          this.#prepared = undefined;
          this.#latest = undefined;
          this.#lost.fire(problemOf(cause));
        },
      },
      { signal, fresh },
    );
    if (signal.aborted) {
      document.close();
      signal.throwIfAborted();
    }
    return document;
  }

  async #source(): Promise<ArtifactSource | FileSource> {
    if (this.#file !== undefined) return { file: this.#file };
    if (!this.#isArtifact) throw new Error(t("{0} is not the address of an artifact", this.pathspec));
    const { metaflow } = await this.#services.session.opened();
    this.#origins.claim(this.uri.toString(), this.pathspec, metaflow.metadata);
    return artifactSource(this.#services, this.pathspec, this.attempt);
  }

  #close(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#prepared = undefined;
    this.#latest = undefined;
    this.#abort.abort();
    this.#abort = new AbortController();
    void opening?.then((document) => {
      document.close();
    }, ignore);
  }
}

/** What was thrown, in words for a person. */
function problemOf(thrown: unknown): Problem {
  const { code, place, causes } = toWireError(thrown);
  return {
    code,
    message: errorText(thrown),
    ...(place !== undefined && { place }),
    ...(causes !== undefined && { causes }),
  };
}

function ignore(): void {
  // Who waits for it, or asks later, is told.
}
