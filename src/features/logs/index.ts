import * as vscode from "vscode";
import type { Metaflow, Task } from "../../client/index.ts";
import { Command } from "../commands.ts";
import { withProgress } from "../progress.ts";
import { onCommand, Refusal, remedy, type Services } from "../services.ts";
import { subjectOf } from "../subject.ts";
import type { LogStream, Target } from "../targets.ts";
import { t } from "../text.ts";
import { logUri } from "../uris.ts";
import { saveLog } from "./save.ts";
import { Streams } from "./streams.ts";

const COMMAND = { stdout: Command.OpenStdout, stderr: Command.OpenStderr } as const;
const OTHER = { stdout: "stderr", stderr: "stdout" } as const satisfies Record<LogStream, LogStream>;

/** Logs as documents, as a stream while a task runs, and as files. */
export function register(services: Services): vscode.Disposable {
  const streams = new Streams(services);
  return vscode.Disposable.from(
    streams,
    onCommand(services, Command.OpenStdout, async (...args) => openLog(services, "stdout", args)),
    onCommand(services, Command.OpenStderr, async (...args) => openLog(services, "stderr", args)),
    onCommand(services, Command.StreamLog, async (...args) => {
      const target = await taskOf(services, t("Stream Task Log"), args);
      return streams.start(await read(services, target));
    }),
    onCommand(services, Command.StopLog, async (...args) => streams.stop(args[0])),
    onCommand(services, Command.SaveLog, async (...args) => save(services, args)),
  );
}

/** Opens a log as a document; one that a finished task never wrote is said to be empty instead. */
async function openLog(services: Services, stream: LogStream, args: readonly unknown[]): Promise<vscode.Uri> {
  const title = stream === "stdout" ? t("Open Standard Output") : t("Open Standard Error");
  const target = await taskOf(services, title, args);
  const { task, size, state, origin } = await withProgress(
    t("Reading the log of {0}", target.pathspec),
    async (io) => {
      const found = await taskAt(await services.session.get(), target);
      const log = await found.log(stream, io);
      const bytes = (await log?.sizeBytes(io)) ?? 0;
      return {
        task: found,
        size: bytes,
        state: (await found.status(io)).state,
        origin: bytes === 0 ? await found.originPathspec(io) : undefined,
      };
    },
  );
  const uri = vscode.Uri.from(logUri(task.pathspec, stream, target.attempt));
  if (origin !== undefined) {
    const message = t("A resume took {0} over from {1}, where its log is.", task.pathspec, origin);
    const there = remedy(t("Open That Log"), COMMAND[stream], origin);
    throw new Refusal(message, [there], { severity: "information" });
  }
  if (size === 0 && (state === "completed" || state === "failed" || state === "stale")) {
    const message =
      state === "stale"
        ? t("{0} left no {1}: what ran it ended before the log was written.", task.pathspec, stream)
        : t("{0} wrote nothing to {1}.", task.pathspec, stream);
    const other = remedy(
      stream === "stdout" ? t("Open Standard Error") : t("Open Standard Output"),
      COMMAND[OTHER[stream]],
      target,
    );
    throw new Refusal(message, [other], { severity: "information" });
  }
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: true });
  return uri;
}

/** Writes a whole log, however large, to a file that the person names. */
async function save(services: Services, args: readonly unknown[]): Promise<string | undefined> {
  const given = args[0];
  const target = await subjectOf(services, args, {
    title: t("Save Whole Log As"),
    kinds: ["log"],
    documentFirst: true,
  });
  if (target.kind !== "log") return undefined;
  const task = await taskAt(await services.session.get(), target);
  const log = await task.log(target.stream);
  if (log === undefined) throw new Refusal(t("{0} has no log yet.", target.pathspec));
  const name = `${target.pathspec.replaceAll("/", "-")}.${target.stream}.log`;
  const place = destinationOf(given) ?? (await askWhere(name));
  if (place === undefined) return undefined;
  const lines = await withProgress(t("Saving the log of {0}", target.pathspec), async (io, report) =>
    saveLog(log, place.fsPath, io, (count) => {
      report(t("{0} lines", count.toLocaleString(vscode.env.language)));
    }),
  );
  const open = t("Open");
  void vscode.window
    .showInformationMessage(
      t("Saved {0} lines to {1}.", lines.toLocaleString(vscode.env.language), place.fsPath),
      open,
    )
    .then((answer) => answer === open && vscode.commands.executeCommand("vscode.open", place));
  return place.fsPath;
}

async function askWhere(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title: t("Save Whole Log As"),
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
}

function destinationOf(given: unknown): vscode.Uri | undefined {
  if (typeof given !== "object" || given === null || !("destination" in given)) return undefined;
  return given.destination instanceof vscode.Uri ? given.destination : undefined;
}

async function taskOf(services: Services, title: string, args: readonly unknown[]): Promise<Target> {
  return subjectOf(services, args, { title, kinds: ["task"] });
}

async function read(services: Services, target: Target): Promise<Task> {
  return withProgress(t("Reading {0}", target.pathspec), async () =>
    taskAt(await services.session.get(), target),
  );
}

async function taskAt(metaflow: Metaflow, target: Target): Promise<Task> {
  return metaflow.task(target.pathspec, { attempt: target.attempt });
}
