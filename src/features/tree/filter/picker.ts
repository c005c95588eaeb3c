import * as vscode from "vscode";
import type { Metaflow, Run } from "../../../client/index.ts";
import { proposalsFor, type Proposal, type Word } from "./proposals.ts";
import { parseFilter } from "./syntax.ts";
import { parameterWords, wordsSeen } from "./words.ts";

type Item = vscode.QuickPickItem & Pick<Proposal, "whole">;

/**
 * Asks for a filter, with what was observed so far as completion. Gives its text, empty for none; `undefined` when the person
 * gave up.
 * @param runs those whose parameters are offered
 */
export async function pickFilter(
  current: string,
  metaflow: Metaflow | undefined,
  runs: readonly Run[],
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = vscode.l10n.t("Filter Runs");
  picker.placeholder = vscode.l10n.t(
    "user:alice status:failed tag:nightly since:7d lr>0.1, or part of a flow, an id or a tag",
  );
  picker.value = current;
  let words = wordsSeen(metaflow);
  const propose = (): void => {
    picker.items = proposalsFor(picker.value, words).map((proposal) => ({ ...proposal, alwaysShow: true }));
  };
  propose();
  const abort = new AbortController();
  return new Promise((resolve) => {
    let answer: string | undefined;
    picker.onDidChangeValue(propose);
    picker.onDidAccept(() => {
      const [chosen] = picker.selectedItems;
      if (chosen?.whole === undefined) {
        if (parseFilter(picker.value).problem !== undefined) return;
        answer = picker.value.trim();
        picker.hide();
        return;
      }
      // A completed word is followed by the next one.
      picker.value = chosen.whole;
      propose();
    });
    picker.onDidHide(() => {
      abort.abort();
      picker.dispose();
      resolve(answer);
    });
    picker.show();
    void offerParameters(picker, runs, abort.signal, (more) => {
      words = [...words, ...more];
      propose();
    });
  });
}

/** Reads the parameters of the runs while the person types already. */
async function offerParameters(
  picker: vscode.QuickPick<Item>,
  runs: readonly Run[],
  signal: AbortSignal,
  offer: (words: readonly Word[]) => void,
): Promise<void> {
  picker.busy = true;
  try {
    const words = await parameterWords(runs, { signal });
    picker.busy = false;
    offer(words);
  } catch (error) {
    // The picker was closed meanwhile.
    if (!signal.aborted) throw error;
  }
}
