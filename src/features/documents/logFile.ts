import * as vscode from "vscode";
import type { Metaflow } from "../../client/index.ts";
import { serviceUrl } from "../serviceKeys.ts";
import type { LogResource } from "../uris.ts";
import { emptyText, isUnderWay, logText, WHOLE_BYTES } from "./logText.ts";
import type { Content } from "./content.ts";

const LOOK_MS = 1000;
// A look at a task of a service is several requests.
const SERVICE_LOOK_MS = 5000;
// A local task's log is written just after the task's end is recorded; a remote one's within half a minute.
const SETTLE_MS = 35_000;

/** A log as a file. It is looked at once a second, of a service every five, while it is open and the task has not ended. */
export function logFile(metaflow: Metaflow, resource: LogResource): Content {
  const lookMs = serviceUrl(metaflow.metadata) === undefined ? LOOK_MS : SERVICE_LOOK_MS;
  const find = async () => {
    const task = await metaflow.task(resource.task, { attempt: resource.attempt });
    return { task, log: await task.log(resource.stream) };
  };
  return {
    async stat() {
      const { task, log } = await find();
      const size = (await log?.sizeBytes()) ?? 0;
      const created = task.createdAt.getTime();
      // What stands in place of an empty log depends on whether there may still come one.
      const hasEnded = size === 0 && !isUnderWay((await task.status()).state);
      // VS Code reads a document again when time or size differ. Stores do not tell when a log was last written, but logs grow.
      return {
        type: vscode.FileType.File,
        ctime: created,
        mtime: created + size + (hasEnded ? 1 : 0),
        size: Math.min(size, WHOLE_BYTES),
      };
    },
    async read() {
      const { task, log } = await find();
      const text = log === undefined ? "" : await logText(log);
      if (text !== "") return new TextEncoder().encode(text);
      const { state } = await task.status();
      return new TextEncoder().encode(emptyText(resource.stream, state, task.runtimeName() === "dev"));
    },
    watch(changed) {
      let timer: NodeJS.Timeout | undefined;
      let before: string | undefined;
      let looksAfterEnd = 0;
      let disposed = false;
      const look = async (): Promise<void> => {
        const { task, log } = await find();
        const underWay = isUnderWay((await task.status()).state);
        const now = `${(await log?.sizeBytes()) ?? 0} ${underWay}`;
        if (disposed) return;
        // What came between the reading and the first look must not be missed; VS Code reads again only what differs.
        if (before !== now) changed();
        looksAfterEnd = underWay ? 0 : looksAfterEnd + 1;
        before = now;
      };
      const again = (): void => {
        if (disposed || looksAfterEnd * lookMs > SETTLE_MS) return;
        timer = setTimeout(
          () =>
            void look()
              .catch(() => undefined)
              .then(again),
          lookMs,
        );
      };
      void look()
        .catch(() => undefined)
        .then(again);
      return new vscode.Disposable(() => {
        disposed = true;
        clearTimeout(timer);
      });
    },
  };
}
