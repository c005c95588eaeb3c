/// <reference lib="dom" />
/**
 * VS Code's page as a person uses it: the words of a scenario. Selectors hold for VS Code 1.96 to 1.139. Every wait ends with an event or a deadline.
 */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */
/** @typedef {string | RegExp} Name a text that the name begins with, or a pattern */

/** For what a person waits for: generous, because other suites have the cores at the same time. */
const DEADLINE_MS = 60_000;
const START_MS = 120_000;
/** How often a row's arrow is clicked, and how long one click may take to turn it. */
const CLICKS = 3;
const TURN_MS = 8_000;
/** Kept of what the page says on its console, in lines. */
const CONSOLE_LINES = 500;

/** @param {Name} name */
const startsWith = (name) =>
  typeof name === "string" ? new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`) : name;

export class Workbench {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** What the page and its webviews said on the console, the newest last. @type {string[]} */
    this.console = [];
    page.setDefaultTimeout(DEADLINE_MS);
    const note = (/** @type {string} */ line) => {
      this.console.push(line);
      if (this.console.length > CONSOLE_LINES) this.console.shift();
    };
    page.on("console", (message) => note(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => note(`uncaught: ${error.stack ?? error.message}`));
  }

  /**
   * Opens a page on a folder and waits until the workbench shows it.
   * @param {import("playwright-core").Browser} browser
   * @param {string} url with the folder
   * @param {{ width?: number; height?: number; ready?: string; init?: () => void }} [options] `init` runs in every frame before its own scripts
   */
  static async open(
    browser,
    url,
    { width = 1400, height = 900, ready = ".explorer-folders-view .monaco-list-row", init } = {},
  ) {
    const context = await browser.newContext({
      viewport: { width, height },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    if (init !== undefined) await context.addInitScript(init);
    const page = await context.newPage();
    const workbench = new Workbench(page);
    await page.goto(url, { timeout: START_MS });
    await page.locator(ready).first().waitFor({ timeout: START_MS });
    return workbench;
  }

  /** Leaves the page; its extension host ends at once. */
  async close() {
    await this.page.goto("about:blank").catch(() => undefined);
    await this.page.context().close();
  }

  /** Shows the container of this title in the sidebar. */
  async openContainer(title = "Metaflow") {
    // The badge lies over the label; both are the item's.
    const label = this.page.locator(`a.action-label[aria-label^="${title}"]`);
    const item = this.page.locator(".activitybar .action-item", { has: label }).first();
    await item.waitFor();
    const classes = (await item.getAttribute("class")) ?? "";
    if (!classes.split(" ").includes("checked")) await item.click();
    await this.page
      .locator(`.part.sidebar .composite.title h2`, { hasText: new RegExp(title, "i") })
      .first()
      .waitFor();
  }

  /**
   * A row of a tree by its accessible name.
   * @param {Name} name
   */
  row(name) {
    return this.page
      .locator(".part.sidebar")
      .getByRole("treeitem", { name: startsWith(name) })
      .first();
  }

  /** What the visible rows of the sidebar say, from top to bottom. */
  async rows() {
    return this.page.locator(".part.sidebar .monaco-list-row").allInnerTexts();
  }

  /** Collapses a row. @param {Name} name */
  async collapse(name) {
    const row = this.row(name);
    if ((await row.getAttribute("aria-expanded")) === "true") await row.locator(".monaco-tl-twistie").click();
  }

  /** Expands a row. @param {Name} name */
  async expand(name) {
    const row = this.row(name);
    await row.waitFor();
    const expanded = this.page
      .locator(".part.sidebar")
      .getByRole("treeitem", { name: startsWith(name), expanded: true })
      .first();
    // A row that is drawn anew between the press and the release of the button loses the click; the arrow turns at once where it does not.
    for (let tries = 0; tries < CLICKS && !(await expanded.isVisible()); tries++) {
      await row.locator(".monaco-tl-twistie").click();
      await expanded.waitFor({ timeout: TURN_MS }).catch(() => undefined);
    }
    await expanded.waitFor();
    return row;
  }

  /** Clicks a row. @param {Name} name */
  async click(name) {
    await this.row(name).click();
  }

  /**
   * Chooses from a row's context menu.
   * @param {Name} name
   * @param {Name} item
   */
  async contextMenu(name, item) {
    await this.row(name).click({ button: "right" });
    await this.menuItem(item);
  }

  /** Chooses from the menu that is open. @param {Name} item */
  async menuItem(item) {
    const entry = this.page.getByRole("menuitem", { name: startsWith(item) }).first();
    await entry.hover();
    // By the keyboard: a menu swallows a click that comes soon after it opened.
    await this.page.locator(".action-item.focused", { has: entry }).waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** The names in the menu that is open. */
  async menuItems() {
    await this.page.getByRole("menuitem").first().waitFor();
    return this.page.getByRole("menuitem").allInnerTexts();
  }

  /** A button in a view's title. @param {string} title */
  viewButton(title) {
    return this.page.locator(`.part.sidebar a.action-label[aria-label^="${title}"]`).first();
  }

  /** The field of the quick pick or input box that is open. */
  get input() {
    return this.page.locator(".quick-input-widget input.input");
  }

  /** The rows of the quick pick that is open. */
  get picks() {
    return this.page.locator(".quick-input-list .monaco-list-row");
  }

  /** Runs a command from the palette by its full title. @param {string} title */
  async command(title) {
    await this.page.keyboard.press("F1");
    await this.type(`>${title}`);
    await this.accept(title);
  }

  /**
   * Types into the quick pick or input box.
   * @param {string} text
   * @param {{ accept?: boolean }} [options] `accept`: and presses Enter
   */
  async type(text, { accept = false } = {}) {
    await this.input.fill(text);
    if (accept) await this.input.press("Enter");
  }

  /** The row of the quick pick that Enter takes, if it says this. @param {Name} label */
  focusedPick(label) {
    return this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: label }).first();
  }

  /** Takes a row of the quick pick by Enter, once it is the one that Enter takes. @param {Name} label */
  async accept(label) {
    await this.focusedPick(label).waitFor();
    await this.input.press("Enter");
  }

  /** Closes every editor and waits until they are gone, so that no key goes to one that is just closing. */
  async closeEditors() {
    await this.command("View: Close All Editors");
    await this.page.locator(".tabs-container .tab").first().waitFor({ state: "hidden" });
    await this.page.locator("iframe.webview").first().waitFor({ state: "detached" });
  }

  /** Chooses a row of the quick pick. @param {Name} label */
  async pick(label) {
    const row = this.picks.filter({ hasText: label }).first();
    await row.waitFor();
    await row.click();
  }

  /** A notification that says this. @param {Name} text */
  toast(text) {
    return this.page.locator(".notification-toast", { hasText: text }).first();
  }

  /**
   * Presses a button of a notification.
   * @param {Name} text
   * @param {Name} button
   */
  async answerToast(text, button) {
    const toast = this.toast(text);
    await toast.waitFor();
    await toast.getByRole("button", { name: startsWith(button) }).click();
  }

  /** A status-bar item by a text that it shows or its accessible name holds. @param {Name} text */
  status(text) {
    return this.page.locator(".part.statusbar .statusbar-item", { hasText: text }).first();
  }

  /** What the output panel shows. */
  async output() {
    return (await this.page.locator(".part.panel .view-lines").innerText()).replaceAll("\u00a0", " ");
  }

  /** Waits until the output panel shows this. @param {string} text */
  async outputShows(text) {
    await this.#shows(".part.panel .view-lines", text);
  }

  /** What the visible lines of the active text editor say. */
  async editorText() {
    return (
      await this.page.locator(".editor-group-container.active .view-lines").first().innerText()
    ).replaceAll("\u00a0", " ");
  }

  /** Waits until the active text editor shows this. @param {string} text */
  async editorShows(text) {
    await this.#shows(".editor-group-container.active .view-lines", text);
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  async #shows(selector, text) {
    // The editor draws spaces as U+00A0.
    await this.page.waitForFunction(
      ([where = "", what = ""]) =>
        [...document.querySelectorAll(where)].some((lines) =>
          (lines.textContent ?? "").replaceAll("\u00a0", " ").includes(what),
        ),
      [selector, text],
      { timeout: DEADLINE_MS },
    );
  }

  /** The title of the active tab. */
  async activeTab() {
    return (await this.page.locator(".editor-group-container.active .tab.active").first().innerText())
      .replaceAll("\n", "")
      .trim();
  }

  /**
   * The document of the webview that holds an element, through VS Code's two frames.
   * @param {string} selector an element of the page's own
   * @returns {Promise<import("playwright-core").Frame>}
   */
  async webview(selector) {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      for (const frame of this.page.frames()) {
        if (!frame.url().includes("fake.html")) continue;
        if (
          await frame
            .locator(selector)
            .first()
            .isVisible()
            .catch(() => false)
        )
          return frame;
      }
      if (Date.now() > deadline) throw new Error(`no webview shows ${selector}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Takes the mouse where it hovers over nothing, and waits until a hover that is open has faded. */
  async rest() {
    await this.page.mouse.move(900, 1);
    const hover = this.page.locator(".workbench-hover-container:visible").first();
    // A hover that keyboard focus opened stays; it does no harm in a picture.
    await hover.waitFor({ state: "hidden", timeout: 3_000 }).catch(() => undefined);
  }

  /** Switches to the light or the dark theme. @param {"light" | "dark"} kind */
  async theme(kind) {
    const wanted = this.page.locator(kind === "light" ? ".monaco-workbench.vs" : ".monaco-workbench.vs-dark");
    for (let tries = 1; (await wanted.count()) === 0; tries++) {
      await this.command("Preferences: Toggle between Light/Dark Themes");
      // Just after the start the command may come to nothing.
      const isThere = await wanted.waitFor({ timeout: DEADLINE_MS / 4 }).then(
        () => true,
        () => false,
      );
      if (!isThere && tries === 4) throw new Error(`the ${kind} theme did not come`);
    }
  }

  /** Waits until nothing moves: no progress bar, and the same picture twice. */
  async settle() {
    await this.page.waitForFunction(
      () => document.querySelector(".monaco-progress-container.active") === null,
      undefined,
      { timeout: DEADLINE_MS },
    );
    let before = "";
    for (let tries = 0; tries < 20; tries++) {
      const picture = (await this.page.screenshot()).toString("latin1");
      if (picture === before) return;
      before = picture;
      await this.page.waitForTimeout(150);
    }
  }

  /** Keeps a picture. @param {string} path */
  async screenshot(path) {
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
    return path;
  }
}
