import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Frame } from "playwright-core";

const require = createRequire(import.meta.url);

/** What axe-core finds wrong with a page, one line each. */
export async function accessibilityProblems(frame: Frame): Promise<string[]> {
  // Not as a script element: the page's policy refuses code that is not the extension's.
  await frame.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
  return frame.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
    );
  });
}
