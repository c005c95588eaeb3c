/** What heartbeats tell of when something ended that nobody asked for its exact times. */

/** A heartbeat comes every ten seconds. */
export const HEARTBEAT_EVERY_MS = 10_000;

/** When something that completed did so, by its last heartbeat; how long it took, where that is long enough for its heartbeats to tell. Milliseconds. */
export function endByHeartbeat(
  startedMs: number,
  heartbeatMs: number,
): { readonly endMs: number; readonly durationMs: number | undefined } {
  const durationMs = heartbeatMs - startedMs;
  return {
    endMs: Math.max(heartbeatMs, startedMs),
    durationMs: durationMs < 2 * HEARTBEAT_EVERY_MS ? undefined : durationMs,
  };
}
