/**
 * VS Code without a desktop, for the demo and the tests: install, start, settings.
 *
 *   node tools/vscode.mjs [newest|minimum]     installs and prints where
 */
import { fileURLToPath } from "node:url";
import { ensureVscode } from "./vscode/install.mjs";

export { ensureVscode, VERSIONS } from "./vscode/install.mjs";
export { installExtension, startServer, writeSettings } from "./vscode/server.mjs";
export { DEMO_SETTINGS, TEST_SETTINGS, THEMES } from "./vscode/settings.mjs";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ages = process.argv.length > 2 ? process.argv.slice(2) : ["newest", "minimum"];
  for (const age of ages) {
    if (age !== "newest" && age !== "minimum") throw new Error(`${age}: say newest or minimum`);
    const { version, root } = await ensureVscode(age, (line) => console.error(line));
    console.log(`VS Code ${version}: ${root}`);
  }
}
