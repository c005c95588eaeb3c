import { delay } from "../../base/async.ts";
import type { PathComponents } from "../pathspec.ts";
import type { Change, Watch } from "./provider.ts";
import type { ServiceListings } from "./serviceListings.ts";

const LOOK_MS = 5_000;
/** A look at a datastore is one request a flow; of many flows so many are looked at each time, in turn. */
const FLOWS_A_LOOK = 10;

/** What a look asks: the newest row of a listing. */
interface Question {
  readonly listing: string;
  readonly tells: PathComponents;
}

/**
 * Tells of changes at or below a path: every few seconds the newest row of what would have to grow. Of a run and what lies below it that is its
 * metadata, to which every step of a task adds; of a flow its runs.
 */
export function watchService(
  listings: ServiceListings,
  place: string,
  path: PathComponents,
  listener: (change: Change) => void,
): Watch {
  const abort = new AbortController();
  const { signal } = abort;
  const seen = new Map<string, string>();
  let turn = 0;

  const look = async ({ listing, tells }: Question): Promise<void> => {
    const newest = await listings.newest(listing, { signal });
    const known = seen.get(listing);
    seen.set(listing, newest);
    if (known !== undefined && known !== newest && !signal.aborted) listener({ path: tells });
  };
  const questions = async (): Promise<readonly Question[]> => {
    if (path.length === 1) return [{ listing: `${place}/runs`, tells: path }];
    if (path.length > 1) {
      const whole = path.length === 3 ? place.slice(0, place.lastIndexOf("/steps/")) : place;
      return [{ listing: `${whole}/metadata`, tells: path }];
    }
    const flows = await listings.ids("/flows", "flow_id", { signal });
    const some = Array.from(
      { length: Math.min(FLOWS_A_LOOK, flows.length) },
      () => flows[turn++ % flows.length] ?? "",
    );
    const ofFlows = some.map((flow) => ({
      listing: `/flows/${encodeURIComponent(flow)}/runs`,
      tells: [flow],
    }));
    return [{ listing: "/flows", tells: [] }, ...ofFlows];
  };
  const run = async (): Promise<void> => {
    for (;;) {
      // A service that does not answer now is asked again the next time; whoever reads from it is told why.
      const asked = await questions().catch(() => []);
      for (const question of asked) await look(question).catch(() => undefined);
      await delay(LOOK_MS, signal);
    }
  };
  run().catch(() => undefined); // Ends by the signal.
  return {
    dispose: () => {
      abort.abort();
    },
  };
}
