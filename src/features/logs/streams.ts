import * as vscode from "vscode";
import type { Task } from "../../client/index.ts";
import { Command } from "../commands.ts";
import { ContextKey } from "../contextKeys.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import { streamLog, type LogStreaming } from "./stream.ts";

// Channels of ended streams stay readable, but not all of them for ever.
const KEPT_CHANNELS = 5;

/** The logs that are streamed now and were lately, each into an output channel of its task. */
export class Streams implements vscode.Disposable {
  readonly #services: Services;
  /** By {@link keyOf} the task: attempts have logs of their own. */
  readonly #streams = new Map<string, LogStreaming>();
  readonly #item: vscode.StatusBarItem;

  constructor(services: Services) {
    this.#services = services;
    this.#item = vscode.window.createStatusBarItem("metaflow.log", vscode.StatusBarAlignment.Left, 9);
    this.#item.name = t("Metaflow Log Streaming");
    this.#item.command = Command.StopLog;
  }

  /** Shows the task's channel and streams into it; a stream that is running already is only shown. */
  start(task: Task): LogStreaming {
    const key = keyOf(task);
    const known = this.#streams.get(key);
    known?.channel.show(true);
    if (known?.active === true) return known;
    known?.dispose();
    this.#streams.delete(key);
    this.#forgetOldest();
    const channel = vscode.window.createOutputChannel(nameOf(task), "log");
    channel.show(true);
    const streaming = streamLog(this.#services, task, channel);
    this.#streams.set(key, streaming);
    void streaming.ended.then(() => {
      this.#paint();
    });
    this.#paint();
    return streaming;
  }

  /** Stops one stream: the given, the only one, or one that the person picks. */
  async stop(given: unknown): Promise<void> {
    const active = this.#active();
    const asked = typeof given === "string" ? active.filter(({ pathspec }) => pathspec === given) : active;
    if (asked.length === 0) {
      void vscode.window.showInformationMessage(t("No task log is being streamed."));
      return;
    }
    (asked.length === 1 ? asked[0] : await pick(asked))?.stop();
  }

  dispose(): void {
    this.#item.dispose();
    for (const streaming of this.#streams.values()) {
      streaming.dispose();
    }
    this.#streams.clear();
  }

  #active(): readonly LogStreaming[] {
    return [...this.#streams.values()].filter(({ active }) => active);
  }

  #paint(): void {
    const active = this.#active();
    const [first] = active;
    void vscode.commands.executeCommand("setContext", ContextKey.Streaming, first !== undefined);
    if (first === undefined) {
      this.#item.hide();
      return;
    }
    const what = active.length === 1 ? shortName(first) : t("{0} tasks", active.length);
    this.#item.text = `$(sync~spin) ${t("Log of {0}", what)}`;
    this.#item.tooltip = t(
      "Streaming the log of {0}. Click to stop.",
      active.map(({ pathspec }) => pathspec).join(", "),
    );
    this.#item.show();
  }

  #forgetOldest(): void {
    const ended = [...this.#streams].filter(([, { active }]) => !active);
    for (const [key, streaming] of ended.slice(0, Math.max(0, ended.length - KEPT_CHANNELS + 1))) {
      streaming.dispose();
      this.#streams.delete(key);
    }
  }
}

async function pick(active: readonly LogStreaming[]): Promise<LogStreaming | undefined> {
  const items = active.map((streaming) => ({
    label: shortName(streaming),
    description: streaming.pathspec,
    streaming,
  }));
  return (await vscode.window.showQuickPick(items, { title: t("Stop Following Task Log") }))?.streaming;
}

function nameOf(task: Task): string {
  // VS Code's list of channels is narrow: what differs comes first.
  const [flow = "", run = ""] = task.pathComponents;
  return t("Metaflow {0} of {1}", shortName(task), `${flow}/${run}`);
}

interface Streamed {
  readonly pathspec: string;
  readonly attempt: number | undefined;
}

/** Step and task, and the attempt where one was asked for. */
function shortName({ pathspec, attempt }: Streamed): string {
  const name = pathspec.split("/").slice(2).join("/");
  return attempt === undefined ? name : t("{0} attempt {1}", name, attempt);
}

function keyOf({ pathspec, attempt }: Streamed): string {
  return `${pathspec}#${attempt ?? "last"}`;
}
