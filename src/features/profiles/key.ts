import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { Refusal, remedy } from "../problems.ts";
import { hostOf, serviceUrl } from "../serviceKeys.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import { serviceException } from "../outOfReach.ts";

/** Asks for the key of the service that is read, keeps it, and reads again. */
export async function setKey(services: Services): Promise<void> {
  const url = await serviceInUse(services);
  const key = await askForKey(url, (await services.keys.get(url)) !== undefined);
  if (key === undefined) return;
  await services.keys.set(url, key);
  const { reach, session } = services;
  // A session that is not refused reads on by the key that it has.
  if (reach.away === undefined) session.reopen();
  else await reach.retry();
  if (reach.away?.why !== "forbidden") return;
  throw new Refusal(t("{0} refuses this key, too.", hostOf(url)), [remedy(t("Set Key…"), Command.SetKey)]);
}

/** Removes the key of the service that is read. */
export async function forgetKey(services: Services): Promise<void> {
  const url = await serviceInUse(services);
  if ((await services.keys.get(url)) === undefined) {
    throw new Refusal(t("No key is kept for {0}.", hostOf(url)), [], { severity: "information" });
  }
  await services.keys.forget(url);
  // What is open goes on with the key that it has.
  services.session.reopen();
  void vscode.window.showInformationMessage(t("The key of {0} is forgotten.", hostOf(url)));
}

/** Asks for a key; `undefined` when the person went away. Nobody sees what is typed. */
export async function askForKey(url: string, replaces: boolean): Promise<string | undefined> {
  const key = await vscode.window.showInputBox({
    title: t("Key of {0}", hostOf(url)),
    prompt: replaces
      ? t("In place of the key that is kept. It is sent to {0} alone.", hostOf(url))
      : t("Kept in the editor's store of secrets, and sent to {0} alone.", hostOf(url)),
    password: true,
    ignoreFocusOut: true,
  });
  const typed = key?.trim();
  return typed === "" ? undefined : typed;
}

/** The address of the service that is read, or would be. */
async function serviceInUse({ session, reach }: Services): Promise<string> {
  const open = session.current && serviceUrl(session.current.metadata);
  const refused = reach.away && serviceException(reach.away.error)?.context.store;
  const { source } = await session.findPlace();
  const url = open ?? refused ?? serviceUrl(source.metadata ?? "");
  if (url === undefined)
    throw new Refusal(t("What is shown is not read from a metadata service: it needs no key."), [], {
      severity: "information",
    });
  return url;
}
