import pLimit from "p-limit";
import { messageOf } from "../../client/errors.ts";
import type { Services } from "../services.ts";
import type { RunFilter } from "./filter/filter.ts";
import type { Row } from "./row.ts";
import type { Source } from "./source.ts";

/** How many things that nobody waits for are read at a time. */
const LATER = 4;
/** People take less for at once. */
const PATIENCE_MS = 150;

/** What the rows read from: the open session. Throws what opening one throws. */
export async function createSource(
  services: Services,
  tree: { readonly filter: () => RunFilter; readonly changed: (row: Row) => void },
): Promise<Source> {
  const metaflow = await services.session.get();
  const limited = pLimit(LATER);
  return {
    metaflow,
    get filter() {
      return tree.filter();
    },
    patienceMs: PATIENCE_MS,
    later: async (work) => limited(work),
    changed: tree.changed,
    note: (row, error) => {
      if (!services.reach.failed(error)) services.log.warn(`${row.id}: ${messageOf(error)}`);
    },
  };
}
