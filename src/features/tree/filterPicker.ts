import * as vscode from "vscode";
import type { Metaflow } from "../../client/index.ts";
import { FILTER_STATES, parseFilter, quoteIfNeeded } from "./filter.ts";

/** Words that complete the one that is being typed, at most so many. */
const MOST_PROPOSALS = 50;

interface Proposal extends vscode.QuickPickItem {
  /** The whole filter with this word in it; `undefined`: the filter as it was typed. */
  readonly whole: string | undefined;
}

/**
 * Asks for a filter, with what was observed so far as completion. Gives its text, empty for none; `undefined` when the person
 * gave up.
 */
export async function pickFilter(
  current: string,
  metaflow: Metaflow | undefined,
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<Proposal>();
  picker.title = vscode.l10n.t("Filter Runs");
  picker.placeholder = vscode.l10n.t(
    "user:alice status:failed tag:nightly, or part of a flow, an id or a tag",
  );
  picker.value = current;
  picker.ignoreFocusOut = false;
  const words = wordsOf(metaflow);
  const propose = (): void => {
    picker.items = proposals(picker.value, words);
  };
  propose();
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
      picker.dispose();
      resolve(answer);
    });
    picker.show();
  });
}

function proposals(value: string, words: readonly Word[]): Proposal[] {
  const cut = value.search(/\S*$/);
  const before = value.slice(0, cut);
  const last = value.slice(cut).toLowerCase();
  const { problem } = parseFilter(value);
  const asTyped: Proposal = { ...lookOf(value.trim(), problem), alwaysShow: true, whole: undefined };
  const matching = words
    .filter(({ text }) => text.toLowerCase().includes(last) && text.toLowerCase() !== last)
    .slice(0, MOST_PROPOSALS);
  const completions = matching.map(({ text, what }): Proposal => {
    return { label: text, description: what, alwaysShow: true, whole: `${before}${text} ` };
  });
  // What cannot be taken as it is needs completing first.
  return problem === undefined ? [asTyped, ...completions] : [...completions, asTyped];
}

/** How the filter as it was typed is shown. */
function lookOf(typed: string, problem: string | undefined): vscode.QuickPickItem {
  // VS Code sorts rows whose label holds what was typed to the top: a problem must not, so that Enter takes a completion.
  if (problem !== undefined) {
    return { label: vscode.l10n.t("$(warning) This filter cannot be used yet"), detail: problem };
  }
  if (typed === "") return { label: vscode.l10n.t("$(clear-all) Show all runs") };
  return { label: `$(filter) ${typed}`, description: vscode.l10n.t("Enter shows these runs") };
}

interface Word {
  readonly text: string;
  readonly what: string;
}

function wordsOf(metaflow: Metaflow | undefined): readonly Word[] {
  const seen = metaflow?.tagsSeen();
  const states = FILTER_STATES.map((state) => ({ text: `status:${state}`, what: "" }));
  if (seen === undefined) return states;
  const users = seen.users.map((user) => ({ text: `user:${quoteIfNeeded(user)}`, what: "" }));
  const projects = seen.projects.map((project) => ({ text: `project:${quoteIfNeeded(project)}`, what: "" }));
  const own = seen.tags
    .filter((tag) => !/^[a-z_]+:/.test(tag))
    .map((tag) => ({ text: `tag:${quoteIfNeeded(tag)}`, what: "" }));
  return [...states, ...users, ...own, ...projects];
}
