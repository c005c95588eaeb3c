import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { ARTIFACT_WORDS } from "../../protocol/artifactWords.ts";
import { t } from "../text.ts";

const FOLDER = ["dist", "webview"];

/** The modules that the page loads when it opens, as the build lists them beside it. */
function modulesOf(extension: vscode.Uri): readonly string[] {
  const list = vscode.Uri.joinPath(extension, ...FOLDER, "artifact.json").fsPath;
  return (modules ??= JSON.parse(readFileSync(list, "utf8")) as string[]); // As the build writes it.
}
let modules: readonly string[] | undefined;

/** The page of an artifact: its code and style come from the extension, nothing from anywhere else, and nothing leaves it. */
export function pageOf(
  webview: vscode.Webview,
  extension: vscode.Uri,
  artifact: { name: string; pathspec: string },
): string {
  const file = (name: string): string => {
    return attribute(webview.asWebviewUri(vscode.Uri.joinPath(extension, ...FOLDER, name)).toString());
  };
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // The rows of the tree are placed by style attributes.
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    // Images that are values: the page makes them of bytes that it was given, so that nothing is asked of anywhere.
    "img-src blob: data:",
  ].join("; ");
  // Without them the browser would ask for each when it has the one that names it, and every answer takes its time.
  const early = modulesOf(extension)
    .map((name) => `<link rel="modulepreload" nonce="${nonce}" href="${file(name)}">`)
    .join("\n");
  // eslint-disable-next-line no-restricted-syntax -- what gathers the texts for translators knows this map
  const words = Object.fromEntries(Object.entries(ARTIFACT_WORDS).map(([key, word]) => [key, t(word)]));
  return `<!DOCTYPE html>
<html lang="${attribute(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="metaflow-words" content="${attribute(JSON.stringify(words))}">
<meta name="metaflow-artifact" content="${attribute(JSON.stringify(artifact))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(artifact.name)}</title>
<link rel="stylesheet" href="${file("artifact.css")}">
${early}
</head>
<body>
<script type="module" nonce="${nonce}" src="${file("artifact.js")}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
