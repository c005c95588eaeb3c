import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPickle, type PyNode } from "../../src/pickle/index.ts";
import type { ExportFormat } from "../../src/protocol/exports.ts";
import { exportValue } from "../../src/worker/export/index.ts";
import { libraryCases, saidBy, type Stack } from "./libraryCases.ts";

const STACKS = ["new", "newest"] as const satisfies readonly Stack[];
const FORMATS = ["parquet", "csv", "json", "npy"] as const satisfies readonly ExportFormat[];

describe.each(STACKS)("files that are written of what the %s libraries pickle", (stack) => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-exports-"));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  it.each(FORMATS)(
    "as %s hold the same values",
    async (format) => {
      const lines: string[] = [];
      for (const { name, family, data, protocol, pickler, tagged } of await libraryCases(stack)) {
        if (
          protocol !== 5 ||
          pickler !== "C" ||
          tagged === null ||
          HAS_NO_FORM.test(name) ||
          NO_FRAME.test(family)
        )
          continue;
        const document = await openPickle(new Uint8Array(Buffer.from(data, "base64")));
        await document.complete;
        if (!fits(document.root, format)) continue;
        const file = join(folder, `${lines.length}.${format}`);
        const pickle = async (): Promise<never> => Promise.reject(new Error("not asked for"));
        await exportValue(
          { root: document.root, pickle },
          { format, file },
          AbortSignal.timeout(60_000),
          () => undefined,
        );
        lines.push(JSON.stringify({ name: `${family}: ${name}`, data, format, file }));
      }
      expect(lines.length).toBeGreaterThan(60);
      const input = `${lines.join("\n")}\n`;
      expect(await saidBy(stack, join(import.meta.dirname, "exports.py"), { input })).toBe("");
    },
    600_000,
  );
});

function fits(root: PyNode, format: ExportFormat): boolean {
  if (format === "npy") return root.npy() !== undefined;
  const table = root.isTabular ? root.table() : undefined;
  const isTable =
    table !== undefined && (table.shape?.length ?? 0) < 3 && (table.kind !== "array" || format !== "json");
  return isTable && table.kind !== "records" && table.kind !== "columns" && table.columnCount > 0;
}

/** What is shown in rows and columns, but is neither a frame nor an array for Python to compare with. */
const NO_FRAME = /^(pyarrow|polars|scipy|torch|PIL|Pillow|sklearn|scikit)/;

/** What a file has no form for: some structured elements, texts of no length, half a pair of surrogates in UTF-8. */
const HAS_NO_FORM =
  /structured (offsets|overlapping|without fields|many)|masked arrays: structured|S of zero length|half a pair/;
