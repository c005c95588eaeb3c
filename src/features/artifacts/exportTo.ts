import * as vscode from "vscode";
import type { RowOrder } from "../../protocol/arrange.ts";
import type { ExportFormat } from "../../protocol/exports.ts";
import type { NodeRow } from "../../protocol/nodes.ts";
import { nameOfFacts } from "../../protocol/artifact.ts";
import { withProgress } from "../progress.ts";
import { t } from "../text.ts";
import type { ArtifactSource, FileSource } from "../../protocol/decoder.ts";
import { DEAF } from "./decoder.ts";
import type { Decoder, OpenDocument } from "./decoder.ts";

/** A whole value may take as long as its disk does. */
const EXPORT_TIMEOUT_MS = 24 * 3_600_000;

interface Form extends vscode.QuickPickItem {
  readonly format: ExportFormat;
  readonly extension: string;
  /** Whether it writes rows, of which some may be left out. */
  readonly hasRows: boolean;
}

/** What a command may be called with instead of asking. */
export interface ExportChoice {
  readonly format?: ExportFormat | undefined;
  readonly destination?: vscode.Uri | undefined;
  /** The rows that the person sees, where these are not all, or not in their own order. */
  readonly rows?: RowOrder | undefined;
}

/**
 * Writes a whole artifact, or what is in a file, to a file of a form and name that the person chooses. Gives the file's path; `undefined` where they
 * changed their mind.
 */
export async function exportArtifact(
  decoder: Decoder,
  source: ArtifactSource | FileSource,
  choice: ExportChoice,
): Promise<string | undefined> {
  let listener: Listener = () => undefined;
  const onExported: Listener = (done, total) => {
    listener(done, total);
  };
  const name = "file" in source ? source.file : source.pathspec;
  const document = await withProgress(t("Reading {0}", name), async ({ signal }) =>
    decoder.open(source, { ...DEAF, onExported }, { signal }),
  );
  try {
    return await exportDocument(document, choice, (heard) => {
      listener = heard;
    });
  } finally {
    document.close();
  }
}

type Listener = (done: number, total: number | undefined) => void;

async function exportDocument(
  document: OpenDocument,
  choice: ExportChoice,
  onExported: (listener: Listener) => void,
): Promise<string | undefined> {
  const { facts, state } = document.opened;
  const forms = formsOf(state.root);
  const form = forms.find(({ format }) => format === choice.format) ?? (await pickForm(facts.name, forms));
  const rows = form && (await rowsFor(form, choice));
  const place = rows && (choice.destination ?? (await askWhere(facts.name, form)));
  if (form === undefined || place === undefined) return undefined;
  const locale = vscode.env.language;
  const { sizeBytes, approximated } = await withProgress(
    t("Exporting {0}", nameOfFacts(facts)),
    async ({ signal }, report) => {
      onExported((done, total) => {
        report(
          total === undefined
            ? t("{0} MB written", Math.round(done / 1e6).toLocaleString(locale))
            : t("{0} of {1} rows", done.toLocaleString(locale), total.toLocaleString(locale)),
        );
      });
      const params = { format: form.format, file: place.fsPath, ...rows };
      return document.request("exportValue", params, { signal, timeoutMs: EXPORT_TIMEOUT_MS });
    },
  );
  void tell(place, sizeBytes, approximated);
  return place.fsPath;
}

async function tell(place: vscode.Uri, sizeBytes: number, approximated: number): Promise<void> {
  const size = sizeBytes.toLocaleString(vscode.env.language);
  const said =
    approximated === 0
      ? t("Exported {0} bytes to {1}.", size, place.fsPath)
      : t(
          "Exported {0} bytes to {1}; {2} values have no form in JSON and were written in the nearest one.",
          size,
          place.fsPath,
          approximated,
        );
  const show = t("Show in Folder");
  const answer = await vscode.window.showInformationMessage(said, show);
  if (answer === show) await vscode.commands.executeCommand("revealFileInOS", place);
}

/** The forms that a value can have, the likeliest first. */
function formsOf({ tabular, type, shape }: NodeRow): readonly Form[] {
  const isTable = tabular === true && (shape?.length ?? 0) <= 2;
  const rows: readonly Form[] = [
    {
      format: "csv",
      extension: "csv",
      hasRows: true,
      label: "CSV",
      description: t("text for spreadsheets and pandas.read_csv"),
    },
    {
      format: "parquet",
      extension: "parquet",
      hasRows: true,
      label: "Parquet",
      description: t("keeps types, for pandas.read_parquet and DuckDB"),
    },
  ];
  const isArray = type === "numpy.ndarray";
  // A dict of lists has its columns in JSON, as an array has its axes.
  const isLines = isTable && !isArray && type !== "dict";
  return [
    ...(isArray
      ? [
          {
            format: "npy",
            extension: "npy",
            hasRows: false,
            label: "NumPy",
            description: t("the array, for numpy.load"),
          } as const,
        ]
      : []),
    ...(isTable ? rows : []),
    {
      format: "json",
      extension: isLines ? "jsonl" : "json",
      hasRows: isLines,
      label: isLines ? "JSON Lines" : "JSON",
      description: isLines ? t("a line for each row") : t("the whole value"),
    },
    {
      format: "pickle",
      extension: "pkl",
      hasRows: false,
      label: "Pickle",
      description: t("the bytes as they were stored, unpacked"),
    },
  ];
}

/** The rows that are written: where the person sees some of them, or sees them in an order, they choose. */
async function rowsFor(
  { hasRows }: Form,
  { rows, format }: ExportChoice,
): Promise<{ readonly rows?: RowOrder } | undefined> {
  if (rows === undefined || !hasRows) return {};
  if (format !== undefined) return { rows };
  const isFiltered = rows.filter.trim() !== "";
  const shown = {
    label: isFiltered ? t("The Rows That Are Shown") : t("As Sorted"),
    detail: isFiltered ? rows.filter : t("all rows in the order that is shown"),
  };
  const all = { label: t("All Rows"), detail: t("in their own order") };
  const chosen = await vscode.window.showQuickPick([shown, all], {
    title: t("Export Artifact"),
    placeHolder: t("Which rows to write"),
  });
  return chosen === undefined ? undefined : chosen === shown ? { rows } : {};
}

async function pickForm(name: string, forms: readonly Form[]): Promise<Form | undefined> {
  return vscode.window.showQuickPick(forms, {
    title: t("Export Artifact"),
    placeHolder: t("The form to write {0} in", name),
  });
}

async function askWhere(name: string, { extension, label }: Form): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const bare = name.replace(/\.(pkl|pickle|npy)(\.gz)?$/i, "");
  return vscode.window.showSaveDialog({
    title: t("Export Artifact"),
    filters: { [label]: [extension] },
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, `${bare}.${extension}`) }),
  });
}
