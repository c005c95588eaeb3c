import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openPickle } from "../../src/pickle/index.ts";
import { copyCells } from "../../src/worker/copy/index.ts";
import { libraryCases, saidBy, STACKS } from "./libraryCases.ts";

/** What has no source that makes it again, and is written as a list of equal values. */
const AS_LIST = /S of zero length|without a unit|structured (subarrays|of structures|many)/;
/** What is shown in rows and columns, but is neither a frame nor an array for Python to compare with. */
const NO_FRAME = /^(pyarrow|polars|scipy|torch|PIL|Pillow|sklearn|scikit)/;
const ALL = [{ from: 0, to: Number.MAX_SAFE_INTEGER }];

describe.each(STACKS)("cells of what the %s libraries pickle, copied as Python source", (stack) => {
  it("evaluate to equal values", async () => {
    const lines: string[] = [];
    for (const { name, family, data, protocol, pickler } of await libraryCases(stack)) {
      if (protocol !== 5 || pickler !== "C" || AS_LIST.test(name)) continue;
      const document = await openPickle(new Uint8Array(Buffer.from(data, "base64")));
      await document.complete;
      const table = document.root.isTabular ? document.root.table() : undefined;
      if (table === undefined || NO_FRAME.test(family) || (table.shape?.length ?? 0) > 2) continue;
      const params = { rows: ALL, columns: ALL, format: "python", headers: true, rowLabels: true } as const;
      const { text, approximated } = await copyCells(table, params);
      if (approximated === 0) lines.push(JSON.stringify({ name: `${family}: ${name}`, data, python: text }));
    }
    expect(lines.length).toBeGreaterThan(300);
    const input = `${lines.join("\n")}\n`;
    expect(await saidBy(stack, join(import.meta.dirname, "cells.py"), { input })).toBe("");
  }, 600_000);
});
