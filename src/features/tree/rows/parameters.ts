import type { IoOptions } from "../../../base/io.ts";
import type { Run } from "../../../client/index.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { PARAMETERS, parametersOf, parametersTask } from "../filter/parameters.ts";
import { oneLine } from "../format.ts";
import { loadArtifacts } from "../load/task.ts";
import { Row, joined, type Folding, type Look } from "../row.ts";
import type { Source } from "../source.ts";
import { ArtifactRow } from "./artifact.ts";

/** What a run was started with: its parameters and the flow's other constants. */
export class ParametersRow extends Row {
  readonly kind = "parameters";
  #values: readonly (readonly [name: string, value: string])[];
  readonly #load: (row: Row, io: IoOptions) => Promise<readonly Row[]>;

  private constructor(parent: Row, step: string, load: (row: Row, io: IoOptions) => Promise<readonly Row[]>) {
    super(`parameters:${parent.id}`, parent, { kind: "step", pathspec: step });
    this.#values = [];
    this.#load = load;
  }

  /** The row of a run's parameters; `undefined` when it has none. */
  static async of(parent: Row, run: Run, source: Source, io: IoOptions): Promise<ParametersRow | undefined> {
    const step = `${run.pathspec}/${PARAMETERS}`;
    const load = async (row: Row, loadIo: IoOptions): Promise<readonly Row[]> => {
      const task = await parametersTask(run, loadIo);
      return task === undefined ? [] : loadArtifacts(row, task, await parametersOf(task, loadIo), loadIo);
    };
    const row = new ParametersRow(parent, step, load);
    try {
      await row.update(io);
    } catch (error) {
      // The steps are there even where the parameters cannot be read; opening the row says why.
      if (io.signal?.aborted === true) throw error;
      source.note(row, error);
      return row;
    }
    return row.#values.length === 0 ? undefined : row;
  }

  override get folding(): Folding {
    return "closed";
  }

  override look(): Look {
    const description = oneLine(
      this.#values.map(([name, text]) => (text === "" ? name : `${name} = ${text}`)).join(", "),
      200,
    );
    return {
      label: t("Parameters"),
      description,
      icon: { id: "settings" },
      contextValue: contextValueOf(this.kind),
      spoken: joined([t("Parameters"), description], ", "),
    };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    return this.#load(this, io);
  }

  override async update(io: IoOptions): Promise<void> {
    const rows = (await this.#load(this, io)).filter((row) => row instanceof ArtifactRow);
    this.#values = rows.map((row) => [row.name, row.text]);
  }

  override adopt(newer: Row): boolean {
    if (newer instanceof ParametersRow) this.#values = newer.#values;
    return false;
  }
}
