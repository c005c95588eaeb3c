import * as vscode from "vscode";
import type { IoOptions } from "../../base/io.ts";
import type { Metaflow } from "../../client/index.ts";
import { MetaflowNamespaceMismatch, MetaflowNotFound } from "../../client/errors.ts";
import { Command } from "../commands.ts";
import { targetAt } from "../completion.ts";
import { pickTarget } from "../pathspecPicker.ts";
import { withProgress } from "../progress.ts";
import { Refusal, remedy, type Services } from "../services.ts";
import type { Target } from "../targets.ts";
import { t } from "../text.ts";
import { lacksFlow, parseReference, type Reference } from "./parse.ts";

const ANY = ["flow", "run", "step", "task", "artifact", "log"] as const;

/** Asks for a pathspec, part by part, and goes there; called with one it asks nobody. */
export async function goTo(services: Services, given: unknown): Promise<void> {
  const reference = typeof given === "string" ? readReference(given) : undefined;
  const target =
    reference === undefined
      ? await pickTarget(services, { title: t("Go to Pathspec"), kinds: ANY, paste: pasted })
      : targetOf(reference);
  if (target === undefined) return;
  const metaflow = await services.session.get();
  const found = await withProgress(t("Looking for {0}", target.pathspec), async (io) =>
    find(metaflow, target, io),
  );
  await show(services, found);
}

/** Shows an object in the sidebar; opens an artifact or a log. */
export async function show(services: Services, target: Target): Promise<void> {
  if (target.kind === "artifact") {
    await vscode.commands.executeCommand(Command.OpenArtifact, target);
  } else if (target.kind === "log") {
    await vscode.commands.executeCommand(
      target.stream === "stdout" ? Command.OpenStdout : Command.OpenStderr,
      target,
    );
  } else {
    await services.sidebar.reveal(target, { focus: true });
  }
}

/** Checks that a target exists, and finds the flow of one that begins with a run's id. Throws a Refusal that says what to do. */
async function find(metaflow: Metaflow, target: Target, io: IoOptions): Promise<Target> {
  try {
    const known = lacksFlow(target.pathspec) ? await withFlow(metaflow, target, io) : target;
    await metaflow.object(known.pathspec, io);
    return known;
  } catch (error) {
    if (error instanceof MetaflowNamespaceMismatch) {
      const message = t("{0} is outside the namespace {1}.", target.pathspec, metaflow.namespace ?? "");
      throw new Refusal(message, [
        { title: t("Show All Namespaces"), run: async () => showEverywhere(target) },
        remedy(t("Switch Namespace…"), Command.PickNamespace),
      ]);
    }
    if (error instanceof MetaflowNotFound) {
      const message = t("{0} does not exist in {1}.", target.pathspec, metaflow.metadata);
      throw new Refusal(message, [remedy(t("Go to Pathspec…"), Command.GoToPathspec)]);
    }
    throw error;
  }
}

async function showEverywhere(target: Target): Promise<void> {
  await vscode.commands.executeCommand(Command.PickNamespace, null);
  await vscode.commands.executeCommand(Command.GoToPathspec, target.pathspec);
}

async function withFlow(metaflow: Metaflow, target: Target, io: IoOptions): Promise<Target> {
  const [run = ""] = target.pathspec.split("/");
  for await (const flow of metaflow.flows(io)) {
    const found = targetAt(`${flow.id}/${target.pathspec}`);
    if (found !== undefined && (await flow.has(run, io))) return found;
  }
  throw new MetaflowNotFound(t("No flow has a run {0}", run), { pathspec: target.pathspec });
}

/** What is no plain pathspec, which the picker completes itself. */
function pasted(text: string): Target | undefined {
  if (!/[('"`[:]/.test(text)) return undefined;
  const reference = parseReference(text);
  return reference && targetOf(reference);
}

function readReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference === undefined) throw new Refusal(t("'{0}' is no pathspec.", text));
  return reference;
}

function targetOf({ pathspec, attempt, stream }: Reference): Target | undefined {
  const extra = attempt === undefined ? {} : { attempt };
  if (stream !== undefined) return { kind: "log", pathspec, stream, ...extra };
  const target = targetAt(pathspec);
  return target && { ...target, ...extra };
}
