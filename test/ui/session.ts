import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, inject } from "vitest";
import { launchChromium } from "../../tools/chromium.mjs";
import { sampleProject } from "../../tools/demo.mjs";
import { removeFolder } from "../../tools/files.mjs";
import { Workbench } from "../../tools/ui/workbench.mjs";
import {
  ensureVscode,
  installExtension,
  startServer,
  TEST_SETTINGS,
  writeSettings,
} from "../../tools/vscode.mjs";

/** Where pictures are kept, to be looked at. */
const PICTURES = join(import.meta.dirname, "../../out/screenshots");

/** Where a test that fails leaves what it saw. */
const FAILED = join(import.meta.dirname, "../../out/failed");

/** What a scenario asks for. */
export interface SessionOptions {
  /** `sample`: a fresh copy of the sample project; `empty`: a folder with nothing in it. */
  readonly project?: "sample" | "empty";
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A VS Code with the packed extension on a project of its own, and the browser that shows it. */
export interface Session {
  readonly workbench: Workbench;
  /** The project's folder. */
  readonly folder: string;
  /** A Python with Metaflow, and the environment to run it with as the window's user. */
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
  /**
   * Keeps a picture in both themes: `out/screenshots/<theme>-<name>.png`. Switching the theme closes what is open over the workbench, so a
   * quick pick or a menu is kept in the current theme alone.
   */
  readonly shot: (name: string, themes?: "both" | "current") => Promise<void>;
  /** What the page and the server have said so far. */
  readonly said: () => string;
  /** Closes the page and ends the server. */
  readonly stop: () => Promise<void>;
}

/**
 * A session for the tests of one `describe`, started before the first and ended after the last: 6 to 10 s, so one a file. A test that fails
 * leaves a picture and what the page and the server said, `out/failed/<test>.png` and `.log`.
 */
export function useSession(options: SessionOptions = {}): () => Session {
  let session: Session | undefined;
  beforeAll(async () => {
    session = await startSession(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail" || session === undefined) return;
    const place = join(FAILED, task.name.replaceAll(/\W+/g, "-").slice(0, 60));
    await session.workbench.screenshot(`${place}.png`);
    await writeFile(`${place}.log`, session.said());
  });
  afterAll(async () => session?.stop());
  return () => {
    if (session === undefined) throw new Error("the session has not started");
    return session;
  };
}

async function startSession({
  project = "sample",
  settings = {},
  env = {},
}: SessionOptions = {}): Promise<Session> {
  const temporary = await mkdtemp(join(tmpdir(), "metaflow-ui-"));
  const dataDir = join(temporary, "vscode");
  const folder = join(temporary, "churn");
  const [vscode] = await Promise.all([
    ensureVscode("newest"),
    project === "sample" ? sampleProject(folder) : mkdir(folder),
    writeSettings(dataDir, { ...TEST_SETTINGS, ...settings }),
  ]);
  await installExtension(vscode, dataDir, inject("vsix"));
  const environment = { METAFLOW_HOME: join(temporary, "home"), METAFLOW_USER: "ada", ...env };
  const server = await startServer(vscode, { dataDir, env: environment });
  let browser: Browser | undefined;
  const stop = async (): Promise<void> => {
    await browser?.close();
    await server.stop();
    await removeFolder(temporary);
  };
  try {
    browser = await launchChromium();
    const ready =
      project === "sample"
        ? ".explorer-folders-view .monaco-list-row"
        : ".explorer-viewlet, .explorer-folders-view";
    const workbench = await Workbench.open(browser, server.folderUrl(folder), { ready });
    return {
      workbench,
      folder,
      python: inject("python"),
      env: environment,
      shot: async (name, themes = "both") => shoot(workbench, name, themes),
      said: () => [...workbench.console, "--- server", server.log()].join("\n"),
      stop: async () => {
        await workbench.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Pictures in the dark and the light theme; leaves the dark one on. */
async function shoot(workbench: Workbench, name: string, themes: "both" | "current"): Promise<void> {
  if (themes === "both") await workbench.rest();
  await workbench.settle();
  await workbench.screenshot(join(PICTURES, `dark-${name}.png`));
  if (themes === "current") return;
  await workbench.theme("light");
  await workbench.settle();
  await workbench.screenshot(join(PICTURES, `light-${name}.png`));
  await workbench.theme("dark");
}
