import type { RunPageQuery } from "../../../client/index.ts";
import { matchesRecord, type RunFilter } from "./filter.ts";
import { momentOf } from "./moment.ts";
import { meetsConditions } from "./parameters.ts";

/** What a filter asks of the runs of a flow, in the client's terms: what costs no reading first, parameters only where they are asked for. */
export function runsThat(filter: RunFilter, flow: string, now: Date): RunPageQuery {
  const { states, conditions, since, until } = filter;
  return {
    since: since === undefined ? undefined : momentOf(since, "start", now),
    until: until === undefined ? undefined : momentOf(until, "end", now),
    accepts: (run) => matchesRecord(filter, { flow, id: run.id, tags: run.tags }),
    status: states.length === 0 ? undefined : states,
    where: conditions.length === 0 ? undefined : async (run, io) => meetsConditions(conditions, run, io),
  };
}
