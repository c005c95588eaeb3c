import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openMetaflow } from "../../src/client/index.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { useSession } from "./session.ts";

describe("the artifact editor", () => {
  const session = useSession();
  let containers = "";

  beforeAll(async () => {
    const client = await openMetaflow({ metadata: `local@${session().folder}`, namespace: null });
    const run = await (await client.flow("CatalogFlow")).latestRun();
    const task = run === undefined ? undefined : await (await run.get("containers")).task();
    containers = task?.pathspec ?? "";
    await session().workbench.openContainer();
    await session().workbench.row("CatalogFlow").waitFor();
  });

  /** Opens an artifact by the palette, alone; the frame is that of its page. */
  async function open(pathspec: string, shows: string): Promise<Frame> {
    const { workbench } = session();
    await workbench.closeEditors();
    await workbench.command("Metaflow: Open Artifact");
    await workbench.type(pathspec);
    await workbench.pick(pathspec.split("/").at(-1) ?? "");
    return workbench.webview(shows);
  }

  /** The file of an artifact's bytes. */
  async function blobOf(pathspec: string): Promise<string> {
    const client = await openMetaflow({ metadata: `local@${session().folder}`, namespace: null });
    const { sha } = await client.artifact(pathspec);
    return join(session().folder, ".metaflow", "CatalogFlow", "data", sha.slice(0, 2), sha);
  }

  /** Presses a key in the tree, and waits until the row that then has the focus is this one. */
  async function press(
    frame: Frame,
    key: string,
    row: RegExp,
    state: { readonly expanded?: boolean } = {},
  ): Promise<void> {
    await frame.getByRole("tree").press(key);
    await frame.getByRole("treeitem", { selected: true, name: row, ...state }).waitFor();
  }

  it("shows a value as a tree that the keyboard goes through, and axe finds nothing wrong with it", async () => {
    const frame = await open(`${containers}/rows`, "[role=grid]");
    await frame.getByRole("tab", { name: "Tree" }).click();
    await frame.getByRole("tree", { name: "Value of rows" }).waitFor();
    await frame.getByRole("treeitem", { name: /^0/ }).waitFor();
    expect(await frame.locator(".facts").innerText()).toContain("list");
    await press(frame, "ArrowDown", /^0/, { expanded: false });
    await press(frame, "ArrowRight", /^0/, { expanded: true });
    await frame.getByRole("treeitem", { name: /^'name'.*customer 0/ }).waitFor();
    await press(frame, "ArrowDown", /^'id'/);
    await press(frame, "ArrowDown", /^'name'.*customer 0/);
    await press(frame, "ArrowLeft", /^0/, { expanded: true });
    await press(frame, "End", /^59/);
    await press(frame, "Home", /^\[/);
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-tree");
  });

  it("shows records as rows and columns that the keyboard goes through, and axe finds nothing wrong with them", async () => {
    const frame = await open(`${containers}/rows`, "[role=grid]");
    const grid = frame.getByRole("grid", { name: "Cells of rows" });
    await frame.getByRole("columnheader", { name: /name\s*str/ }).waitFor();
    await frame.getByRole("gridcell", { name: "customer 0", exact: true }).waitFor();
    expect(await grid.getAttribute("aria-rowcount")).toBe("61");
    await grid.press("ArrowRight");
    await grid.press("Control+ArrowDown");
    await frame.getByRole("gridcell", { name: "customer 59", exact: true, selected: true }).waitFor();
    expect(await frame.locator(".cell-bar").innerText()).toContain("row 60 of 60");
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-grid");
  });

  it("sorts, filters and finds rows by the keyboard, tells what is wrong with a filter, and axe finds nothing wrong", async () => {
    const frame = await open(`${containers}/rows`, "[role=grid]");
    const grid = frame.getByRole("grid", { name: "Cells of rows" });
    await frame.getByRole("gridcell", { name: "customer 0", exact: true }).waitFor();
    await grid.press("Control+f");
    const find = frame.getByRole("textbox", { name: "Find in Cells" });
    await find.fill("customer 5");
    await frame.getByText("1 of 11").waitFor();
    await find.press("Enter");
    await frame.getByText("2 of 11").waitFor();
    await frame.getByRole("gridcell", { name: "customer 50", exact: true, selected: true }).waitFor();
    await find.press("Escape");
    const filter = frame.getByRole("textbox", { name: "Filter Rows" });
    await filter.fill("name <");
    await frame.getByText("A value is expected after <").waitFor();
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-grid-filter");
    await filter.fill("name contains 5 and id >= 10");
    await frame.getByText("14 of 60 rows").waitFor();
    await filter.press("Enter");
    await grid.press("Control+Home");
    await frame.getByRole("gridcell", { name: "customer 15", exact: true }).waitFor();
    await grid.press("ArrowUp");
    await grid.press("Enter");
    await frame.locator("[role=columnheader][aria-sort=ascending]").waitFor();
    await grid.press("Enter");
    await frame.locator("[role=columnheader][aria-sort=descending]").waitFor();
    await frame.getByRole("gridcell", { name: "customer 59", exact: true }).waitFor();
    expect(await grid.getAttribute("aria-rowcount")).toBe("15");
    await grid.press("Control+g");
    await frame.getByRole("spinbutton", { name: "Row" }).fill("14");
    await frame.getByRole("combobox", { name: "Column" }).fill("name");
    await frame.getByRole("button", { name: "Go", exact: true }).click();
    await frame.getByRole("gridcell", { name: "customer 15", exact: true, selected: true }).waitFor();
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-grid-arranged");
  });

  it("colors the cells of a column by their numbers, and no others, and axe finds nothing wrong", async () => {
    const frame = await open(`${containers}/rows`, "[role=grid]");
    const grid = frame.getByRole("grid", { name: "Cells of rows" });
    await frame.getByRole("gridcell", { name: "customer 0", exact: true }).waitFor();
    await grid.press("ArrowUp");
    await grid.press("Shift+F10");
    await frame.getByRole("menuitem", { name: "Color by Value" }).click();
    const shares = async (): Promise<string[]> =>
      frame
        .locator("[role=gridcell][data-heat]:visible")
        .evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).style.getPropertyValue("--heat")));
    await expect.poll(async () => (await shares()).slice(0, 4)).toEqual(["0%", "1%", "1%", "2%"]);
    await grid.press("Control+ArrowDown");
    // The elements of rows that are scrolled away show others: their order is not that of the rows.
    await expect.poll(shares).toContain("40%");
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-grid-heat");
  });

  it("keeps the focus on what is seen when a column is hidden, and shows the column again for a hit in it", async () => {
    const frame = await open(`${containers}/rows`, "[role=grid]");
    const grid = frame.getByRole("grid", { name: "Cells of rows" });
    await frame.getByRole("gridcell", { name: "customer 0", exact: true }).waitFor();
    await grid.press("ArrowRight");
    await grid.press("ArrowUp");
    await grid.press("Shift+F10");
    await frame.getByRole("menuitem", { name: "Hide Column" }).click();
    await frame.getByRole("gridcell", { name: "customer 0", exact: true }).waitFor({ state: "hidden" });
    await expect.poll(async () => grid.getAttribute("aria-activedescendant")).toMatch(/--1-2$/);
    await grid.press("Control+f");
    await frame.getByRole("textbox", { name: "Find in Cells" }).fill("customer 50");
    await frame.getByRole("gridcell", { name: "customer 50", exact: true, selected: true }).waitFor();
  });

  it("shows more of a long list on demand", async () => {
    const frame = await open(`${containers}/numbers`, "[role=tree]");
    await frame.getByRole("treeitem", { name: /^0/ }).waitFor();
    await press(frame, "End", /Show 100 more/);
    const gap = frame.getByRole("treeitem", { name: /Show 100 more/ });
    expect(await gap.innerText()).toContain("100 to 1,199 not shown");
    await press(frame, "Enter", /^100\b/);
    await frame.getByRole("tree").press("Control+g");
    await session().workbench.page.getByText("Go to Position").waitFor();
    await session().workbench.type("1150", { accept: true });
    await frame.getByRole("treeitem", { selected: true, name: /^1150\b/ }).waitFor();
  });

  it("links what is shared and what contains itself instead of opening it for ever", async () => {
    const frame = await open(`${containers}/loop`, "[role=tree]");
    const loop = frame.getByRole("treeitem", { name: /^'self'/ });
    expect(await loop.innerText()).toContain("loops back to the value itself");
    expect(await loop.getAttribute("aria-expanded")).toBeNull();
  });

  it("copies a value as JSON and as a Python snippet", async () => {
    const frame = await open(`${containers}/ordered`, "[role=tree]");
    const clipboard = async (): Promise<string> =>
      session().workbench.page.evaluate(async () => navigator.clipboard.readText());
    await frame.getByRole("button", { name: "Copy", exact: true }).click();
    await frame.getByRole("menuitem", { name: "Value as JSON" }).click();
    await expect.poll(clipboard).toBe('{\n  "z": 1,\n  "a": 2\n}');
    await frame.getByRole("button", { name: "Copy", exact: true }).press("ArrowDown");
    expect(await accessibilityProblems(frame)).toEqual([]);
    await frame.getByRole("menuitem", { name: "Python Snippet" }).click();
    await expect.poll(clipboard).toContain(".data.ordered");
  });

  it("shows a long text and bytes whole", async () => {
    const text = await open(`${containers}/long_text`, ".text-body");
    await expect.poll(async () => text.locator(".text-line").nth(1).innerText()).toContain("All work");
    expect(await accessibilityProblems(text)).toEqual([]);
    const raw = await open(`${containers}/raw`, ".raw-body");
    await expect.poll(async () => raw.locator(".raw-lines").innerText()).toContain("00000010");
    await session().shot("artifact-bytes", "current");
  });

  it("opens again after a reload of the window what was open before", async () => {
    const { workbench } = session();
    const frame = await open(`${containers}/nested`, "[role=tree]");
    await frame.getByRole("treeitem", { name: /^0/ }).click();
    await frame.getByRole("treeitem", { name: /^1: \[2/ }).waitFor();
    await workbench.settle();
    const loaded = workbench.page.waitForEvent("load");
    await workbench.command("Developer: Reload Window");
    await loaded;
    const again = await workbench.webview("[role=tree]");
    await again.getByRole("treeitem", { name: /^1: \[2/ }).waitFor();
  });

  it("shows a grid as it was left: after another view, and after a reload", async () => {
    const { workbench } = session();
    const frame = await open(`${containers}/rows`, "[role=grid]");
    await frame.getByRole("gridcell", { name: "customer 0", exact: true }).waitFor();
    const grid = frame.getByRole("grid", { name: "Cells of rows" });
    await grid.press("ArrowUp");
    await grid.press("Enter");
    await grid.press("Enter");
    await frame.locator("[role=columnheader][aria-sort=descending]").waitFor();
    await frame.getByRole("textbox", { name: "Filter Rows" }).fill("id >= 10");
    await frame.getByText("50 of 60 rows").waitFor();
    await frame.getByRole("gridcell", { name: "customer 50", exact: true }).click();
    await frame.getByRole("gridcell", { name: "customer 50", exact: true, selected: true }).waitFor();
    const isAsLeft = async (shown: Frame): Promise<void> => {
      await shown.getByRole("gridcell", { name: "customer 50", exact: true, selected: true }).waitFor();
      await shown.getByText("50 of 60 rows").waitFor();
      await shown.locator("[role=columnheader][aria-sort=descending]").waitFor();
      expect(await shown.getByRole("textbox", { name: "Filter Rows" }).inputValue()).toBe("id >= 10");
    };
    await frame.getByRole("tab", { name: "Statistics" }).click();
    await frame.getByText("Rows where id >= 10").waitFor();
    const id = frame.getByRole("row", { name: /^id/ });
    await expect.poll(async () => id.getByRole("gridcell").nth(3).innerText()).toBe("10");
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-statistics-filter", "current");
    await frame.getByRole("button", { name: "Of All Rows" }).click();
    await expect.poll(async () => id.getByRole("gridcell").nth(3).innerText()).toBe("0");
    await frame.getByRole("tab", { name: "Grid" }).click();
    await isAsLeft(frame);
    await workbench.settle();
    const loaded = workbench.page.waitForEvent("load");
    await workbench.command("Developer: Reload Window");
    await loaded;
    await isAsLeft(await workbench.webview("[role=grid]"));
  });

  it("says why an artifact cannot be shown, and shows it once it can", async () => {
    const pathspec = `${containers}/pair`;
    const blob = await blobOf(pathspec);
    await rename(blob, `${blob}.away`);
    const frame = await open(pathspec, ".failure");
    const said = await frame.locator(".failure").innerText();
    expect(said).toContain("pair cannot be shown");
    expect(said).toContain(pathspec);
    expect(said).toContain("is missing in local@");
    expect(said).toContain("What to do");
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-missing", "current");
    await rename(`${blob}.away`, blob);
    await frame.getByRole("button", { name: "Try Again" }).click();
    await frame.getByRole("treeitem", { name: /^0: 1/ }).waitFor();
  });

  it("shows the readable part of a damaged value, and what is wrong with the rest", async () => {
    const pathspec = `${containers}/rows`;
    const blob = await blobOf(pathspec);
    const whole = await readFile(blob);
    await writeFile(blob, whole.subarray(0, Math.floor(whole.length / 2)));
    const frame = await open(pathspec, ".banner.warning");
    expect(await frame.locator(".banner.warning").innerText()).toContain(
      "Only a part of the value could be read",
    );
    await frame.getByRole("gridcell", { name: "customer 0", exact: true }).waitFor();
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("artifact-damaged");
    await writeFile(blob, whole);
  });
});
