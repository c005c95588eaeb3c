/**
 * A look at the current build in a real VS Code: builds, packs, installs, opens the sample project in Chromium, keeps pictures.
 *
 *   node tools/look.mjs                              the sidebar in the dark theme -> out/look/dark-sidebar.png
 *   node tools/look.mjs --theme light,dark,contrast  once in each theme
 *   node tools/look.mjs --script my-look.mjs         runs your scenario: export async function look(workbench, { shot, theme, folder, server })
 *   node tools/look.mjs --folder DIR                 on another folder (default: a fresh copy of the sample project)
 *   node tools/look.mjs --vscode minimum             in the oldest VS Code instead of the newest
 *   node tools/look.mjs --width 1000 --height 700 --out DIR --trust (leaves workspace trust on) --settings '{"metaflow.x": 1}'
 *   node tools/look.mjs --env METAFLOW_USER=alice    environment of the extension host (repeatable)
 *
 * In a scenario `await shot("name")` waits until nothing moves and keeps `out/look/<theme>-name.png`; `workbench` is the class of
 * `tools/ui/workbench.mjs` (openContainer, expand, row, contextMenu, command, pick, type, toast, output, webview ...), and
 * `workbench.page` is playwright's page. A failure keeps `<theme>-failure.png` and prints the extension's own log.
 */
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { glob, removeFolder } from "./files.mjs";
import { launchChromium } from "./chromium.mjs";
import { sampleProject } from "./demo.mjs";
import { pack } from "./pack.mjs";
import { Workbench } from "./ui/workbench.mjs";
import {
  ensureVscode,
  installExtension,
  startServer,
  TEST_SETTINGS,
  THEMES,
  writeSettings,
} from "./vscode.mjs";

/** @typedef {{ shot(name: string): Promise<string>; theme: string; folder: string; server: import("./vscode/server.mjs").Server }} Look */

const { values } = parseArgs({
  options: {
    theme: { type: "string", default: "dark" },
    script: { type: "string" },
    folder: { type: "string" },
    vscode: { type: "string", default: "newest" },
    out: { type: "string", default: "out/look" },
    width: { type: "string", default: "1400" },
    height: { type: "string", default: "900" },
    settings: { type: "string", default: "{}" },
    env: { type: "string", multiple: true, default: [] },
    trust: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

const started = performance.now();
const say = (/** @type {string} */ line) =>
  console.error(`[${((performance.now() - started) / 1000).toFixed(1)} s] ${line}`);

/** Without a scenario: the container as it opens. @param {Workbench} workbench @param {Look} look */
async function sidebar(workbench, look) {
  await workbench.openContainer();
  await look.shot("sidebar");
}

const { look } =
  values.script === undefined
    ? { look: sidebar }
    : /** @type {{ look: typeof sidebar }} */ (await import(pathToFileURL(resolve(values.script)).href));

const temporary = await mkdtemp(join(tmpdir(), "metaflow-look-"));
const dataDir = join(temporary, "vscode");
const vsix = join(temporary, "look.vsix");
const age = values.vscode === "minimum" ? "minimum" : "newest";
const [vscode, folder] = await Promise.all([
  ensureVscode(age, say),
  values.folder === undefined ? sampleProject(join(temporary, "churn")) : resolve(values.folder),
  pack(vsix, { minify: false, folder: join(temporary, "package") }),
]);
say("built and packed");
await installExtension(vscode, dataDir, vsix);
const env = Object.fromEntries(
  values.env.map((pair) => [pair.split("=", 1)[0] ?? "", pair.slice(pair.indexOf("=") + 1)]),
);
const browser = await launchChromium(say);
try {
  for (const theme of values.theme.split(",")) {
    await writeSettings(dataDir, {
      ...TEST_SETTINGS,
      "security.workspace.trust.enabled": values.trust,
      "security.workspace.trust.startupPrompt": "never",
      "workbench.colorTheme": THEMES[theme] ?? theme,
      .../** @type {Record<string, unknown>} */ (JSON.parse(values.settings)),
    });
    const server = await startServer(vscode, { dataDir, env });
    const workbench = await Workbench.open(browser, server.folderUrl(folder), {
      width: Number(values.width),
      height: Number(values.height),
    });
    say(`VS Code ${vscode.version} is open in ${theme}`);
    if (values.verbose) workbench.page.on("console", (message) => console.error(`  ${message.text()}`));
    const shot = async (/** @type {string} */ name) => {
      await workbench.settle();
      const file = await workbench.screenshot(resolve(values.out, `${theme}-${name}.png`));
      say(file);
      return file;
    };
    try {
      await look(workbench, { shot, theme, folder, server });
    } catch (error) {
      process.exitCode = 1;
      console.error(error);
      say(await workbench.screenshot(resolve(values.out, `${theme}-failure.png`)));
      for (const log of await glob(
        dataDir,
        /exthost.*(metaflow|remoteexthost)[^/]*\/.*\.log$|remoteexthost\.log$/i,
      )) {
        console.error(
          `--- ${log.slice(dataDir.length + 1)}\n${(await readFile(log, "utf8")).split("\n").slice(-25).join("\n")}`,
        );
      }
    }
    await workbench.close();
    await server.stop();
  }
} finally {
  await browser.close();
  await removeFolder(temporary);
}
say("done");
