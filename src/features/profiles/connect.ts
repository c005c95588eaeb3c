import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { awayText } from "../errorText.ts";
import { whyAway } from "../outOfReach.ts";
import { Refusal, remedy } from "../problems.ts";
import { withProgress } from "../progress.ts";
import { hostOf } from "../serviceKeys.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import { askForKey } from "./key.ts";
import { addressProblem } from "./words.ts";

const LAST = "service.lastAddress";

/** Reads from a service by its address from then on, asking for a key where it wants one. An address as argument asks nobody for it. */
export async function connect(services: Services, given: unknown): Promise<void> {
  const url = typeof given === "string" ? given : await askForAddress(services);
  if (url === undefined) return;
  if (addressProblem(url) !== undefined) throw new Refusal(addressProblem(url) ?? "");
  const address = url.trim().replace(/\/+$/, "");
  await services.context.globalState.update(LAST, address);
  if (!(await answers(services, address))) return;
  await services.session.choose({ kind: "address", url: address });
  await vscode.commands.executeCommand("metaflow.runs.focus");
}

/** Whether the service answers, if need be with a key that is asked for. Throws a refusal with ways out where it does not. */
async function answers({ keys, session }: Services, url: string): Promise<boolean> {
  const kept = await keys.get(url);
  for (let replaces = kept !== undefined; ; replaces = true) {
    const failure = await withProgress(t("Connecting to {0}", hostOf(url)), async ({ signal }) =>
      session.tryOut({ kind: "address", url }, { signal }).then(
        () => undefined,
        (error: unknown) => ({ error }),
      ),
    );
    if (failure === undefined) return true;
    const why = whyAway(failure.error);
    if (why === undefined) throw failure.error;
    if (why !== "forbidden") {
      throw new Refusal(
        awayText(why, failure.error),
        [
          remedy(t("Try Again"), Command.ConnectService, url),
          remedy(t("Other Address…"), Command.ConnectService),
        ],
        { severity: "error", cause: failure.error },
      );
    }
    const key = await askForKey(url, replaces);
    if (key === undefined) {
      // What was typed is of no use to anybody.
      if (kept === undefined) await keys.forget(url);
      else await keys.set(url, kept);
      return false;
    }
    await keys.set(url, key);
  }
}

async function askForAddress({ context }: Services): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: t("Connect to a Metadata Service"),
    prompt: t("Address of the service, as METAFLOW_SERVICE_URL"),
    placeHolder: "https://metadata.example.org",
    value: context.globalState.get<string>(LAST, ""),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? undefined : addressProblem(text)),
  });
}
