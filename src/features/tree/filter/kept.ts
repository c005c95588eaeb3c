import * as vscode from "vscode";
import { ContextKey } from "../../contextKeys.ts";
import { isEmptyFilter, NO_FILTER, type RunFilter } from "./filter.ts";
import { filterText, parseFilter } from "./syntax.ts";

const KEY = "runs.filter";

/** The filter in force, kept for this workspace until it is cleared. */
export class KeptFilter {
  readonly #memory: vscode.Memento;
  #filter: RunFilter = NO_FILTER;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#take(memory.get<string>(KEY) ?? "");
  }

  get current(): RunFilter {
    return this.#filter;
  }

  /** As it would be typed; empty when there is none. */
  get text(): string {
    return filterText(this.#filter);
  }

  async set(text: string): Promise<void> {
    this.#take(text);
    await this.#memory.update(KEY, this.text === "" ? undefined : this.text);
  }

  #take(text: string): void {
    this.#filter = parseFilter(text).filter;
    void vscode.commands.executeCommand("setContext", ContextKey.Filtered, !isEmptyFilter(this.#filter));
  }
}
