import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { withProgress } from "../progress.ts";
import { onCommand, Refusal, remedy, type Services } from "../services.ts";
import { subjectsOf } from "../subject.ts";
import { t } from "../text.ts";
import { editTags, type EditResult } from "./edit.ts";
import { pickTags, type TagQuestion } from "./pick.ts";
import { isSystemTag, tagCounts, type TagChange } from "./plan.ts";
import { subject } from "./words.ts";

type Verb = "add" | "remove" | "replace";

const LOOKED_AT = 100;
const TITLES = {
  add: () => t("Add Tags to Run"),
  remove: () => t("Remove Tags from Run"),
  replace: () => t("Replace Tags of Run"),
} as const satisfies Record<Verb, () => string>;

/** Adding, removing and replacing tags of runs, from the palette, the sidebar and key bindings. */
export function register(services: Services): vscode.Disposable {
  const edit =
    (verb: Verb) =>
    async (...args: unknown[]) =>
      run(services, verb, args);
  return vscode.Disposable.from(
    onCommand(services, Command.AddTags, edit("add")),
    onCommand(services, Command.RemoveTags, edit("remove")),
    onCommand(services, Command.ReplaceTags, edit("replace")),
  );
}

/**
 * What a key binding or another feature may give, each part optional: `{ "runs": ["F/1"], "add": ["good"], "remove": ["bad"] }`.
 * What is missing is asked for.
 */
interface Given {
  readonly runs?: readonly string[] | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

async function run(
  services: Services,
  verb: Verb,
  args: readonly unknown[],
): Promise<EditResult | undefined> {
  const given = givenBy(args[0]);
  const pathspecs = given?.runs ?? (await runsOf(services, verb, given === undefined ? args : []));
  const change = given && complete(verb, given) ? changeOf(given) : await ask(services, verb, pathspecs);
  return change && editTags(services, pathspecs, change);
}

async function runsOf(services: Services, verb: Verb, args: readonly unknown[]): Promise<readonly string[]> {
  const runs = await subjectsOf(services, args, { title: TITLES[verb](), kinds: ["run"] });
  return runs.map((target) => target.pathspec);
}

async function ask(
  services: Services,
  verb: Verb,
  pathspecs: readonly string[],
): Promise<TagChange | undefined> {
  const { runs, seen } = await withProgress(t("Reading tags"), async (io) => {
    const metaflow = await services.session.everywhere();
    const read = await Promise.all(pathspecs.map(async (pathspec) => metaflow.run(pathspec, io)));
    // Whoever tags a run has most likely used the tag on one before it.
    for (const flow of new Set(pathspecs.map((pathspec) => pathspec.split("/")[0] ?? ""))) {
      await (await metaflow.flow(flow, io)).page({ limit: LOOKED_AT }, io);
    }
    return {
      runs: read,
      seen: new Set([...(await services.session.get()).tagsSeen(), ...metaflow.tagsSeen()]),
    };
  });
  const who = subject(runs);
  const counts = tagCounts(runs);
  const own = counts.map(({ tag, count }) => ({
    tag,
    ...(runs.length === 1 ? {} : { description: t("on {0} of {1} runs", count, runs.length) }),
  }));
  if (verb !== "add" && own.length === 0) {
    const add = remedy(t("Add Tags…"), Command.AddTags, { runs: pathspecs });
    throw new Refusal(t("{0} has no tags that could be removed.", who), [add], { severity: "information" });
  }
  const onAll = new Set(counts.filter(({ count }) => count === runs.length).map(({ tag }) => tag));
  const others = [...seen]
    .sort()
    .filter((tag) => !onAll.has(tag) && !isSystemTag(tag))
    .map((tag) => ({ tag }));

  const adding = (step?: TagQuestion["step"]): TagQuestion => ({
    title: verb === "add" ? t("Add Tags to {0}", who) : t("Replace Tags of {0} by…", who),
    placeholder: t("Tick tags, or type a new one"),
    offered: others,
    mayCreate: true,
    ...(step && { step }),
  });
  const removing = (step?: TagQuestion["step"]): TagQuestion => ({
    title: verb === "remove" ? t("Remove Tags from {0}", who) : t("Replace Which Tags of {0}?", who),
    placeholder: verb === "remove" ? t("Tick the tags to remove") : t("Tick the tags to replace"),
    offered: own,
    mayCreate: false,
    ...(step && { step }),
  });
  if (verb === "add") return withAnswers([], await pickTags(adding()));
  if (verb === "remove") return withAnswers(await pickTags(removing()), []);
  const remove = await pickTags(removing({ at: 1, of: 2 }));
  return remove && withAnswers(remove, await pickTags(adding({ at: 2, of: 2 })));
}

function withAnswers(
  remove: readonly string[] | undefined,
  add: readonly string[] | undefined,
): TagChange | undefined {
  return remove && add && { remove, add };
}

function complete(verb: Verb, given: Given): boolean {
  if (verb === "add") return given.add !== undefined;
  if (verb === "remove") return given.remove !== undefined;
  return given.add !== undefined && given.remove !== undefined;
}

function changeOf(given: Given): TagChange {
  return { remove: given.remove ?? [], add: given.add ?? [] };
}

function givenBy(value: unknown): Given | undefined {
  if (typeof value !== "object" || value === null || "pathspec" in value || "target" in value)
    return undefined;
  const [runs, add, remove] = [texts(value, "runs"), texts(value, "add"), texts(value, "remove")];
  return runs === undefined && add === undefined && remove === undefined ? undefined : { runs, add, remove };
}

function texts(value: object, key: string): readonly string[] | undefined {
  const found: unknown = (value as Record<string, unknown>)[key];
  return Array.isArray(found) && found.every((each) => typeof each === "string") ? found : undefined;
}
