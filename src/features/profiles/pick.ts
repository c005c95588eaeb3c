import * as vscode from "vscode";
import type { Profile } from "../../client/index.ts";
import { Command, type CommandId } from "../commands.ts";
import { namespaceLabel } from "../namespaceLabel.ts";
import { Refusal } from "../problems.ts";
import type { Services } from "../services.ts";
import type { Choice } from "../sessionPlace.ts";
import { t } from "../text.ts";
import { localFolders } from "../workspaceFolders.ts";
import { profileName, profileText } from "./words.ts";

type Item = vscode.QuickPickItem & {
  readonly choice?: Choice;
  /** For what has to be asked first. */
  readonly command?: CommandId;
  readonly problem?: Profile["problem"];
};

/** Asks which of the two that the status bar shows is to be switched, or what can be done about a service that is away. */
export async function switchSession({ session, reach }: Services): Promise<void> {
  const { current, place } = session;
  const items: readonly Item[] = [
    ...(reach.away?.why === "forbidden" ? [{ label: t("$(key) Set Key…"), command: Command.SetKey }] : []),
    ...(reach.away === undefined ? [] : [{ label: t("$(refresh) Retry"), command: Command.RefreshView }]),
    item(t("$(server) Switch Profile…"), Command.SwitchProfile, place?.label),
    ...(current === undefined
      ? []
      : [item(t("$(account) Switch Namespace…"), Command.PickNamespace, namespaceLabel(current.namespace))]),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: t("Metaflow") });
  if (picked?.command !== undefined) await vscode.commands.executeCommand(picked.command);
}

/** Reads by another profile, folder or service from then on, without a reload; a name as argument asks nobody. */
export async function switchProfile(services: Services, given: unknown): Promise<void> {
  if (typeof given === "string") return use(services, { kind: "profile", name: given });
  const { listProfiles } = await import("../../client/profiles.ts");
  const trusted = vscode.workspace.isTrusted;
  const cwd = trusted ? localFolders()[0] : undefined;
  const profiles = await listProfiles({ ...(cwd !== undefined && { cwd }), project: trusted });
  const picked = await vscode.window.showQuickPick(itemsOf(services, profiles), {
    title: t("Switch Profile"),
    placeHolder: t("Where shall runs be read from in this workspace?"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  if (picked.problem !== undefined) {
    throw new Refusal(picked.problem.message, [], { severity: "error", cause: picked.problem });
  }
  if (picked.command !== undefined) await vscode.commands.executeCommand(picked.command);
  if (picked.choice !== undefined) await use(services, picked.choice);
}

async function use({ session }: Services, choice: Choice): Promise<void> {
  await session.choose(choice);
  await vscode.commands.executeCommand("metaflow.runs.focus");
}

function itemsOf({ session }: Services, profiles: readonly Profile[]): readonly Item[] {
  const chosen = session.choice;
  const isCurrent = (choice: Choice): boolean => JSON.stringify(choice) === JSON.stringify(chosen);
  const current = t("current");
  const choosing = (label: string, choice: Choice, detail?: string): Item => ({
    label,
    choice,
    ...(isCurrent(choice) && { description: current }),
    ...(detail !== undefined && { detail }),
  });
  const kept = chosen.kind === "folder" || chosen.kind === "address" ? [chosen] : [];
  return [
    choosing(
      t("$(search) Automatic"),
      { kind: "automatic" },
      t("the nearest .metaflow folder, else the service that Metaflow's configuration names"),
    ),
    ...kept.map((choice) =>
      choice.kind === "folder"
        ? choosing(`$(folder) ${choice.root}`, choice)
        : choosing(`$(server) ${choice.url}`, choice),
    ),
    ...(profiles.length === 0 ? [] : [separator(t("profiles"))]),
    ...profiles.map((profile): Item => {
      const choice: Choice =
        profile.name === undefined ? { kind: "automatic" } : { kind: "profile", name: profile.name };
      const isBroken = profile.problem !== undefined;
      const now = profile.name !== undefined && isCurrent(choice) ? [current] : [];
      return {
        label: `$(${isBroken ? "warning" : "server"}) ${profileName(profile)}`,
        description: [...now, profile.file].join(" · "),
        detail: profileText(profile),
        ...(isBroken ? { problem: profile.problem } : { choice }),
      };
    }),
    separator(t("elsewhere")),
    item(t("$(folder-opened) Open Datastore Folder…"), Command.OpenDatastore),
    item(t("$(plug) Connect to a Metadata Service…"), Command.ConnectService),
  ];
}

function item(label: string, command: CommandId, description?: string): Item {
  return { label, command, ...(description !== undefined && { description }) };
}

function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
