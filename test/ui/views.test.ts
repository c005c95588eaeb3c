import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Frame } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems } from "./accessibility.ts";
import { useSession } from "./session.ts";

describe("the views of a value", () => {
  const session = useSession({
    settings: { "workbench.editorAssociations": { "*.pkl": "metaflow.pickle", "*.npy": "metaflow.pickle" } },
  });

  beforeAll(async () => {
    const { python, folder } = session();
    await promisify(execFile)(python, [join(import.meta.dirname, "flows/values.py"), folder]);
  });

  /** Opens a file, alone; the frame is that of its page. @param view the name of its tab, where there is more than one */
  async function open(file: string, view?: string): Promise<Frame> {
    const { workbench } = session();
    const { page } = workbench;
    await workbench.closeEditors();
    await page.keyboard.press("Control+p");
    await workbench.type(file);
    await workbench.pick(file);
    if (view === undefined) return workbench.webview("[data-main]");
    const frame = await workbench.webview("[role=tablist]");
    await frame.getByRole("tab", { name: view, exact: true }).click();
    return frame;
  }

  /** Presses keys in what the page is about. */
  async function press(frame: Frame, ...keys: string[]): Promise<void> {
    for (const key of keys) await frame.locator("[data-main]").press(key);
  }

  async function says(frame: Frame, selector: string, text: string | RegExp): Promise<void> {
    await expect.poll(async () => frame.locator(selector).first().innerText()).toMatch(text);
  }

  it("show an array as a heat map whose slice, window and cursor the keyboard moves", async () => {
    const frame = await open("wave.npy", "Heat Map");
    await says(frame, ".shape-status", /80 × 120 numbers, each number a rectangle/);
    await press(frame, "Home");
    await says(frame, ".shape-value", /^\[40, 0\] = -?0\.\d+$/);
    await press(frame, "+", "+", "+", "Shift+ArrowRight");
    await says(frame, ".shape-value", /^\[40, 10\] = /);
    await says(frame, "[role=status]", /^\[40, 10\] = /);
    await frame.getByRole("spinbutton", { name: "Position on axis 0, from 0 to 2" }).fill("2");
    await press(frame, "0", "Home");
    await says(frame, ".shape-value", /^\[40, 0\] = /);
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("view-heatmap");
  });

  it("show what the columns of a table come to, which the keyboard goes through", async () => {
    const frame = await open("records.pkl", "Statistics");
    await says(frame, ".statistics-bar", /3 of 3 columns read whole/);
    const loss = frame.getByRole("row", { name: /^loss float/ });
    expect(await loss.innerText()).toMatch(/0\.0033/);
    await press(frame, "ArrowDown");
    await frame.getByRole("row", { name: /^loss/, selected: true }).waitFor();
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("view-statistics");
    await frame.getByRole("searchbox", { name: "Filter columns by name" }).fill("step");
    await expect.poll(async () => frame.locator(".profile-row").count()).toBe(1);
    const wave = await open("wave.npy", "Statistics");
    await says(wave, ".statistics-bar", /120 of 120 columns read whole/);
    await wave.getByRole("combobox", { name: "Columns" }).selectOption({ value: "1" });
    await says(wave, ".statistics-bar", /80 of 80 columns read whole/);
    expect(await accessibilityProblems(wave)).toEqual([]);
  });

  it("show numbers as lines, each value exactly", async () => {
    const list = await open("losses.pkl", "Plot");
    await says(list, ".shape-status", /rows 0 to 299 of 300/);
    await press(list, "Home", "ArrowRight", "ArrowRight");
    await says(list, ".shape-value", /2\s+0 0\.3333333333333333/);
    const records = await open("records.pkl", "Plot");
    await records.locator("summary").click();
    await records.getByRole("checkbox", { name: "loss" }).check();
    await records.locator("summary").click();
    await press(records, "End");
    await says(records, ".shape-value", /299\s+step 299\s+loss 0\.0033333333333333335/);
    expect(await accessibilityProblems(records)).toEqual([]);
    await session().shot("view-plot");
    const wave = await open("wave.npy", "Plot");
    await says(wave, ".shape-status", /rows 0 to 79 of 80/);
    await wave.getByRole("combobox", { name: "Rows" }).selectOption({ value: "2" });
    await wave.getByRole("spinbutton", { name: "Position on axis 0, from 0 to 2" }).fill("1");
    await says(wave, ".shape-status", /rows 0 to 119 of 120/);
    await press(wave, "End");
    await says(wave, ".shape-value", /^119/);
    expect(await accessibilityProblems(wave)).toEqual([]);
    await session().shot("view-plot-slice", "current");
  });

  it("show images, from their file and from an array", async () => {
    const file = await open("picture.pkl", "Image");
    await file.getByRole("img", { name: /picture\.pkl as an image: 100 × 70, PNG/ }).waitFor();
    await expect
      .poll(async () => file.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBe(100);
    await file.getByRole("button", { name: "Zoom In" }).click();
    expect(await accessibilityProblems(file)).toEqual([]);
    await session().shot("view-image");
    const pixels = await open("photo.npy", "Image");
    await pixels.getByRole("img", { name: /90 × 60, colors \(RGB\), 0 is black, 255 is white/ }).waitFor();
    const broken = await open("broken.pkl", "Image");
    await broken.getByText("none that can be shown").waitFor();
  });

  it("show HTML and Markdown without running or loading anything", async () => {
    const markdown = await open("report.pkl", "Page");
    const report = markdown.frameLocator("iframe");
    await report.getByRole("heading", { name: "Report" }).waitFor();
    expect(await report.locator("img").count()).toBe(0);
    expect(await accessibilityProblems(markdown)).toEqual([]);
    await session().shot("view-markdown");
    const asked: string[] = [];
    session().workbench.page.on("request", (request) => asked.push(request.url()));
    const html = await open("card.pkl", "Page");
    const card = html.frameLocator("iframe");
    await card.getByRole("heading", { name: "Card" }).waitFor();
    await card.getByRole("button", { name: "Go" }).click();
    await card.getByText("leave").click();
    await session().workbench.settle();
    await card.getByRole("heading", { name: "Card" }).waitFor();
    expect(asked.filter((url) => url.includes("example.invalid"))).toEqual([]);
    expect(await card.locator("body").innerText()).not.toContain("HACKED");
    // A frame without scripts keeps the keys that are pressed in it from the editor.
    await html.getByRole("tab", { name: "Page" }).click();
  });

  it("show a text of ten megabytes line by line, and JSON set out with every digit", async () => {
    const log = await open("log.pkl", "Text");
    await says(log, ".text-line >> nth=2", /dull log line ‹U\+202E› reversed \\x1b\[31m red/);
    // What comes next is read as the end of what is here comes into sight.
    await expect
      .poll(async () => {
        await press(log, "End");
        return Number(await log.locator(".line-number").last().getAttribute("data-number"));
      })
      .toBeGreaterThan(9_000);
    expect(await accessibilityProblems(log)).toEqual([]);
    const config = await open("config.pkl", "Text");
    await says(config, ".text-line >> nth=1", /"id": 12345678901234567890,/);
    await session().shot("view-json");
    await config.getByRole("checkbox", { name: "Format JSON" }).uncheck();
    await says(config, ".text-line >> nth=0", /^\{"id": 12345678901234567890, "layers"/);
  });

  it("show the bytes of a pickle and of a value, and find some of them", async () => {
    const frame = await open("blob.pkl");
    await says(frame, ".raw-lines", /^00000000/);
    await frame.getByRole("checkbox", { name: "Of the Value Alone" }).uncheck();
    const find = frame.getByRole("textbox", { name: /^Find/ });
    await find.fill("needle");
    await find.press("Enter");
    await says(frame, ".raw-ask:last-of-type [role=status]", /^found at 0x[\da-f]+$/);
    await expect
      .poll(async () => frame.locator(".hex-ascii .hex-marked").allInnerTexts())
      .toEqual(Array.from("needle"));
    await press(frame, "Home");
    await says(frame, ".raw-lines", /^00000000/);
    expect(await accessibilityProblems(frame)).toEqual([]);
    await session().shot("view-raw");
  });
});
