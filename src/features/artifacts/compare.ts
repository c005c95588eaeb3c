import * as vscode from "vscode";
import { pickTarget } from "../pathspecPicker.ts";
import { withProgress } from "../progress.ts";
import { Refusal, type Services } from "../services.ts";
import { subjectOf, subjectsOf } from "../subject.ts";
import type { Target } from "../targets.ts";
import { t } from "../text.ts";
import { comparisonText } from "./comparisonText.ts";
import { DEAF } from "./decoder.ts";
import type { Decoder, OpenDocument } from "./decoder.ts";
import { artifactSource } from "./source.ts";

/** The scheme of the texts that tell how two artifacts differ. */
const SCHEME = "metaflow-comparison";
const COMPARE_TIMEOUT_MS = 30 * 60_000;
const RUNS = 50;

/** Shows how two artifacts differ, as a read-only diff. */
export class Comparisons implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #services: Services;
  readonly #decoder: Decoder;
  readonly #texts = new Map<string, string>();
  readonly #subscription: vscode.Disposable;

  constructor(services: Services, decoder: Decoder) {
    this.#services = services;
    this.#decoder = decoder;
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? t("Compare the artifacts again to see how they differ.");
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** The two that are selected; of one alone the other is asked for. Gives the text that is shown, or the sentence that they are equal. */
  async selected(args: readonly unknown[]): Promise<string | undefined> {
    const wanted = { title: t("Compare Artifacts"), kinds: ["artifact"] } as const;
    const [left, given] = await subjectsOf(this.#services, args, wanted);
    if (left === undefined) return undefined;
    const right = given ?? (await this.#ofAnotherRun(left));
    return right && this.#show(left, right);
  }

  /** One artifact, and that of the same name of a run that the person chooses. */
  async withAnotherRun(args: readonly unknown[]): Promise<string | undefined> {
    const wanted = {
      title: t("Compare with Another Run"),
      kinds: ["artifact"],
      documentFirst: true,
    } as const;
    const left = await subjectOf(this.#services, args, wanted);
    const right = await this.#ofAnotherRun(left);
    return right && this.#show(left, right);
  }

  async #show(left: Target, right: Target): Promise<string> {
    // By their records: two that are equal are not read.
    const metaflow = await this.#services.session.everywhere();
    const [one, other] = await withProgress(t("Reading {0}", left.pathspec), async ({ signal }) =>
      Promise.all([
        metaflow.artifact(left.pathspec, { attempt: left.attempt, signal }),
        metaflow.artifact(right.pathspec, { attempt: right.attempt, signal }),
      ]),
    );
    if (one.sha === other.sha) {
      const said = t(
        "{0} and {1} are equal: same SHA {2}.",
        one.pathspec,
        other.pathspec,
        one.sha.slice(0, 7),
      );
      void vscode.window.showInformationMessage(said);
      return said;
    }
    const ours = await this.#open(left);
    try {
      const theirs = await this.#open(right);
      try {
        return await this.#compare(ours, theirs);
      } finally {
        theirs.close();
      }
    } finally {
      ours.close();
    }
  }

  async #compare(ours: OpenDocument, theirs: OpenDocument): Promise<string> {
    const [left, right] = [ours.opened.facts, theirs.opened.facts];
    if ("file" in left || "file" in right) throw new Error("a file is no artifact");
    const comparison = await withProgress(t("Comparing {0}", left.name), async ({ signal }) =>
      ours.request("compare", { other: theirs.id }, { signal, timeoutMs: COMPARE_TIMEOUT_MS }),
    );
    const text = comparisonText(left, right, comparison, vscode.env.language);
    const name = `${left.name} (${runOf(left.pathspec)} ↔ ${runOf(right.pathspec)}).diff`;
    const query = `${left.pathspec}&${right.pathspec}`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query });
    this.#texts.set(uri.toString(), text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, "diff");
    await vscode.window.showTextDocument(document, { preview: true });
    return text;
  }

  async #open({ pathspec, attempt }: Target): Promise<OpenDocument> {
    const source = await artifactSource(this.#services, pathspec, attempt);
    return withProgress(t("Reading {0}", pathspec), async ({ signal }) =>
      this.#decoder.open(source, DEAF, { signal }),
    );
  }

  /** Asks for the run, and where its step has several tasks for the task. */
  async #ofAnotherRun({ pathspec }: Target): Promise<Target | undefined> {
    const [flow = "", run = "", step = "", , name = ""] = pathspec.split("/");
    const metaflow = await this.#services.session.get();
    const { items } = await withProgress(t("Reading {0}", flow), async (io) =>
      (await metaflow.flow(flow, io)).page({ limit: RUNS }, io),
    );
    const choices = items
      .filter((other) => other.id !== run)
      .map((other) => ({
        label: other.id,
        description: other.startedAt.toLocaleString(vscode.env.language),
        detail: [...other.userTags].join(", "),
        run: other,
      }));
    if (choices.length === 0) throw new Refusal(t("{0} has no other run to compare with.", flow));
    const chosen = await vscode.window.showQuickPick(choices, {
      title: t("Compare with Another Run"),
      placeHolder: t("The run whose {0} is compared", `${step}/…/${name}`),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (chosen === undefined) return undefined;
    const other = `${flow}/${chosen.run.id}/${step}`;
    const tasks = (await (await metaflow.step(other)).page({ limit: 2 })).items;
    const [task] = tasks;
    if (task !== undefined && tasks.length === 1)
      return { kind: "artifact", pathspec: `${task.pathspec}/${name}` };
    return pickTarget(this.#services, {
      title: t("Compare with Another Run"),
      kinds: ["artifact"],
      start: other,
    });
  }
}

function runOf(pathspec: string): string {
  return pathspec.split("/")[1] ?? pathspec;
}
