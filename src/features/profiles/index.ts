import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { onCommand, type Services } from "../services.ts";
import { connect } from "./connect.ts";
import { forgetKey, setKey } from "./key.ts";
import { switchProfile, switchSession } from "./pick.ts";
import { SessionStatus } from "./status.ts";

/** Where runs are read from: in the status bar, and the commands that switch it, connect to a service, keep a key for it. */
export function register(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    new SessionStatus(services),
    onCommand(services, Command.SwitchSession, async () => switchSession(services)),
    onCommand(services, Command.SwitchProfile, async (name) => switchProfile(services, name)),
    onCommand(services, Command.ConnectService, async (url) => connect(services, url)),
    onCommand(services, Command.SetKey, async () => setKey(services)),
    onCommand(services, Command.ForgetKey, async () => forgetKey(services)),
  );
}
