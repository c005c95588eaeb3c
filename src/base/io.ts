/** The last, optional argument of everything that reads. */
export interface IoOptions {
  /** Cancels the work: the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Throws the signal's reason when the work was cancelled. */
export function throwIfAborted(io: IoOptions | undefined): void {
  io?.signal?.throwIfAborted();
}
