import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { reread, type Row } from "./row.ts";
import type { Source } from "./source.ts";

/** What of a source is told. */
type Listener = Pick<Source, "patienceMs" | "changed" | "note">;

const AT_A_TIME = 16;

/**
 * Reads what the looks of rows show, from the first row on. Gives back as soon as everything is known or the patience is at its end;
 * the rest goes on until `io` is cancelled and tells `source` of each row.
 */
export async function settle(rows: readonly Row[], source: Listener, io: IoOptions): Promise<void> {
  let waiting = true;
  const all = mapLimited(rows, AT_A_TIME, async (row) => {
    if (isAborted(io)) return;
    await readOrNote(row, source, io);
    if (!waiting && !isAborted(io)) source.changed(row);
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, source.patienceMs);
  });
  await Promise.race([all, patience]);
  waiting = false;
  clearTimeout(timer);
}

/** What a row cannot learn is shown by it, and worth a note. */
async function readOrNote(row: Row, source: Listener, io: IoOptions): Promise<void> {
  try {
    await reread(row, "update", io);
  } catch {
    return; // Nobody waits for it any more.
  }
  if (row.problem !== undefined) source.note(row, row.problem);
}

function isAborted(io: IoOptions): boolean {
  return io.signal?.aborted === true;
}
