import { describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import { PAGE_SIZE } from "../../../src/protocol/nodes.ts";
import { keyOf, rowOf, stateOf } from "../../../src/worker/nodes.ts";
import { assemble, le } from "../pickle/assemble.ts";

/** Characters of one row at most: what the thread sends is read by the thread that draws and types, which must not be kept for long. */
const MAX_ROW = 1_500;

const long = (value: string): Uint8Array =>
  assemble("X", le(Buffer.byteLength(value), 4), Buffer.from(value));
const longest = "m".repeat(100_000);

/** Lists of a page of rows, each as large as a pickle can make it. */
const pages: readonly (readonly [string, Uint8Array])[] = [
  ["texts", assemble("](", ...Array.from({ length: PAGE_SIZE }, () => long("\u00e9".repeat(9_000))), "e.")],
  [
    "lists of lists",
    assemble("](", ...Array.from({ length: PAGE_SIZE }, () => assemble("](", long(longest), "e")), "e."),
  ],
  [
    "objects with long names",
    assemble("](", long(longest), long(longest), "\x93)\x81q\0", "h\0".repeat(PAGE_SIZE - 1), "e."),
  ],
  [
    "entries with long keys",
    assemble(
      "}(",
      ...Array.from({ length: PAGE_SIZE }, (_, n) => assemble(long(`${n}${"k".repeat(9_000)}`), "N")),
      "u.",
    ),
  ],
  ["attributes with long names", assemble("cm\nC\n)\x81}(", long(longest), "Nub.")],
];

describe("what the decoding thread sends", () => {
  it.each(pages)("is small for a page of %s", async (_name, pickle) => {
    const document = await openPickle(pickle);
    await document.complete;
    const { root } = document;
    const children = await root.children({ from: 0, to: PAGE_SIZE });
    const rows = children.map((child, at) => rowOf(child.value, keyOf(root, child, at)));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(JSON.stringify(row).length).toBeLessThan(MAX_ROW);
    expect(JSON.stringify(stateOf(document, "here", await document.complete)).length).toBeLessThan(
      2 * MAX_ROW,
    );
  });

  it("is small for a list of a million dictionaries, while it is read and after", async () => {
    const one = assemble("}(", long("id"), "K\x01", long("name"), long("row"), "u");
    // Python appends a thousand at a time.
    const batch = assemble("(", Buffer.alloc(one.length * 1000, one), "e");
    const pickle = assemble("]", Buffer.alloc(batch.length * 1000, batch), ".");
    const document = await openPickle(pickle);
    let told = 0;
    document.onProgress(() => {
      told = Math.max(told, JSON.stringify(stateOf(document, "here", undefined)).length);
    });
    await document.complete;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(MAX_ROW);
    const children = await document.root.children({ from: 999_900, to: 1_000_000 });
    expect(JSON.stringify(children.map(({ value }) => rowOf(value))).length).toBeLessThan(
      PAGE_SIZE * MAX_ROW,
    );
  });
});
