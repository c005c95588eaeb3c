import * as vscode from "vscode";
import { serviceException } from "../outOfReach.ts";
import { hostOf } from "../serviceKeys.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import type { Row } from "./row.ts";
import { StateRow } from "./rows/state.ts";
import { VIEW } from "./view.ts";

/** How often the age of what is shown is painted anew. */
const AGE_MS = 10_000;

/** The row that tells of a service that is away, as long as it is. */
export class OutageView implements vscode.Disposable {
  readonly #services: Services;
  readonly #root: Row;
  readonly #repaint: (row: Row) => void;
  readonly #following: vscode.Disposable;
  #row: StateRow | undefined;
  #aging: NodeJS.Timeout | undefined;

  constructor(services: Services, root: Row, repaint: (row: Row) => void) {
    this.#services = services;
    this.#root = root;
    this.#repaint = repaint;
    this.#following = services.keys.onDidChange(() => void this.#onKey());
  }

  /** The row as things stand; `undefined` while nothing is known to be away. */
  async row(): Promise<StateRow | undefined> {
    const { keys, reach } = this.#services;
    const { away } = reach;
    if (away === undefined) {
      this.#row = undefined;
      clearInterval(this.#aging);
      this.#aging = undefined;
      return undefined;
    }
    const url = serviceException(away.error)?.context.store;
    const hasKey = url !== undefined && (await keys.get(url)) !== undefined;
    const service = url === undefined ? t("The metadata service") : hostOf(url);
    const outage = { away, service, hasKey };
    if (this.#row === undefined) this.#row = new StateRow(this.#root, outage);
    else this.#row.outage = outage;
    this.#aging ??= setInterval(() => {
      if (this.#row !== undefined) this.#repaint(this.#row);
    }, AGE_MS);
    return this.#row;
  }

  /** Asks the service whether it is back, with the view's own bar to wait for it. */
  async retry(): Promise<void> {
    const { reach } = this.#services;
    await vscode.window.withProgress({ location: { viewId: VIEW } }, async () => reach.retry());
    await this.#update();
  }

  /** A key that was set, maybe in another window, may be the one that was wanted. */
  async #onKey(): Promise<void> {
    await this.#update();
    if (this.#services.reach.away?.why === "forbidden") await this.#services.reach.retry();
  }

  async #update(): Promise<void> {
    if (this.#row === undefined) return;
    const row = await this.row();
    if (row !== undefined) this.#repaint(row);
  }

  dispose(): void {
    this.#following.dispose();
    clearInterval(this.#aging);
  }
}
