import * as vscode from "vscode";
import { settledWithin } from "../base/async.ts";
import type { IoOptions } from "../base/io.ts";
import { t } from "./text.ts";

// Shorter work would only make the screen flicker.
const QUIET_MS = 300;

/** Tells how far the work is: `12 of 40 runs`. */
export type Report = (message: string) => void;

/**
 * Runs work that may take a while: nothing is shown for the first 0.3 s, then a notification with Cancel.
 * Cancelling aborts the work's signal and rejects with vscode.CancellationError.
 */
export async function withProgress<T>(
  title: string,
  work: (io: Required<IoOptions>, report: Report) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let latest = "";
  let show: Report | undefined;
  const working = work({ signal: controller.signal }, (message) => {
    latest = message;
    show?.(message);
  });
  const cancelled = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener("abort", () => {
      reject(new vscode.CancellationError());
    });
  });
  cancelled.catch(() => undefined);
  const result = Promise.race([working, cancelled]);
  if (await settledWithin(QUIET_MS, result)) return result;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t("Metaflow: {0}", title), cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => {
        controller.abort();
      });
      show = (message) => {
        progress.report({ message });
      };
      if (latest !== "") show(latest);
      return result;
    },
  );
}
