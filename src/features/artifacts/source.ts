import type { ArtifactSource } from "../../protocol/decoder.ts";
import type { Services } from "../services.ts";

/** How the decoding thread opens an artifact: by a session like the window's, with the key that the window keeps for its service. */
export async function artifactSource(
  { session, keys }: Services,
  pathspec: string,
  attempt: number | undefined,
): Promise<ArtifactSource> {
  const { metaflow, place } = await session.opened();
  const key = await keys.of(metaflow.metadata);
  return {
    session: place.source,
    pathspec,
    ...(key !== undefined && { key }),
    ...(attempt !== undefined && { attempt }),
  };
}
