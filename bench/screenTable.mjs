/// <reference lib="dom" />
/** How soon a large frame is on the screen of the newest VS Code, and how long the view's thread is held meanwhile and while it is scrolled. */
import { mkdir, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "../tools/chromium.mjs";
import { removeFolder } from "../tools/files.mjs";
import { pack } from "../tools/pack.mjs";
import { Workbench } from "../tools/ui/workbench.mjs";
import {
  ensureVscode,
  installExtension,
  startServer,
  TEST_SETTINGS,
  writeSettings,
} from "../tools/vscode.mjs";
import { frameFile } from "./frames.mjs";
import { median, time, verdict } from "./words.mjs";

/** Presses of a key while the grid is scrolled. */
const PRESSES = 20;

/**
 * What a page saw of itself, in milliseconds.
 * @typedef {object} Seen
 * @property {number} origin by the clock: when its own time begins
 * @property {number} asked when it asked the host for the value
 * @property {number} shown when the first cells were on the screen
 * @property {number} longest task of its own
 */

/**
 * A line of the table.
 * @typedef {object} ScreenRow
 * @property {string} name
 * @property {(seen: Opening) => number} figure
 * @property {number} [atMostMs] without a goal it is there to compare with
 */

/** @typedef {{ clicked: number; opening: Seen; scrolling: Seen }} Opening `clicked` by the clock */

/** @type {readonly ScreenRow[]} */
export const SCREEN_ROWS = [
  {
    name: "screen: 1,000,000 × 20 from the page's question to its cells",
    figure: ({ opening: { asked, shown } }) => shown - asked,
    atMostMs: 100,
  },
  {
    name: "screen: the same from the click, VS Code's own work with it",
    figure: ({ clicked, opening: { origin, shown } }) => origin + shown - clicked,
  },
  {
    name: "screen: longest task of the view while it opens",
    figure: ({ opening }) => opening.longest,
    atMostMs: 50,
  },
  {
    name: `screen: longest task of the view in ${3 * PRESSES} pages, ends and columns`,
    figure: ({ scrolling }) => scrolling.longest,
    atMostMs: 50,
  },
];

/**
 * @param {readonly ScreenRow[]} wanted
 * @param {{ rounds: number; log: (line: string) => void }} options
 */
export async function screenTable(wanted, { rounds, log }) {
  const openings = await measureOnScreen({ rounds, log });
  const lines = wanted.map(({ name, figure, atMostMs }) => {
    const figures = openings.map(figure);
    const middle = median(figures);
    const goal = atMostMs === undefined ? " | " : `<= ${atMostMs} ms | ${verdict(middle <= atMostMs)}`;
    return `| ${name} | ${time(middle)} | ${time(Math.max(...figures))} | ${goal} |`;
  });
  return ["| in VS Code's window | median | longest | goal | |", "|---|--:|--:|---|---|", ...lines].join(
    "\n",
  );
}

/** @param {{ rounds: number; log: (line: string) => void }} options @returns {Promise<Opening[]>} */
async function measureOnScreen({ rounds, log }) {
  const { file } = await frameFile(1_000_000, log);
  const temporary = await mkdtemp(join(tmpdir(), "metaflow-bench-"));
  try {
    const [dataDir, folder, vsix] = ["vscode", "folder", "bench.vsix"].map((name) => join(temporary, name));
    if (dataDir === undefined || folder === undefined || vsix === undefined) throw new Error("three names");
    await mkdir(folder);
    await symlink(file, join(folder, "frame.pkl"));
    const vscode = await ensureVscode("newest", log);
    await pack(vsix, { minify: true, folder: join(temporary, "package") });
    await installExtension(vscode, dataDir, vsix);
    await writeSettings(dataDir, {
      ...TEST_SETTINGS,
      "workbench.editorAssociations": { "*.pkl": "metaflow.pickle" },
    });
    const server = await startServer(vscode, { dataDir, env: {} });
    const browser = await launchChromium(log);
    try {
      const workbench = await Workbench.open(browser, server.folderUrl(folder), { init: watch });
      /** @type {Opening[]} */
      const openings = [];
      // The first one starts the decoding thread and is what VS Code itself has to load: it is not counted.
      for (let round = 0; round <= rounds; round++) {
        log(`measuring: screen, opening ${round} of ${rounds}`);
        const opening = await openOnce(workbench);
        if (round > 0) openings.push(opening);
      }
      await workbench.close();
      return openings;
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    await removeFolder(temporary);
  }
}

/** @param {Workbench} workbench @returns {Promise<Opening>} */
async function openOnce(workbench) {
  const { page } = workbench;
  await page.keyboard.press("Control+p");
  await workbench.type("frame.pkl");
  await workbench.pick("frame.pkl");
  const clicked = await page.evaluate(
    () => performance.timeOrigin + (performance.getEntriesByName("click").at(-1)?.startTime ?? Number.NaN),
  );
  const frame = await workbench.webview("[role=grid]");
  await frame.waitForFunction(() => performance.getEntriesByName("shown").length > 0);
  await page.waitForTimeout(1000);
  const opening = await frame.evaluate(told);
  await frame.evaluate(() => {
    performance.clearMeasures();
  });
  for (const key of ["PageDown", "Control+End", "Control+Home", "ArrowRight"])
    for (let press = 0; press < PRESSES; press++) {
      await frame.locator("[role=grid]").press(key);
      await page.waitForTimeout(20);
    }
  await page.waitForTimeout(500);
  const scrolling = await frame.evaluate(told);
  await workbench.closeEditors();
  return { clicked, opening, scrolling };
}

/** Runs in every frame before its own scripts: what it sees becomes marks and measures of the page. */
function watch() {
  new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries())
      if (name === "self") performance.measure("task", { start: startTime, duration });
  }).observe({ type: "longtask", buffered: true });
  addEventListener("pointerdown", () => performance.mark("click"), true);
  // By the clock: VS Code writes the page into a document that is there before, whose observers would see it no more.
  const looking = setInterval(() => {
    const isAsked = document.querySelector("main.app") !== null;
    if (isAsked && performance.getEntriesByName("asked").length === 0) performance.mark("asked");
    if (document.querySelector(".grid-cell[data-kind=number]") === null) return;
    clearInterval(looking);
    requestAnimationFrame(() => performance.mark("shown"));
  }, 2);
}

/** Runs in the page. @returns {Seen} */
function told() {
  const at = (/** @type {string} */ name) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
  const tasks = performance.getEntriesByName("task").map(({ duration }) => duration);
  return {
    origin: performance.timeOrigin,
    asked: at("asked"),
    shown: at("shown"),
    longest: Math.max(0, ...tasks),
  };
}
