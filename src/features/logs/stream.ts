import type * as vscode from "vscode";
import { errorText } from "../errorText.ts";
import type { Task } from "../../client/index.ts";
import { isCancelled, logProblem } from "../problems.ts";
import type { Services } from "../services.ts";
import { reasonText } from "../statusText.ts";
import { t } from "../text.ts";
import { LOG_STREAMS } from "../uris.ts";
import { channelLine, inOrder, type StreamedLine } from "./lines.ts";

// Lines of the two logs that come within this time are put in order before they are shown.
const GATHER_MS = 120;
/** A log that is long already begins with its last lines; all of it is in its document. */
const LAST_LINES = 2000;

/** The streaming of one task's logs into an output channel of its own. */
export interface LogStreaming {
  readonly pathspec: string;
  /** The attempt that was asked for, if one was. */
  readonly attempt: number | undefined;
  readonly channel: vscode.OutputChannel;
  /** Resolves when the task has ended and all of its log is shown, or streaming was stopped. */
  readonly ended: Promise<void>;
  readonly active: boolean;
  stop(): void;
  /** Stops and takes the channel away. */
  dispose(): void;
}

/** Begins to stream the two logs of a task into a channel, until the task ends or it is stopped. */
export function streamLog(services: Services, task: Task, channel: vscode.OutputChannel): LogStreaming {
  const controller = new AbortController();
  const writer = new ChannelWriter(channel);
  let active = true;
  const follow = async (): Promise<void> => {
    const { signal } = controller;
    try {
      const status = await task.status({ signal });
      const attempt = await task.currentAttempt({ signal });
      writer.remark(t("{0}, attempt {1}: {2}", task.pathspec, attempt, reasonText(status)));
      const underWay = status.state === "running" || status.state === "pending";
      const waiting = underWay ? await waitingFor(task, signal) : undefined;
      if (waiting !== undefined) writer.remark(waiting);
      await Promise.all(
        LOG_STREAMS.map(async (stream) => {
          for await (const [time, text] of task.followLog(stream, { from: { last: LAST_LINES }, signal })) {
            writer.line({ stream, time, text });
          }
        }),
      );
      if (writer.lines === 0) writer.remark(t("{0} wrote nothing.", task.pathspec));
      writer.remark(t("{0} has ended: {1}", task.pathspec, reasonText(await task.status({ signal }))));
    } catch (error) {
      if (signal.aborted || isCancelled(error)) {
        writer.remark(t("Stopped following {0}; the task itself goes on.", task.pathspec));
        return;
      }
      logProblem(services.log, error);
      writer.remark(t("The log of {0} cannot be followed any more: {1}", task.pathspec, errorText(error)));
    } finally {
      active = false;
      controller.abort();
      writer.close();
    }
  };
  return {
    pathspec: task.pathspec,
    attempt: task.attempt,
    channel,
    ended: follow(),
    get active() {
      return active;
    },
    stop: () => {
      controller.abort();
    },
    dispose: () => {
      writer.close();
      controller.abort();
      channel.dispose();
    },
  };
}

/** Why nothing comes yet, where nothing is there: a person would take it for a fault. */
async function waitingFor(task: Task, signal: AbortSignal): Promise<string | undefined> {
  const logs = await Promise.all(LOG_STREAMS.map(async (stream) => task.log(stream, { signal })));
  const sizes = await Promise.all(logs.map(async (log) => log?.sizeBytes({ signal })));
  if (sizes.some((size) => size !== undefined && size > 0)) return undefined;
  return task.runtimeName() === "dev"
    ? t("Waiting. Metaflow writes the log of a local task when the task ends; then it appears here.")
    : t("Waiting for the task to write something.");
}

/** Writes lines in small batches: an output channel is a file, and a busy task writes thousands of lines. */
class ChannelWriter {
  /** How many lines of the log were written or are about to be. */
  lines = 0;
  readonly #channel: vscode.OutputChannel;
  #gathered: StreamedLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(channel: vscode.OutputChannel) {
    this.#channel = channel;
  }

  line(line: StreamedLine): void {
    if (this.#closed) return;
    this.lines += 1;
    this.#gathered.push(line);
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, GATHER_MS);
  }

  /** A line of our own, behind what was gathered so far. */
  remark(text: string): void {
    if (this.#closed) return;
    this.#flush();
    this.#channel.appendLine(`── ${text} ──`);
  }

  /** Writes what was gathered and nothing more: a log that still gives a line after it was stopped must not reach a closed channel. */
  close(): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered.length === 0) return;
    this.#channel.append(`${inOrder(this.#gathered).map(channelLine).join("\n")}\n`);
    this.#gathered = [];
  }
}
