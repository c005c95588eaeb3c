import { delay } from "../../base/async.ts";
import type { PathComponents } from "../pathspec.ts";
import type { Json } from "./parse.ts";
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
 * Tells of changes at or below a path: every few seconds the newest row of what would have to grow. Of a task that is its metadata, to which each
 * attempt adds at its beginning and its end; of a run or step the metadata of the whole run; of a flow its runs.
 */
export function watchService(
  listings: Pick<ServiceListings, "newest" | "ids">,
  place: string,
  path: PathComponents,
  listener: (change: Change) => void,
): Watch {
  const abort = new AbortController();
  const { signal } = abort;
  const seen = new Map<string, string>();
  let turn = 0;
  let unreachableSinceMs: number | undefined;

  const look = async ({ listing, tells }: Question): Promise<void> => {
    const newest = signatureOf(await listings.newest(listing, { signal }));
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
  const lookAtAll = async (): Promise<void> => {
    const begunMs = Date.now();
    try {
      for (const question of await questions()) await look(question);
    } catch {
      // Whoever reads is told why; here it is enough to know since when nobody can.
      if (unreachableSinceMs !== undefined || signal.aborted) return;
      unreachableSinceMs = begunMs;
      listener({ path, unreachableSinceMs });
      return;
    }
    if (unreachableSinceMs === undefined || signal.aborted) return;
    unreachableSinceMs = undefined;
    listener({ path });
  };
  const run = async (): Promise<void> => {
    for (;;) {
      await lookAtAll();
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

/** What tells a row from another one, or from itself before an edit: not its heartbeat, and not the order of its tags, which is any. */
function signatureOf(row: Json | undefined): string {
  return JSON.stringify(row ?? null, (name, value: unknown) => {
    if (name === "last_heartbeat_ts") return undefined;
    return Array.isArray(value) ? value.map(String).sort() : value;
  });
}
