import type { Changes, Metaflow } from "../../client/index.ts";
import type { FlowRow } from "./rows/flow.ts";

/** How often flows with running runs are looked at while the view is hidden. */
const LOOK_MS = 15_000;
const GATHER_MS = 1_000;

/**
 * Keeps the badge true while the view is hidden, for the badge is all that is shown then: nothing is read until a run starts, and while
 * none runs.
 */
export class Background {
  readonly #abort = new AbortController();
  readonly #flows: () => readonly FlowRow[];
  readonly #onChange: () => void;
  readonly #note: (error: unknown) => void;
  readonly #changes: Changes;
  readonly #timer: NodeJS.Timeout;
  readonly #pending = new Set<string>();
  #gathering: NodeJS.Timeout | undefined;

  /** @param onChange is called when a flow was looked at */
  constructor(
    metaflow: Metaflow,
    flows: () => readonly FlowRow[],
    onChange: () => void,
    note: (error: unknown) => void,
  ) {
    this.#flows = flows;
    this.#onChange = onChange;
    this.#note = note;
    this.#changes = metaflow.watch("", { signal: this.#abort.signal });
    void this.#follow();
    this.#timer = setInterval(() => {
      void this.#look(this.#flows().filter((flow) => flow.running > 0));
    }, LOOK_MS);
  }

  dispose(): void {
    this.#abort.abort();
    this.#changes.dispose();
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
  }

  async #follow(): Promise<void> {
    for await (const { pathspec } of this.#changes) {
      this.#pending.add(pathspec.split("/")[0] ?? "");
      this.#gathering ??= setTimeout(() => {
        this.#gathering = undefined;
        const names = new Set(this.#pending);
        this.#pending.clear();
        void this.#look(this.#flows().filter((flow) => names.has(flow.name)));
      }, GATHER_MS);
    }
  }

  async #look(flows: readonly FlowRow[]): Promise<void> {
    try {
      await Promise.all(flows.map(async (flow) => flow.glance({ signal: this.#abort.signal })));
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#note(error);
      return;
    }
    if (!this.#abort.signal.aborted && flows.length > 0) this.#onChange();
  }
}
