import * as vscode from "vscode";
import { MetaflowInvalidPathspec, MetaflowNamespaceMismatch, MetaflowNotFound } from "../client/errors.ts";
import { childrenOf, type Children } from "./children.ts";
import { formOf, leadsOn, placeOf, rowsOf, type Listing, type Row } from "./completion.ts";
import { errorText } from "./errorText.ts";
import { logProblem } from "./problems.ts";
import type { Services } from "./services.ts";
import type { Target } from "./targets.ts";
import { t } from "./text.ts";

/** What a picker of Metaflow's objects asks for. */
export interface Question {
  readonly title: string;
  /** The kinds that answer it; what lies above them is opened to choose from. */
  readonly kinds: readonly Target["kind"][];
  /** Where to begin: a pathspec; empty for the flows. */
  readonly start?: string | undefined;
  /** Reads a whole reference that was pasted; `undefined` where the text is no such thing. */
  readonly paste?: (text: string) => Target | undefined;
}

type Item = vscode.QuickPickItem & { readonly row: Row };

const EMPTY: Listing = { choices: [], more: false, problems: [] };
const ICONS = {
  flow: "type-hierarchy-sub",
  run: "play-circle",
  step: "symbol-event",
  task: "symbol-method",
  artifact: "symbol-variable",
  log: "output",
} as const satisfies Record<Target["kind"], string>;

/** Asks for an object, part by part: choosing one that is not the answer yet writes it into the box and shows what lies below. */
export async function pickTarget(services: Services, question: Question): Promise<Target | undefined> {
  const session = await services.session.get();
  const pick = vscode.window.createQuickPick<Item>();
  const read = new Map<string, Children>();
  const listings = new Map<string, Listing>();
  let loading = new AbortController();
  pick.title = question.title;
  pick.placeholder = t("Type or paste a pathspec: {0}", formOf(question.kinds));

  const show = (): void => {
    const place = placeOf(pick.value);
    const pasted = question.paste?.(pick.value);
    const rows: readonly Row[] =
      pasted === undefined
        ? rowsOf(place, listings.get(place.parent) ?? EMPTY, question.kinds).filter(
            (row) => row.kind !== "problem" || listings.has(place.parent),
          )
        : [{ kind: "typed", target: pasted }];
    pick.items = rows.map((row) => itemOf(row, question));
  };
  const load = async (parent: string, more = false): Promise<void> => {
    if (listings.has(parent) && !more) return;
    loading.abort();
    const mine = (loading = new AbortController());
    pick.busy = true;
    try {
      const children = read.get(parent) ?? childrenOf(session, parent, { described: true });
      read.set(parent, children);
      const page = await children.next({ signal: mine.signal });
      const before = listings.get(parent)?.choices ?? [];
      listings.set(parent, { ...page, choices: [...before, ...page.choices] });
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!isMistyped(error)) logProblem(services.log, error);
      read.delete(parent);
      listings.set(parent, { ...EMPTY, problems: [errorText(error)] });
    }
    if (mine !== loading) return;
    pick.busy = false;
    show();
  };

  return new Promise((resolve) => {
    const done = (target: Target | undefined): void => {
      resolve(target);
      loading.abort();
      pick.dispose();
    };
    const descend = (target: Target): void => {
      pick.value = `${target.pathspec}/`;
      show();
      void load(target.pathspec);
    };
    const take = async (row: Row): Promise<void> => {
      if (row.kind === "take") done(row.target);
      else if (row.kind === "more") await load(placeOf(pick.value).parent, true);
      else if (row.kind === "child" && row.opens) descend(row.target);
      else if (row.kind === "child") done(row.target);
      else if (row.kind === "typed") {
        if (question.kinds.includes(row.target.kind)) done(row.target);
        else if (leadsOn(row.target.kind, question.kinds)) descend(row.target);
      }
    };
    pick.onDidChangeValue(() => {
      show();
      if (question.paste?.(pick.value) === undefined) void load(placeOf(pick.value).parent);
    });
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item !== undefined) void take(item.row);
    });
    pick.onDidTriggerItemButton(({ item }) => {
      if (item.row.kind === "child") done(item.row.target);
    });
    pick.onDidHide(() => {
      done(undefined);
    });
    pick.show();
    // Set once it is shown: what is in the box before that is selected, and the first letter typed would replace it.
    if (question.start !== undefined && question.start !== "") pick.value = `${question.start}/`;
    show();
    void load(placeOf(pick.value).parent);
  });
}

function itemOf(row: Row, question: Question): Item {
  switch (row.kind) {
    case "take":
      return {
        row,
        label: `$(arrow-small-right) ${row.target.pathspec}`,
        description: thisOne(row.target.kind),
        alwaysShow: true,
      };
    case "child":
      return {
        row,
        label: `$(${ICONS[row.target.kind]}) ${row.choice.id}`,
        ...(row.choice.description === undefined ? {} : { description: row.choice.description }),
        ...(row.opens && question.kinds.includes(row.target.kind)
          ? {
              buttons: [{ iconPath: new vscode.ThemeIcon("arrow-right"), tooltip: thisOne(row.target.kind) }],
            }
          : {}),
        alwaysShow: true,
      };
    case "typed":
      // VS Code moves rows up whose label has what is typed: this one stays below those that are known to exist.
      return { row, label: `$(edit) ${t("As typed")}`, description: row.target.pathspec, alwaysShow: true };
    case "more":
      return { row, label: `$(ellipsis) ${t("Load more")}`, alwaysShow: true };
    case "problem":
      return { row, label: `$(warning) ${row.message}`, alwaysShow: true };
  }
}

/** What names nothing that is seen here: the picker says so beside what is typed, and nothing is wrong that anyone would look for in the log. */
function isMistyped(error: unknown): boolean {
  return [MetaflowInvalidPathspec, MetaflowNotFound, MetaflowNamespaceMismatch].some(
    (mistake) => error instanceof mistake,
  );
}

function thisOne(kind: Target["kind"]): string {
  switch (kind) {
    case "flow":
      return t("this flow");
    case "run":
      return t("this run");
    case "step":
      return t("this step");
    case "task":
      return t("this task");
    case "artifact":
      return t("this artifact");
    case "log":
      return t("this log");
  }
}
