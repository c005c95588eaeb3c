import * as vscode from "vscode";
import type { Copyable } from "../../protocol/artifact.ts";
import { nameOfFacts } from "../../protocol/artifact.ts";
import { CELL_FORMAT_NAMES } from "../../protocol/copyCells.ts";
import type { CopyCellsParams } from "../../protocol/copyCells.ts";
import type { NodePath } from "../../protocol/nodes.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import type { OpenDocument } from "./decoder.ts";
import { fileSnippetOf, snippetOf } from "./snippet.ts";

/** What was put on the clipboard, and a sentence that says so. */
export interface Copied {
  readonly text: string;
  readonly said: string;
}

/**
 * Puts the value at a path, or something about the artifact, on the clipboard, and says so in the status bar.
 * Rejects with code `too-large` rather than copy a part.
 */
export async function copy(
  services: Services,
  document: OpenDocument,
  what: Copyable,
  path: NodePath,
  signal?: AbortSignal,
): Promise<Copied> {
  return put(await take(services, document, what, path, signal));
}

/** Puts cells on the clipboard, and says so. Rejects with code `too-large` rather than copy a part. */
export async function copyCells(
  document: OpenDocument,
  params: CopyCellsParams,
  signal?: AbortSignal,
): Promise<Copied> {
  const copied = await document.request("copyCells", params, { signal });
  const { text, rowCount, columnCount, approximated } = copied;
  const locale = vscode.env.language;
  const size = `${rowCount.toLocaleString(locale)} × ${columnCount.toLocaleString(locale)}`;
  const format = CELL_FORMAT_NAMES[params.format];
  const said =
    approximated === 0
      ? t("Copied {0} cells as {1}", size, format)
      : t("Copied {0} cells as {1}; {2} were written as text", size, format, approximated);
  return put({ text, said });
}

async function put(copied: Copied): Promise<Copied> {
  await vscode.env.clipboard.writeText(copied.text);
  vscode.window.setStatusBarMessage(`$(copy) ${copied.said}`, 4000);
  return copied;
}

async function take(
  services: Services,
  document: OpenDocument,
  what: Copyable,
  path: NodePath,
  signal?: AbortSignal,
): Promise<Copied> {
  const { facts } = document.opened;
  switch (what) {
    case "json":
    case "typedJson": {
      const typed = what === "typedJson";
      const { text, approximated } = await document.request("json", { path, typed }, { signal });
      return { text, said: saidOfJson(typed, approximated) };
    }
    case "value": {
      const { text } = await document.request("plain", { path }, { signal });
      return { text, said: t("Copied the value as text") };
    }
    case "snippet": {
      const { expression, exact } = await document.request("access", { path }, { signal });
      const anyNamespace = services.session.current?.namespace === null;
      const text =
        "file" in facts
          ? fileSnippetOf(facts, expression)
          : snippetOf({ pathspec: facts.pathspec, attempt: facts.attempt, expression, anyNamespace });
      const said = exact
        ? t("Copied the Python snippet")
        : t("Copied the Python snippet of the nearest value that Python can name");
      return { text, said };
    }
    case "pathspec": {
      const place = nameOfFacts(facts);
      return { text: place, said: t("Copied {0}", place) };
    }
    case "sha":
      if ("file" in facts) throw new Error("a file has no key");
      return { text: facts.sha, said: t("Copied SHA {0}", facts.sha) };
  }
}

function saidOfJson(typed: boolean, approximated: number): string {
  if (typed) return t("Copied the value as typed JSON");
  if (approximated === 0) return t("Copied the value as JSON");
  return approximated === 1
    ? t("Copied the value as JSON; one part has no form in JSON and was written in the nearest one")
    : t(
        "Copied the value as JSON; {0} parts have no form in JSON and were written in the nearest one",
        approximated,
      );
}
