import * as vscode from "vscode";
import type { Row } from "./row.ts";
import { FlowRow } from "./rows/flow.ts";

const SEEN = "badge.seenUntil";

/** The number on the container's icon: runs that run, and runs that failed since the person last looked. */
export class Badge {
  readonly #view: vscode.TreeView<Row>;
  readonly #memory: vscode.Memento;
  #seenUntil: number;

  constructor(view: vscode.TreeView<Row>, memory: vscode.Memento) {
    this.#view = view;
    this.#memory = memory;
    this.#seenUntil = memory.get<number>(SEEN) ?? Date.now();
  }

  /** What was on the screen is no news any more. */
  seen(): void {
    this.#seenUntil = Date.now();
    void this.#memory.update(SEEN, this.#seenUntil);
  }

  /** Counts the runs that are known; reads nothing. */
  update(rows: Iterable<Row>): void {
    let running = 0;
    let failed = 0;
    for (const row of rows) {
      if (!(row instanceof FlowRow)) continue;
      for (const { state, since } of row.states.values()) {
        if (state === "running") running++;
        if (state === "failed" && since.getTime() > this.#seenUntil) failed++;
      }
    }
    const badge = badgeOf(running, failed);
    if (this.#view.badge?.value === badge?.value && this.#view.badge?.tooltip === badge?.tooltip) return;
    this.#view.badge = badge;
  }
}

function badgeOf(running: number, failed: number): vscode.ViewBadge | undefined {
  if (running + failed === 0) return undefined;
  const parts = [
    ...(running === 0 ? [] : [vscode.l10n.t("{0} running", running)]),
    ...(failed === 0 ? [] : [vscode.l10n.t("{0} newly failed", failed)]),
  ];
  return { value: running + failed, tooltip: parts.join(", ") };
}
