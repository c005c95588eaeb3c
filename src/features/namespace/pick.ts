import * as vscode from "vscode";
import type { IoOptions } from "../../base/io.ts";
import type { Metaflow } from "../../client/index.ts";
import { isCancelled, logProblem } from "../problems.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import { namespaceLabel } from "../namespaceLabel.ts";
import { groupTitle, namespaceChoices, type NamespaceGroup } from "./choices.ts";

/** A namespace that was chosen; `namespace: null` is the global one. */
export interface Chosen {
  readonly namespace: string | null;
}

type Item = vscode.QuickPickItem & { readonly chosen?: Chosen };

// Of each flow; people and projects that left no run among these can be typed.
const RUNS_LOOKED_AT = 100;
const ICONS = {
  user: "account",
  production: "rocket",
  project: "project",
  branch: "git-branch",
  tag: "tag",
} as const satisfies Record<NamespaceGroup, string>;

/** Asks for a namespace among those observed; any other may be typed. `undefined` when the person went away. */
export async function pickNamespace(services: Services): Promise<Chosen | undefined> {
  const metaflow = await services.session.get();
  const looking = new AbortController();
  const pick = vscode.window.createQuickPick<Item>();
  let known = itemsOf(metaflow, metaflow.tagsSeen());
  const show = (): void => {
    const typed = pick.value.trim();
    const active = pick.activeItems[0]?.chosen;
    pick.items =
      typed === "" || known.some((item) => item.chosen?.namespace === typed)
        ? known
        : [...known, ...typedItems(typed)];
    const same = pick.items.filter(
      (item) => item.chosen !== undefined && item.chosen.namespace === active?.namespace,
    );
    if (active !== undefined && typed === "") pick.activeItems = same.slice(0, 1);
  };
  pick.title = t("Switch Namespace");
  pick.placeholder = t("Only runs that have this tag are shown. Choose one, or type any tag");
  pick.items = known;
  pick.activeItems = known.filter((item) => item.chosen?.namespace === metaflow.namespace).slice(0, 1);
  pick.busy = true;
  void lookAround(services, metaflow, { signal: looking.signal })
    .then((seen) => {
      known = itemsOf(metaflow, seen);
      show();
    })
    .catch((error: unknown) => {
      if (!isCancelled(error)) logProblem(services.log, error);
    })
    .finally(() => {
      if (!looking.signal.aborted) pick.busy = false;
    });
  return new Promise((resolve) => {
    const done = (chosen: Chosen | undefined): void => {
      resolve(chosen);
      looking.abort();
      pick.dispose();
    };
    pick.onDidChangeValue(show);
    pick.onDidAccept(() => {
      const typed = pick.value.trim();
      // Enter may come before the row for what was typed has been drawn.
      const chosen = pick.selectedItems[0]?.chosen ?? (typed === "" ? undefined : { namespace: typed });
      if (chosen) done(chosen);
    });
    pick.onDidHide(() => {
      done(undefined);
    });
    pick.show();
  });
}

/** The tags of the newest runs of all flows, in every namespace. */
async function lookAround(services: Services, metaflow: Metaflow, io: IoOptions): Promise<Iterable<string>> {
  const all = await services.session.everywhere();
  for await (const flow of all.flows(io)) await flow.page({ limit: RUNS_LOOKED_AT }, io);
  return new Set([...metaflow.tagsSeen(), ...all.tagsSeen()]);
}

function itemsOf(metaflow: Metaflow, seen: Iterable<string>): readonly Item[] {
  const own = defaultOf(metaflow);
  const current = metaflow.namespace;
  const item = (namespace: string | null, icon: string, remark?: string): Item => {
    const remarks = [
      ...(namespace === current ? [t("current")] : []),
      ...(remark === undefined ? [] : [remark]),
    ];
    return {
      label: `$(${icon}) ${namespaceLabel(namespace)}`,
      ...(remarks.length === 0 ? {} : { description: remarks.join(", ") }),
      chosen: { namespace },
    };
  };
  const groups = namespaceChoices(seen);
  const first = [item(null, "globe", t("every run"))];
  if (own !== undefined) first.push(item(own, "account", t("Metaflow's default here")));
  const observed = new Set<string | null>([
    null,
    own ?? null,
    ...groups.flatMap(({ namespaces }) => namespaces),
  ]);
  if (!observed.has(current)) first.push(item(current, "tag"));
  const rest = groups.flatMap(({ group, namespaces }): readonly Item[] => {
    const others = namespaces.filter((each) => each !== own);
    if (others.length === 0) return [];
    const separator = { label: groupTitle(group), kind: vscode.QuickPickItemKind.Separator };
    return [separator, ...others.map((each) => item(each, ICONS[group]))];
  });
  return [...first, ...rest];
}

function typedItems(typed: string): readonly Item[] {
  return [
    { label: t("not observed yet"), kind: vscode.QuickPickItemKind.Separator },
    { label: `$(edit) ${typed}`, description: t("as typed"), alwaysShow: true, chosen: { namespace: typed } },
  ];
}

// Without a user name in the environment Metaflow has no default namespace.
function defaultOf(metaflow: Metaflow): string | undefined {
  try {
    return metaflow.defaultNamespace;
  } catch {
    return undefined;
  }
}
