import * as vscode from "vscode";
import { MAX_TAG_LENGTH } from "../../client/tags.ts";
import { t } from "../text.ts";
import { problemOfTag, type TagProblem } from "./plan.ts";
import { wordsOf } from "./words.ts";

/** What the picker of tags offers. */
export interface TagQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** Known tags, in the order in which they are shown. */
  readonly offered: readonly { readonly tag: string; readonly description?: string }[];
  /** Whether a tag that is not known yet may be typed. */
  readonly mayCreate: boolean;
  /** Says what is still to come: `2` of `2`. */
  readonly step?: { readonly at: number; readonly of: number };
}

interface TagItem extends vscode.QuickPickItem {
  readonly tag: string;
}

/**
 * Asks for tags: several may be ticked, one may be typed. Enter takes what is ticked and, while something is typed, the row that the arrow
 * keys went to, else exactly what is typed: never a tag that only resembles it.
 * `undefined` when the person went away.
 */
export async function pickTags(question: TagQuestion): Promise<readonly string[] | undefined> {
  const pick = vscode.window.createQuickPick<TagItem>();
  const known = question.offered.map(({ tag, description }): TagItem => ({
    tag,
    label: `$(tag) ${oneLine(tag)}`,
    ...(description === undefined ? {} : { description }),
  }));
  const created: TagItem[] = [];
  pick.title = question.title;
  pick.placeholder = question.placeholder;
  pick.canSelectMany = true;
  pick.matchOnDescription = false;
  pick.ignoreFocusOut = false;
  if (question.step !== undefined) {
    pick.step = question.step.at;
    pick.totalSteps = question.step.of;
  }
  pick.items = known;

  const offerTyped = (): void => {
    const typed = pick.value.trim();
    const chosen = pick.selectedItems;
    const isKnown = [...known, ...created].some((item) => item.tag === typed);
    const mine = created.filter((item) => chosen.includes(item));
    const fresh = typed === "" || isKnown || !question.mayCreate ? [] : [typedItem(typed)];
    const rows = [...fresh, ...mine, ...known];
    // Setting the rows forgets the ticks and the focus: only where they differ.
    if (rows.length === pick.items.length && rows.every((row, index) => row.tag === pick.items[index]?.tag))
      return;
    pick.items = rows;
    pick.selectedItems = chosen;
  };

  return new Promise((resolve) => {
    const done = (tags: readonly string[] | undefined): void => {
      resolve(tags);
      pick.dispose();
    };
    pick.onDidChangeValue(offerTyped);
    pick.onDidChangeSelection((items) => {
      for (const item of items) if (!known.includes(item) && !created.includes(item)) created.push(item);
    });
    pick.onDidAccept(() => {
      const typed = pick.value.trim();
      const literal = pick.items.filter((item) => item.tag === typed);
      const meant = typed === "" ? [] : [...pick.activeItems, ...literal].slice(0, 1);
      const tags = new Set([...pick.selectedItems, ...meant].map((item) => item.tag));
      if (tags.size > 0) done([...tags]);
    });
    pick.onDidHide(() => {
      done(undefined);
    });
    pick.show();
  });
}

function typedItem(tag: string): TagItem {
  const problem = problemOfTag(tag);
  return problem === undefined
    ? { tag, label: `$(add) ${oneLine(tag)}`, description: t("new tag, Enter adds it"), alwaysShow: true }
    : { tag, label: `$(error) ${oneLine(tag)}`, detail: whatIsWrong(problem), alwaysShow: true };
}

/** The tag itself is in the row already, and would take the place of its fault. */
function whatIsWrong(problem: TagProblem): string {
  return problem.kind === "too-long"
    ? t("{0} characters, Metaflow's limit is {1}", problem.length, MAX_TAG_LENGTH)
    : wordsOf(problem);
}

/** Labels read `$(name)` as an icon and show one line. */
function oneLine(tag: string): string {
  return tag.replace(/\s+/g, " ").replace(/\$\(/g, "$\u200b(");
}
