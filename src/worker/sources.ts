import type { CredentialSource, DataArtifact, Metaflow } from "../client/index.ts";
import { gunzip } from "../pickle/gunzip.ts";
import type { PyDocument } from "../pickle/index.ts";
import type { ArtifactFacts, ArtifactSource, FileFacts, OpenParams } from "../protocol/decoder.ts";
import type { ServiceKeyOf } from "../protocol/session.ts";

/** An artifact or a file that is open. */
export interface OpenSource {
  readonly document: PyDocument;
  readonly facts: ArtifactFacts | FileFacts;
  /** Where the bytes come from, as people would look for them. */
  readonly place: string;
  /** The bytes of the pickle, or of the file as it is, read anew. */
  readonly pickle: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}

/** Opens artifacts, by sessions that are kept, and files. The client is not loaded for a file, nor what reads files for an artifact. */
export class Sources {
  readonly #sessions = new Map<string, Promise<Metaflow>>();

  /** Throws what the client does, and the system's errors of a file. The signal ends the opening, not what is open then. */
  async open({ source, fresh }: Omit<OpenParams, "document">, signal: AbortSignal): Promise<OpenSource> {
    if ("file" in source) {
      const { chunksOf, openFile } = await import("./file.ts");
      const { document, facts } = await openFile(source.file);
      const gzipped = facts.format === "gzip";
      const pickle = async (): Promise<AsyncIterable<Uint8Array>> =>
        Promise.resolve(unpacked({ gzipped, bytes: chunksOf(source.file) }));
      return { document, facts, place: source.file, pickle };
    }
    const session = await this.#session(source, fresh);
    const artifact = await session.artifact(source.pathspec, { attempt: source.attempt, signal });
    const facts = await factsOf(artifact, session.metadata, signal);
    // Without the signal: it ends with the request, the document lives on until it is closed.
    const document = await artifact.open();
    const pickle = async (io: AbortSignal): Promise<AsyncIterable<Uint8Array>> =>
      unpacked(await artifact.blob({ signal: io }));
    return { document, facts, place: placeOf(facts), pickle };
  }

  /** @param fresh whether what an open session knows is to be forgotten */
  async #session({ session, key }: ArtifactSource, fresh: boolean): Promise<Metaflow> {
    const name = JSON.stringify([session, key]);
    const known = fresh ? undefined : this.#sessions.get(name);
    if (known !== undefined) return known;
    // The person has chosen this artifact: whatever namespace it is in, it is shown.
    const opening = import("../client/open.ts").then(async ({ openMetaflow }) =>
      openMetaflow({ ...session, namespace: null, credentials: only(key) }),
    );
    this.#sessions.set(name, opening);
    opening.catch(() => {
      if (this.#sessions.get(name) === opening) this.#sessions.delete(name);
    });
    return opening;
  }
}

function unpacked({
  gzipped,
  bytes,
}: {
  readonly gzipped: boolean;
  readonly bytes: AsyncIterable<Uint8Array>;
}): AsyncIterable<Uint8Array> {
  return gzipped ? gunzip(bytes, { warnings: [] }) : bytes;
}

/** The key that the window keeps, for its own service alone. */
function only(key: ServiceKeyOf | undefined): CredentialSource {
  return {
    serviceKey: async ({ url }) => Promise.resolve(url === key?.url ? key.key : undefined),
  };
}

async function factsOf(
  artifact: DataArtifact,
  metadata: string,
  signal: AbortSignal,
): Promise<ArtifactFacts> {
  // The size is recorded in another file, which may not be there yet: the value is shown without it.
  const sizeBytes = await artifact.size({ signal }).catch(() => undefined);
  signal.throwIfAborted();
  return {
    pathspec: artifact.pathspec,
    name: artifact.id,
    sha: artifact.sha,
    attempt: artifact.storedBy,
    createdAtMs: artifact.createdAt.getTime(),
    metadata,
    ...(sizeBytes !== undefined && { sizeBytes }),
  };
}

function placeOf({ metadata, pathspec, sha }: ArtifactFacts): string {
  const [flow = ""] = pathspec.split("/");
  return `${metadata} › ${flow}/data/${sha.slice(0, 2)}/${sha}`;
}
