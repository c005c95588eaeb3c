/** The marketplace's icon, `media/icon.png`: the drawing of the activity bar in white on a ground. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./chromium.mjs";

const SIZE_PX = 256;
const DRAWING = fileURLToPath(new URL("../media/metaflow.svg", import.meta.url));
const ICON = fileURLToPath(new URL("../media/icon.png", import.meta.url));

const drawing = (await readFile(DRAWING, "utf8")).replaceAll("#000", "#fff");
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: SIZE_PX, height: SIZE_PX } });
  await page.setContent(
    `<style>body { margin: 0 } div { box-sizing: border-box; width: ${SIZE_PX}px; height: ${SIZE_PX}px; padding: 44px; border-radius: 48px; ` +
      `background: linear-gradient(150deg, #7b5cd6, #3b2a8c) } svg { width: 100%; height: 100% }</style><div>${drawing}</div>`,
  );
  await writeFile(ICON, await page.screenshot({ omitBackground: true }));
} finally {
  await browser.close();
}
