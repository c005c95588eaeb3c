import type { CopyCellsParams } from "../../../protocol/copyCells.ts";
import type { OpenMenu } from "./columns.ts";
import { problemOf } from "../problem.ts";
import { say } from "../say.ts";
import type { Viewer } from "../viewer.ts";

/** The forms in which cells are copied. */
const FORMS = {
  cells: { word: "copyCells", format: "tsv", headers: false },
  headers: { word: "copyCellsHeaders", format: "tsv", headers: true },
  csv: { word: "copyCellsCsv", format: "csv", headers: true },
  markdown: { word: "copyCellsMarkdown", format: "markdown", headers: true },
  python: { word: "copyCellsPython", format: "python", headers: true },
} as const;

type CopyForm = keyof typeof FORMS;

/** Which cells are copied. */
export type CopiedPlace = Omit<CopyCellsParams, "format" | "headers" | "rowLabels">;

interface CopyContext {
  /** The selected cells. */
  readonly cells: () => CopiedPlace | undefined;
  /** Whether rows have labels: these come along with those of columns. */
  readonly hasLabels: () => boolean;
  readonly open: (menu: OpenMenu) => void;
}

/** Puts the selected cells of a grid on the clipboard. */
export class GridCopy {
  readonly #viewer: Viewer;
  readonly #context: CopyContext;

  constructor(viewer: Viewer, context: CopyContext) {
    this.#viewer = viewer;
    this.#context = context;
  }

  async copy(form: CopyForm): Promise<void> {
    const cells = this.#context.cells();
    if (cells === undefined) return;
    const { format, headers } = FORMS[form];
    const rowLabels = headers && this.#context.hasLabels();
    try {
      const { said } = await this.#viewer.copyCells({ ...cells, format, headers, rowLabels });
      this.#viewer.say(said);
    } catch (thrown) {
      this.#viewer.say(problemOf(thrown).message);
    }
  }

  /** Offers the forms. */
  openMenu(anchor: DOMRect): void {
    this.#context.open({
      anchor,
      label: say("copy"),
      items: Object.entries(FORMS).map(([id, { word }]) => ({ id, label: say(word) })),
      pick: (id) => {
        if (isForm(id)) void this.copy(id);
      },
    });
  }
}

function isForm(id: string): id is CopyForm {
  return Object.hasOwn(FORMS, id);
}
