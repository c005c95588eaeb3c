import { describe, expect, it, vi } from "vitest";
import type { ArrangeAnswer, ArrangeParams } from "../../../../src/protocol/arrange.ts";
import { GridOrder } from "../../../../src/webview/artifact/table/order.ts";
import { Viewer } from "../../../../src/webview/artifact/viewer.ts";
import { RemoteError } from "../../../../src/protocol/wire.ts";

function made(answer: (params: ArrangeParams) => ArrangeAnswer): GridOrder {
  const viewer = new Viewer({
    request: async (_, params) => Promise.resolve().then(() => answer(params as ArrangeParams) as never),
  });
  return new GridOrder(
    viewer,
    () => ({ node: 1 }),
    () => undefined,
  );
}

describe("the rows of a grid", () => {
  it("come of the last filter that could be understood, whatever is typed", async () => {
    const order = made(({ filter }) =>
      filter === "x >"
        ? { problem: { code: "value-expected", about: ">", from: 2, to: 3 } }
        : { arrangement: 1, rowCount: 2, complete: true },
    );
    order.resume({ sorts: [], filter: "x > 1" });
    await vi.waitFor(() => {
      expect(order.shown).toEqual({ sort: [], filter: "x > 1" });
    });
    order.resume({ sorts: [], filter: "x >" });
    await vi.waitFor(() => {
      expect(order.problem?.code).toBe("value-expected");
    });
    expect(order.shown.filter).toBe("x > 1");
    order.resume({ sorts: [], filter: "" });
    expect(order.shown).toEqual({ sort: [], filter: "" });
  });

  it("are put in order once more where another editor took the place of the order", async () => {
    let asked = 0;
    const order = made(() => {
      if (++asked === 1)
        throw new RemoteError({
          name: "Error",
          code: "no-arrangement",
          message: "the arrangement 1 is not kept any more",
        });
      return { arrangement: 2, rowCount: 5, complete: true };
    });
    order.sort(0, false, false);
    await vi.waitFor(() => {
      expect(order.arranged?.arrangement).toBe(2);
    });
    expect([asked, order.failure]).toEqual([2, undefined]);
  });
});
