import { delay } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { MetaflowTaggingError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import { validateEdit } from "../tags.ts";
import { parseJson } from "./parse.ts";
import type { TagEdit } from "./provider.ts";
import type { ServiceRequests } from "./serviceRequests.ts";

const TRIES = 10;
/** Tags can be changed from this version on. */
const FIRST_VERSION = "2.3.0";

/**
 * Changes a run's tags and gives its user tags afterwards. The service applies the edit to the tags of that moment, and refuses one that
 * comes while another is under way: that one is made again, as Metaflow does it, up to ten times.
 * Throws MetaflowTaggingError, and ServiceException for a service that is too old, wants another key or does not answer.
 */
export async function mutateServiceTags(
  requests: ServiceRequests,
  path: string,
  run: PathComponents,
  edit: TagEdit,
  io?: IoOptions,
): Promise<readonly string[]> {
  validateEdit(edit);
  await requests.require(
    FIRST_VERSION,
    `Adding or removing tags on a run requires the Metaflow service to be at least version ${FIRST_VERSION}. Please upgrade your service.`,
    io,
  );
  const body = { tags_to_add: edit.add, tags_to_remove: edit.remove };
  let hasConflict = false;
  for (let tries = 1; ; tries++) {
    const { status, text } = await requests.patch(`${path}/tag/mutate`, body, io);
    if (status < 300) return tagsOf(text, path);
    const context = { pathspec: run.join("/") };
    if (status === 404)
      throw new MetaflowTaggingError(
        `Run('${context.pathspec}') does not exist`,
        { kind: "not-found" },
        context,
      );
    if (status === 400 || status === 422)
      throw new MetaflowTaggingError(`Metadata service says: ${text}`, { kind: "refused" }, context);
    hasConflict ||= status === 409;
    if (tries >= TRIES) {
      throw hasConflict
        ? new MetaflowTaggingError(
            "Tagging failed due to too many conflicting updates from other processes",
            { kind: "conflict" },
            context,
          )
        : new MetaflowTaggingError(`Tagging failed after ${tries} tries`, { kind: "refused" }, context);
    }
    await delay(300 * (1.4 + 0.2 * Math.random()) ** tries, io?.signal);
  }
}

function tagsOf(text: string, path: string): readonly string[] {
  const { tags } = parseJson(text, path) as { tags?: unknown };
  return Array.isArray(tags) ? tags.map(String) : [];
}
