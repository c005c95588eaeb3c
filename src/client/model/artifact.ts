import type { IoOptions } from "../../base/io.ts";
import type { PyDocument } from "../../pickle/index.ts";
import { openBlob, type Blob } from "../blobs.ts";
import { MetaflowKeyError } from "../errors.ts";
import type { ArtifactRecord } from "../records.ts";
import { openValue, readValue } from "../values.ts";
import type { ObjectContext } from "./context.ts";
import { unchecked } from "./context.ts";
import { artifactInfo } from "./dataFile.ts";
import { INCLUDED_FILE_TYPE, includedContent, includedSize } from "./includedFile.ts";
import { MetaflowObject } from "./object.ts";
import type { Task } from "./task.ts";

/** One value that a task stored. Python: `metaflow.DataArtifact`. */
export class DataArtifact extends MetaflowObject {
  readonly kind = "artifact";
  /** The content-addressed key: SHA-1 of the pickled bytes. Equal keys are equal bytes. */
  readonly sha: string;
  readonly #record: ArtifactRecord;
  #parent: Task | undefined;

  /** @internal */
  constructor(record: ArtifactRecord, context: ObjectContext, attempt?: number, parent?: Task) {
    super(record, context, attempt);
    this.#record = record;
    this.#parent = parent;
    this.sha = record.sha;
  }

  /** The attempt that stored it. */
  get storedBy(): number {
    return this.#record.attempt;
  }

  /**
   * The value as natural JavaScript; of an IncludeFile the file's content. Nothing is ever executed.
   * Python: `DataArtifact.data`. Throws MetaflowDataMissing when the blob is gone, ArtifactDecodeError when it cannot be decoded.
   */
  async data(io?: IoOptions): Promise<unknown> {
    const value = await this.#value(io);
    return (await includedContent(this.context.session, value, this.toString(), io)) ?? value;
  }

  /**
   * The stored pickle as a document for pages and big values: reads no more than it needs. Close it.
   * Of an IncludeFile it shows the stored descriptor.
   */
  async open(io?: IoOptions): Promise<PyDocument> {
    return openValue(this.context.session, this.#record, io, await this.#pickledSize(io));
  }

  /** The stored bytes as they lie in the datastore. */
  async blob(io?: IoOptions): Promise<Blob> {
    const { dsType, location, sha, path } = this.#record;
    const [flow = ""] = path;
    return openBlob(this.context.session, { flow, dsType, location, sha }, this.toString(), io);
  }

  /**
   * The length of the pickled bytes, of an IncludeFile that of its content. In bytes. Python: `DataArtifact.size`.
   * Throws DatastoreError while the last started attempt of the task is not done.
   */
  async size(io?: IoOptions): Promise<number> {
    const info = await artifactInfo(this.context.session, this.#record, this.attempt, io);
    if (info.type !== INCLUDED_FILE_TYPE) return info.sizeBytes;
    const value = await this.#value(io);
    return (await includedSize(this.context.session, value, this.toString(), io)) ?? info.sizeBytes;
  }

  /** When the artifact was recorded. Python: `DataArtifact.finished_at`, the same as `createdAt`. */
  finishedAt(): Date {
    return this.createdAt;
  }

  /** The task that holds the artifact. */
  override async parent(io?: IoOptions): Promise<Task> {
    const path = this.pathComponents.slice(0, -1);
    this.#parent ??= await this.context.make.openTask(path, unchecked(this.context), this.attempt, io);
    return this.#parent;
  }

  override async originPathspec(io?: IoOptions): Promise<string | undefined> {
    const origin = await (await this.parent(io)).originPathspec(io);
    return origin === undefined ? undefined : `${origin}/${this.id}`;
  }

  /** An artifact has no children: rejects with MetaflowKeyError, as Python's `artifact[id]` raises. */
  async get(id: string): Promise<never> {
    return Promise.reject(MetaflowKeyError.below(this.pathspec, id));
  }

  /** As `get`; in Python `id in artifact` raises, too. */
  async has(id: string): Promise<never> {
    return this.get(id);
  }

  /** As `get`; in Python iteration raises, too. */
  // eslint-disable-next-line @typescript-eslint/require-await -- as of all five classes
  async *[Symbol.asyncIterator](): AsyncIterator<never> {
    throw new MetaflowKeyError("children", { pathspec: this.pathspec });
  }

  async #value(io?: IoOptions): Promise<unknown> {
    return readValue(this.context.session, this.#record, io);
  }

  /** A bound for the decoder; an artifact opens without it too. */
  async #pickledSize(io?: IoOptions): Promise<number | undefined> {
    const info = await artifactInfo(this.context.session, this.#record, this.storedBy, io).catch(
      () => undefined,
    );
    return info === undefined || info.sizeBytes === 0 ? undefined : info.sizeBytes;
  }
}

/** The artifacts of a task by name; a value is read at the first `get`. Python: `metaflow.client.core.MetaflowData`. */
export class MetaflowData {
  /** Public names, as the listing gave them. */
  readonly names: readonly string[];
  readonly #artifacts: ReadonlyMap<string, DataArtifact>;
  readonly #values = new Map<string, Promise<unknown>>();

  /** @internal */
  constructor(artifacts: ReadonlyMap<string, DataArtifact>) {
    this.#artifacts = artifacts;
    this.names = [...artifacts.keys()];
  }

  /** Whether there is an artifact of this name. Python: `name in data`. */
  has(name: string): boolean {
    return this.#artifacts.has(name);
  }

  /** The value. Python: `data.<name>`. Throws MetaflowKeyError where Python raises AttributeError. */
  async get(name: string, io?: IoOptions): Promise<unknown> {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const artifact = this.#artifacts.get(name);
    if (artifact === undefined) throw new MetaflowKeyError(name);
    // Without the caller's signal: others may wait for the same value.
    io?.signal?.throwIfAborted();
    const reading = artifact.data();
    this.#values.set(name, reading);
    reading.catch(() => this.#values.delete(name));
    return reading;
  }

  /** As in Python: `<MetaflowData: a, b>`. */
  toString(): string {
    return `<MetaflowData: ${this.names.join(", ")}>`;
  }
}
