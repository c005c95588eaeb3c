import { delay } from "../../base/async.ts";

/** How often something is tried, and how long to wait between. */
export interface RetryPolicy {
  /** All tries together; METAFLOW_SERVICE_RETRY_COUNT is one. */
  readonly tries: number;
  /** The first pause; each further one is twice as long, with jitter. In milliseconds. */
  readonly firstPauseMs: number;
}

const LONGEST_PAUSE_MS = 30_000;

/** What a failed try asks for: to be made again, after a pause of the other side's choice where it named one. */
export interface Again {
  readonly afterMs?: number | undefined;
  /** At most so many tries for a failure of this kind. */
  readonly atMost?: number | undefined;
}

/**
 * Does something until it succeeds or may not be tried again. Between two tries lies a pause that doubles, spread by half in both directions
 * so that many clients of a server that comes back do not all come at once.
 * @param judge tells whether a failure is worth another try; `undefined`: it is final
 */
export async function retrying<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  judge: (error: unknown) => Again | undefined,
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      await pauseAfter(error, policy, tries, judge(error), signal);
    }
  }
}

/**
 * Waits between a failed try and the next. Throws what it failed with where there is no next.
 * @param tries how many were made so far
 */
export async function pauseAfter(
  error: unknown,
  policy: RetryPolicy,
  tries: number,
  again: Again | undefined,
  signal?: AbortSignal,
): Promise<void> {
  if (again === undefined || tries >= Math.min(policy.tries, again.atMost ?? policy.tries)) throw error;
  const spread = 0.5 + Math.random();
  const own = policy.firstPauseMs * 2 ** (tries - 1) * spread;
  await delay(Math.min(again.afterMs ?? own, LONGEST_PAUSE_MS), signal);
}
