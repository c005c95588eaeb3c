import * as vscode from "vscode";
import type { DataArtifact } from "../../client/index.ts";
import { errorText } from "../errorText.ts";
import { isCancelled, logProblem } from "../problems.ts";
import { withProgress } from "../progress.ts";
import type { Services } from "../services.ts";
import { subjectOf } from "../subject.ts";
import { t } from "../text.ts";
import { artifactUri } from "../uris.ts";
import { MOST_TASKS_OF_RUN, originOf, sameIn, type Origin } from "./provenance.ts";

type Item = vscode.QuickPickItem & { readonly pathspec?: string };

/** What was found, as pathspecs of artifacts. */
interface WhereFrom {
  readonly first: string;
  readonly sameIn: readonly string[];
}

/**
 * Shows which task an artifact came from, and other runs that have it too: a list that fills while it is searched, from which one is
 * opened. Closing it ends the search. Gives what was found by then.
 */
export async function showWhereFrom(
  services: Services,
  args: readonly unknown[],
): Promise<WhereFrom | undefined> {
  const title = t("Where Artifact Came From");
  const target = await subjectOf(services, args, { title, kinds: ["artifact"], documentFirst: true });
  const metaflow = await services.session.everywhere();
  const artifact = await withProgress(t("Reading {0}", target.pathspec), async ({ signal }) =>
    metaflow.artifact(target.pathspec, { attempt: target.attempt, signal }),
  );
  const list = new List(artifact);
  const io = { signal: list.signal };
  try {
    const origin = await originOf(metaflow, artifact, io);
    list.put(...originItems(artifact, origin));
    const same: string[] = [];
    list.put({ label: t("The same value in other runs"), kind: vscode.QuickPickItemKind.Separator });
    for await (const found of sameIn(metaflow, artifact, io)) {
      if ("artifact" in found) {
        same.push(found.artifact.pathspec);
        list.put(sameItem(found.artifact));
      } else if ("unreadable" in found) {
        logProblem(services.log, found.error);
        list.put({ label: `$(warning) ${found.unreadable}`, detail: errorText(found.error) });
      } else list.tell(t("{0} of {1} runs looked at", found.runs, found.of));
    }
    // A run with more tasks may have it nevertheless.
    if (same.length === 0)
      list.put({
        label: `$(circle-slash) ${t("None of the newest runs has it.")}`,
        detail: t("Of each run at most {0} tasks of the step were looked at.", MOST_TASKS_OF_RUN),
      });
    return { first: origin.first.pathspec, sameIn: same };
  } catch (thrown) {
    if (isCancelled(thrown) || list.signal.aborted) return undefined;
    logProblem(services.log, thrown);
    list.put({ label: `$(warning) ${errorText(thrown)}` });
    return undefined;
  } finally {
    list.ended();
  }
}

function originItems({ pathspec }: DataArtifact, { first, resumedFrom }: Origin): readonly Item[] {
  const isOwn = first.pathspec === pathspec;
  const [, , step = "", task = ""] = first.pathComponents;
  return [
    { label: t("Where it came from"), kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(symbol-variable) ${step === "_parameters" ? t("A parameter of the run") : `${step}/${task}`}`,
      description: isOwn ? t("this task stored it first") : t("the first task that stored it"),
      detail: first.pathspec,
      pathspec: first.pathspec,
    },
    ...(resumedFrom === undefined
      ? []
      : [
          {
            label: `$(history) ${t("A resumed run")}`,
            description: t("the task was taken over from it"),
            detail: resumedFrom,
            pathspec: resumedFrom,
          },
        ]),
  ];
}

function sameItem({ pathspec, pathComponents, createdAt, systemTags }: DataArtifact): Item {
  const time = createdAt.toLocaleString(vscode.env.language, { dateStyle: "medium", timeStyle: "medium" });
  const user = [...systemTags].find((tag) => tag.startsWith("user:"));
  return {
    label: `$(play-circle) ${pathComponents[1] ?? ""}`,
    description: user === undefined ? time : `${time} · ${user.slice("user:".length)}`,
    detail: pathspec,
    pathspec,
  };
}

/** The list on the screen. */
class List {
  readonly #pick = vscode.window.createQuickPick<Item>();
  readonly #closed = new AbortController();

  constructor({ pathspec, sha }: DataArtifact) {
    const pick = this.#pick;
    pick.title = t("Where Artifact Came From");
    pick.placeholder = `${pathspec}  ${sha.slice(0, 7)}`;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.busy = true;
    // The list grows while it is looked at.
    pick.keepScrollPosition = true;
    pick.onDidAccept(() => {
      const pathspec = pick.selectedItems[0]?.pathspec;
      if (pathspec === undefined) return;
      void vscode.commands.executeCommand("vscode.open", vscode.Uri.from(artifactUri(pathspec)));
      pick.hide();
    });
    pick.onDidHide(() => {
      this.#closed.abort();
      pick.dispose();
    });
    pick.show();
  }

  /** Aborted when the person closes the list. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  put(...items: readonly Item[]): void {
    this.#pick.items = [...this.#pick.items, ...items];
  }

  /** How far the search is. */
  tell(words: string): void {
    this.#pick.title = `${t("Where Artifact Came From")}: ${words}`;
  }

  ended(): void {
    this.#pick.busy = false;
  }
}
