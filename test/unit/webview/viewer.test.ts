import { describe, expect, it } from "vitest";
import type { ArtifactRequests, ViewState } from "../../../src/protocol/artifact.ts";
import type { DocumentState, NodeRow } from "../../../src/protocol/nodes.ts";
import type { TableFacts } from "../../../src/protocol/table.ts";
import { Viewer } from "../../../src/webview/artifact/viewer.ts";

type Answers = { -readonly [M in keyof ArtifactRequests]?: (params: never) => unknown };
interface Asked {
  readonly method: string;
  readonly params: unknown;
}

const row = (id: number, childCount: number, change: Partial<NodeRow> = {}): NodeRow => ({
  id,
  type: childCount > 0 ? "list" : "int",
  family: childCount > 0 ? "sequence" : "number",
  childCount,
  preview: `#${id}`,
  more: false,
  ...change,
});
const facts = { pathspec: "F/1/s/2/x", name: "x", sha: "ab", createdAtMs: 0, metadata: "local@/d" };
const stateOf = (root: NodeRow, change: Partial<DocumentState> = {}): DocumentState => ({
  root,
  settled: true,
  progress: { decodedBytes: 1 },
  warnings: [],
  ...change,
});
/** A list of lists: node 1 has `size` children 1000+i, each with two leaves. */
function hostOf(size: number, answers: Answers = {}) {
  const asked: Asked[] = [];
  const known: Answers = {
    open: () => ({ kind: "value", facts, state: stateOf(row(1, size)) }),
    children: ({ node, from, to }: { node: number; from: number; to: number }) => {
      const childCount = node === 1 ? size : 2;
      const count = Math.max(0, Math.min(to, childCount) - from);
      return {
        from,
        childCount,
        rows: Array.from({ length: count }, (_, i) => row(node * 1000 + from + i, node === 1 ? 2 : 0)),
      };
    },
    copy: () => ({ said: "Copied" }),
    ...answers,
  };
  const host = {
    request: async (method: keyof ArtifactRequests, params: unknown): Promise<never> => {
      asked.push({ method, params });
      await Promise.resolve();
      return known[method]?.(params as never) as never;
    },
  };
  return {
    viewer: new Viewer(host),
    asked,
    pages: () => asked.filter(({ method }) => method === "children").length,
  };
}
const keys = (viewer: Viewer): string[] => viewer.rows.map(({ key }) => key);

const table: TableFacts = {
  kind: "records",
  rowCount: 9,
  columnCount: 2,
  rowLevels: [],
  columnLevels: [""],
};

describe("Viewer", () => {
  it("shows the first page of a container at once, and asks for nothing else", async () => {
    const { viewer, asked } = hostOf(250);
    await viewer.open({ again: false });
    expect(asked).toEqual([
      { method: "open", params: { again: false } },
      { method: "children", params: { node: 1, from: 0, to: 100 } },
    ]);
    expect(keys(viewer)).toHaveLength(102);
  });

  it("asks for nothing of the tree of a table until somebody looks at it, and not again where it was closed", async () => {
    const root = row(1, 9, { tabular: true });
    const { viewer, asked, pages } = hostOf(9, {
      open: () => ({ kind: "value", facts, state: stateOf(row(1, 9), { settled: false }) }),
    });
    await viewer.open({ again: false });
    await viewer.changed(stateOf(root, { table }));
    expect(viewer.screen.shown).toBe("grid");
    expect(asked.map(({ method }) => method)).toEqual(["open"]);
    viewer.showAs("tree");
    await expect.poll(pages).toBe(1);
    viewer.collapse([]);
    viewer.showAs("grid");
    viewer.showAs("tree");
    expect(keys(viewer)).toHaveLength(1);
    expect(pages()).toBe(1);
  });

  it("takes the first cells of a table with the answer, or with the news of it, and knows of none where the value has grown", async () => {
    const root = row(1, 9, { tabular: true });
    const window = { rows: { from: 0, to: 9 }, columns: { from: 0, to: 2 } };
    const first = { window, cells: { rowCount: 9, rows: [] }, columns: [] };
    const { viewer, asked } = hostOf(9, {
      open: () => ({ kind: "value", facts, state: stateOf(root, { table, settled: false }), first }),
    });
    await viewer.open({ again: false, first: window });
    expect(asked).toEqual([{ method: "open", params: { again: false, first: window } }]);
    expect(viewer.screen).toMatchObject({ shown: "grid", subject: { table, first } });
    const grown = { ...table, rowCount: 10 };
    await viewer.changed(stateOf(root, { table: grown, settled: false }));
    expect(viewer.screen.subject?.first).toBeUndefined();
    await viewer.changed(stateOf(root, { table: grown }), first);
    expect(viewer.screen.subject).toMatchObject({ table: grown, first });
  });

  it("looks at a long text as a text at once when the artifact is one, and asks for nothing of a tree", async () => {
    const root = row(1, 0, { type: "str", family: "text", more: true });
    const { viewer, asked } = hostOf(0, { open: () => ({ kind: "value", facts, state: stateOf(root) }) });
    await viewer.open({ again: false });
    expect(viewer.screen.shown).toBe("text");
    expect(asked.map(({ method }) => method)).toEqual(["open"]);
  });

  it("asks for a page once, however often it is wanted while it is under way", async () => {
    const { viewer, pages } = hostOf(300);
    await viewer.open({ again: false });
    await Promise.all([viewer.loadFrom([], 100), viewer.loadFrom([], 100), viewer.loadPage([], 1)]);
    expect(pages()).toBe(2);
    expect(viewer.focusedRow?.key).toBe("100");
  });

  it("does not ask again for a container that is closed and opened", async () => {
    const { viewer, pages } = hostOf(3);
    await viewer.open({ again: false });
    await viewer.toggle([1]);
    await viewer.toggle([1]);
    await viewer.toggle([1]);
    expect(pages()).toBe(2);
    expect(keys(viewer)).toEqual(["", "0", "1", "1/0", "1/1", "2"]);
  });

  it("goes to a position that the person names, and nowhere when they change their mind", async () => {
    let position: number | null = 123_456;
    const { viewer } = hostOf(1_000_000, { askPosition: () => position });
    await viewer.open({ again: false });
    await viewer.goToPosition([]);
    expect(viewer.focusedRow?.key).toBe("123456");
    expect(keys(viewer)).toContain("123456");
    position = null;
    await viewer.goToPosition([]);
    expect(viewer.focusedRow?.key).toBe("123456");
  });

  it("shows a page that failed with its reason, and asks again on demand", async () => {
    let fails = true;
    const { viewer } = hostOf(3, {
      children: ({ from }: { from: number }) => {
        if (fails) throw new Error("the thread is gone");
        return { from, childCount: 1, rows: [row(7, 0)] };
      },
    });
    await viewer.open({ again: false });
    expect(viewer.rows[1]).toMatchObject({
      kind: "failed",
      problem: { message: "the thread is gone" },
    });
    fails = false;
    await viewer.retryPage([], 0);
    expect(keys(viewer)).toEqual(["", "0"]);
  });

  it("opens after a reload what was open before, at the same place", async () => {
    const before = hostOf(500).viewer;
    await before.open({ again: false });
    await before.loadFrom([], 300);
    await before.toggle([302]);
    before.focusOn([302, 1]);
    before.scrolledTo(640);
    const saved = JSON.parse(JSON.stringify(before.state())) as ViewState;
    const { viewer } = hostOf(500);
    await viewer.open({ again: false, saved });
    expect(keys(viewer)).toEqual(keys(before));
    expect(viewer.screen).toMatchObject({ focus: [302, 1], scrollTop: 640 });
  });

  it("drops what arrives for an opening that was given up", async () => {
    let answer: (view: unknown) => void = () => {};
    const { viewer } = hostOf(1, {
      open: async ({ again }: { again: boolean }) =>
        again
          ? { kind: "failure", pathspec: "F/1/s/2/x", problem: { code: "x", message: "newer" } }
          : new Promise((resolve) => {
              answer = resolve;
            }),
    });
    const first = viewer.open({ again: false });
    await viewer.open({ again: true });
    answer({ kind: "value", facts, state: stateOf(row(1, 1)) });
    await first;
    expect(viewer.screen.view).toMatchObject({ kind: "failure", problem: { message: "newer" } });
  });

  it("shows a growing value's first page as soon as there is one, and all pages anew once it is whole", async () => {
    let size = 0;
    const { viewer, pages } = hostOf(0, {
      open: () => ({ kind: "value", facts, state: stateOf(row(1, 0), { settled: false }) }),
      children: ({ from, to }: { from: number; to: number }) => ({
        from,
        childCount: size,
        rows: Array.from({ length: Math.min(to, size) - from }, (_, i) => row(10 + from + i, 0)),
      }),
    });
    await viewer.open({ again: false });
    expect(pages()).toBe(0);
    size = 40;
    await viewer.changed(stateOf(row(1, 40), { settled: false }));
    expect(keys(viewer)).toHaveLength(41);
    size = 150;
    await viewer.changed(stateOf(row(1, 150), { settled: false }));
    expect(keys(viewer)).toHaveLength(102);
    const before = pages();
    await viewer.changed(stateOf(row(1, 150)));
    expect(pages()).toBe(before + 1);
  });

  it("looks at a text whose rest is still arriving as a text, as soon as it is known to be one", async () => {
    const root = row(1, 0, { type: "opaque", family: "unknown" });
    const beginning = row(1, 0, { type: "str", family: "text", more: true });
    const { viewer } = hostOf(0, {
      open: () => ({ kind: "value", facts, state: stateOf(root, { settled: false }) }),
    });
    await viewer.open({ again: false });
    expect(viewer.screen.shown).toBe("tree");
    await viewer.changed(stateOf(beginning, { settled: false }));
    expect(viewer.screen.shown).toBe("text");
  });

  it("stays with the way to look that the person has chosen while the value grows", async () => {
    const root = row(1, 0, { type: "str", family: "text", more: true });
    const { viewer } = hostOf(0, {
      open: () => ({ kind: "value", facts, state: stateOf(root, { settled: false }) }),
    });
    await viewer.open({ again: false });
    viewer.showAs("raw");
    await viewer.changed(stateOf({ ...root, length: 30 }));
    expect(viewer.screen.shown).toBe("raw");
  });

  it("says so when the decoding thread ended, and can be opened again", async () => {
    const { viewer } = hostOf(2);
    await viewer.open({ again: false });
    viewer.lost({ code: "lost", message: "The thread that decodes artifacts ended: out of memory" });
    expect(viewer.screen.view).toMatchObject({ kind: "failure", problem: { code: "lost" } });
    await viewer.open({ again: true, saved: viewer.state() });
    expect(viewer.screen.view?.kind).toBe("value");
  });

  it("shows what its question is answered with where the thread ended before", async () => {
    const problem = { code: "lost", message: "The thread that decodes artifacts ended: out of memory" };
    const { viewer } = hostOf(0, { open: () => ({ kind: "failure", pathspec: "F/1/s/2/x", problem }) });
    const opening = viewer.open({ again: false });
    viewer.lost(problem);
    await opening;
    expect(viewer.screen.view).toMatchObject({ kind: "failure", problem });
  });

  it("says what was copied, or why it was not", async () => {
    const { viewer, asked } = hostOf(2);
    await viewer.open({ again: false });
    viewer.focusOn([1]);
    await viewer.copyFocused("json");
    expect(asked.at(-1)).toEqual({ method: "copy", params: { what: "json", path: [1] } });
    expect(viewer.screen.said).toBe("Copied");
    const broken = hostOf(2, {
      copy: () => {
        throw new Error("The value is too large for the clipboard");
      },
    }).viewer;
    await broken.copy("json", []);
    expect(broken.screen.said).toContain("too large");
  });
});
