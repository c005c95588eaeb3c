import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Services } from "../src/features/services.ts";

/** What is to be measured, in `ask.json` of the open folder. */
export interface Ask {
  /** What is opened: the sidebar, or the artifact of this pathspec. */
  readonly open: "sidebar" | { readonly artifact: string };
}

/** Milliseconds by what they measure; written to `answer.json` of the open folder. */
export type Answer = Readonly<Record<string, number>>;

interface Mark {
  readonly name: string;
  readonly startTime: number;
}

const ID = "metaflow-tools.vscode-metaflow";
const RUNS = 100;
const STILL_MS = 2_000;
/** An artifact is on the screen long before it is decoded to its end. */
const DECODING_MS = 4_000;

/** Called by VS Code inside the extension host, whose folder tells what to do. */
export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const { open } = JSON.parse(await readFile(join(folder, "ask.json"), "utf8")) as Ask;
  const extension = vscode.extensions.getExtension<{ services: Services }>(ID);
  if (extension === undefined) throw new Error(`${ID} is not installed`);
  if (extension.isActive) throw new Error("the extension was active before it was asked for");
  const begun = threadMs();
  const { services } = await extension.activate();
  const answer: Record<string, number> = {
    work: threadMs() - begun,
    load: between("willLoadExtensionCode", "didLoadExtensionCode"),
    activate: between("willActivateExtension", "didActivateExtension"),
    still: await longestTurn(async () => after(STILL_MS)),
  };
  if (open === "sidebar") {
    answer["turn"] = await longestTurn(async () => {
      answer["rows"] = await openSidebar(services);
    });
  } else {
    answer["turn"] = await longestTurn(async () => openArtifact(open.artifact));
  }
  await writeFile(join(folder, "answer.json"), JSON.stringify(answer));
}

/** The time between two of VS Code's own marks: what "Running Extensions" shows is the sum of loading and activating. */
function between(from: string, to: string): number {
  const { MonacoPerformanceMarks } = globalThis as unknown as {
    readonly MonacoPerformanceMarks: { getMarks(): readonly Mark[] };
  };
  const marks = MonacoPerformanceMarks.getMarks();
  const at = (name: string): number =>
    marks.find((mark) => mark.name === `code/extHost/${name}/${ID}`)?.startTime ?? Number.NaN;
  return at(to) - at(from);
}

/** From the view's first question to the answer that has a page of runs; the way to the page and back between the two is in it. */
async function openSidebar({ sidebar }: Services): Promise<number> {
  const { provider } = sidebar;
  const getChildren = provider.getChildren.bind(provider);
  return new Promise((resolve, reject) => {
    let begun: number | undefined;
    provider.getChildren = async (row) => {
      begun ??= performance.now();
      const rows = (await getChildren(row)) ?? [];
      if (rows.length >= RUNS) resolve(performance.now() - begun);
      return rows;
    };
    vscode.commands.executeCommand("metaflow.runs.focus").then(undefined, reject);
  });
}

/** Until the artifact is on the screen and decoded. */
async function openArtifact(pathspec: string): Promise<void> {
  await vscode.commands.executeCommand("metaflow.artifact.open", pathspec);
  await after(DECODING_MS);
}

/**
 * The longest that one turn of the event loop worked while something was done, in milliseconds of the thread's own time: that it waited for a
 * core beside other programs is not the extension's doing. What VS Code itself and its own extensions did meanwhile counts.
 */
async function longestTurn(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = threadMs();
  let turning = setImmediate(function turn() {
    const now = threadMs();
    longest = Math.max(longest, now - last);
    last = threadMs();
    turning = setImmediate(turn);
  });
  await work();
  await after(0);
  clearImmediate(turning);
  return longest;
}

function threadMs(): number {
  // The newest VS Code runs on a Node that has it (>= 23.9), the types are of the oldest that the extension runs in.
  const newest = process as unknown as { threadCpuUsage(): NodeJS.CpuUsage };
  const { user, system } = newest.threadCpuUsage();
  return (user + system) / 1000;
}

async function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
