import { describe, expect, it, vi } from "vitest";
import type { FindParams } from "../../../../src/protocol/arrange.ts";
import { GridFind } from "../../../../src/webview/artifact/table/find.ts";
import { Viewer } from "../../../../src/webview/artifact/viewer.ts";

// The page's own texts come from its head.
vi.mock(import("../../../../src/webview/kit/page.ts"), async () =>
  Promise.resolve({ headData: () => undefined }),
);
vi.stubGlobal("document", { documentElement: { lang: "en" } });

function made(total: { of: number | Error }): {
  readonly find: GridFind;
  readonly goTo: ReturnType<typeof vi.fn>;
  readonly asked: FindParams[];
} {
  const asked: FindParams[] = [];
  const viewer = new Viewer({
    request: async (_, params) => {
      asked.push(params as FindParams);
      if (total.of instanceof Error) throw total.of;
      const hits = total.of === 0 ? [] : [{ row: 4, column: 1 }];
      return Promise.resolve({ hits, before: 0, total: total.of, complete: true } as never);
    },
  });
  const goTo = vi.fn();
  const find = new GridFind(viewer, {
    place: () => ({ node: 1 }),
    arrangement: () => undefined,
    focus: () => ({ row: 2, column: 0 }),
    goTo,
    onChange: () => undefined,
  });
  find.open();
  return { find, goTo, asked };
}

describe("what is looked for in a grid", () => {
  it("is counted anew where other rows are shown, and the focus stays", async () => {
    const total: { of: number | Error } = { of: 17 };
    const { find, goTo, asked } = made(total);
    find.again();
    expect(asked).toEqual([]);
    find.type("a", false);
    await vi.waitFor(() => {
      expect(find.count).toBe("1 of 17");
    });
    expect(goTo).toHaveBeenCalledTimes(1);
    total.of = 3;
    find.again();
    await vi.waitFor(() => {
      expect(find.count).toBe("1 of 3");
    });
    expect(goTo).toHaveBeenCalledTimes(1);
  });

  it("says why it cannot be looked for, until it can", async () => {
    const total: { of: number | Error } = { of: new Error("the thread has ended") };
    const { find } = made(total);
    find.type("a", false);
    await vi.waitFor(() => {
      expect(find.count).toBe("the thread has ended");
    });
    total.of = 2;
    find.step(1);
    await vi.waitFor(() => {
      expect(find.count).toBe("1 of 2");
    });
  });
});
