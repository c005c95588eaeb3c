import { describe, expect, it } from "vitest";
import type { ArtifactRequests } from "../../../../src/protocol/artifact.ts";
import type { NodeRow, PageParams } from "../../../../src/protocol/nodes.ts";
import { Keys } from "../../../../src/webview/artifact/tree/keys.ts";
import { Viewer } from "../../../../src/webview/artifact/viewer.ts";

const row = (id: number, childCount: number): NodeRow => ({
  id,
  type: childCount > 0 ? "list" : "int",
  family: childCount > 0 ? "sequence" : "number",
  childCount,
  preview: `#${id}`,
  more: false,
});

/** A list of three: 10 with three leaves, 11 with five leaves, and 10 again. Pages come when they are let. */
async function slowList() {
  const held: (() => void)[] = [];
  let holds = false;
  let fails = false;
  const answer = ({ node, from }: PageParams): unknown => {
    const rows =
      node === 1
        ? [row(10, 3), row(11, 5), row(10, 3)]
        : Array.from({ length: node === 10 ? 3 : 5 }, (_, at) => row(node * 10 + at, 0));
    return { from, childCount: rows.length, rows };
  };
  const host = {
    request: async (method: keyof ArtifactRequests, params: unknown): Promise<never> => {
      if (method === "open") {
        const facts = { pathspec: "F/1/s/2/x", name: "x", sha: "ab", createdAtMs: 0, metadata: "local@/d" };
        const state = { root: row(1, 3), settled: true, progress: { decodedBytes: 1 }, warnings: [] };
        return { kind: "value", facts, state } as never;
      }
      if (holds) await new Promise<void>((resolve) => held.push(resolve));
      if (fails) throw new Error("the store does not answer");
      return answer(params as PageParams) as never;
    },
  };
  const viewer = new Viewer(host);
  const keys = new Keys(viewer);
  await viewer.open({ again: false });
  holds = true;
  return {
    viewer,
    press: (...pressed: readonly string[]) => {
      for (const key of pressed) keys.press({ key, atMs: 0, pageRows: 10 });
    },
    arrive: async (how: "well" | "not" = "well") => {
      fails = how === "not";
      for (const resolve of held.splice(0)) resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
    focus: () => viewer.focusedRow?.key,
  };
}

describe("the keyboard while children are under way", () => {
  it("leads to the same row as when they are there at once", async () => {
    const { press, arrive, focus } = await slowList();
    press("ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown");
    expect(focus()).toBe("0?0");
    await arrive();
    expect(focus()).toBe("0/2");
  });

  it("goes on behind children that were passed", async () => {
    const { press, arrive, focus } = await slowList();
    press("ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp");
    await arrive();
    expect(focus()).toBe("0/2");
  });

  it("leads back at once, and drops what waited", async () => {
    const { press, arrive, focus } = await slowList();
    press("ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft");
    expect(focus()).toBe("0");
    await arrive();
    expect(focus()).toBe("0");
  });

  it("goes on behind children that do not come", async () => {
    const { press, arrive, focus } = await slowList();
    press("ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown");
    await arrive("not");
    expect(focus()).toBe("1");
  });

  it("forgets what waits when the mouse goes elsewhere", async () => {
    const { viewer, press, arrive, focus } = await slowList();
    press("ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown");
    viewer.focusOn([2]);
    await arrive();
    expect(focus()).toBe("2");
  });

  it("leaves to the editor what means nothing in a tree", async () => {
    const { viewer } = await slowList();
    const keys = new Keys(viewer);
    for (const key of ["Tab", "F1", "Escape"]) {
      expect(keys.press({ key, atMs: 0, pageRows: 10 })).toBe(false);
    }
  });
});

describe("the keyboard in a tree that is there", () => {
  it("follows the link of an object that stands elsewhere already", async () => {
    const { press, focus } = await slowList();
    press("End");
    expect(focus()).toBe("2");
    press("Shift+Enter");
    expect(focus()).toBe("0");
    press("Shift+Enter");
    expect(focus()).toBe("0");
  });

  it("stays on a container that is closed and opened again", async () => {
    const { viewer, press, arrive, focus } = await slowList();
    press("ArrowDown", "ArrowRight", "ArrowDown");
    await arrive();
    await viewer.toggle([]);
    expect(focus()).toBe("");
    await viewer.toggle([]);
    expect(focus()).toBe("");
  });
});
