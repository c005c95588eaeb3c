import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/base/async.ts";
import { cardUpdates, type CardUpdate, type ChangingCard } from "../../../../src/client/cards/reload.ts";

/** What a card holds at one look: the token of its HTML, the token and the time of its data. */
type State = readonly [html: string, data?: string, createdOn?: number];

const htmlOf = (token: string): string => `<script>var METAFLOW_RELOAD_TOKEN = "${token}"</script>`;

/** A card that goes from state to state, one a look, and is over with the last. */
function changing(states: readonly State[]): ChangingCard & { readonly reads: string[] } {
  let at = 0;
  const reads: string[] = [];
  const state = (): State => states[Math.min(at, states.length - 1)] ?? [""];
  return {
    reads,
    html: async () => {
      reads.push("html");
      return Promise.resolve(htmlOf(state()[0]));
    },
    data: async () => {
      reads.push("data");
      const [, token, createdOn = 0] = state();
      return Promise.resolve(
        token === undefined ? undefined : { reload_token: token, data: {}, created_on: createdOn },
      );
    },
    isOver: async () => Promise.resolve(++at >= states.length),
  };
}

const told = (updates: readonly CardUpdate[]): string[] =>
  updates.map((each) =>
    each.kind === "html" ? (/"(.*)"/.exec(each.html)?.[1] ?? "") : `data ${each.data.created_on}`,
  );

describe("cardUpdates", () => {
  it("gives the HTML, then its data as often as they are new, and reads the HTML once", async () => {
    const card = changing([["a"], ["a", "a", 1], ["a", "a", 1], ["a", "a", 2], ["a", "a", 2]]);
    expect(told(await collect(cardUpdates(card, 1)))).toEqual(["a", "data 1", "data 2"]);
    expect(card.reads.filter((read) => read === "html")).toHaveLength(1);
  });

  it("gives the HTML anew when the data's token says that it is another one", async () => {
    const card = changing([
      ["a", "a", 1],
      ["a", "a", 1],
      ["b", "b", 2],
      ["b", "b", 2],
    ]);
    expect(told(await collect(cardUpdates(card, 1)))).toEqual(["a", "data 1", "b", "data 2"]);
  });

  it("waits with data for an HTML that is not written yet", async () => {
    const card = changing([["a"], ["a", "b", 1], ["a", "b", 1], ["b", "b", 1], ["b", "b", 1]]);
    expect(told(await collect(cardUpdates(card, 1)))).toEqual(["a", "b", "data 1"]);
  });

  it("ends with the final HTML and its data, though the task has not ended", async () => {
    const card = changing([["a", "a", 1], ["a", "a", 1], ["final", "final", 2], ["x"], ["x"], ["x"]]);
    expect(told(await collect(cardUpdates(card, 1)))).toEqual(["a", "data 1", "final", "data 2"]);
  });

  it("ends when the task ended without it, after one more look", async () => {
    expect(told(await collect(cardUpdates(changing([["a"], ["a", "a", 7]]), 1)))).toEqual(["a", "data 7"]);
  });

  it("does not wait for HTML that takes no data", async () => {
    const card = { ...changing([["a"], ["a"], ["a"]]), html: async () => Promise.resolve("<p>old</p>") };
    expect(await collect(cardUpdates(card, 1))).toEqual([{ kind: "html", html: "<p>old</p>" }]);
  });

  it("ends with the reason of an abort", async () => {
    const abort = new AbortController();
    const updates = cardUpdates(changing([["a"], ["a"], ["a"]]), 600_000, { signal: abort.signal });
    await updates.next();
    const next = updates.next();
    abort.abort(new Error("closed"));
    await expect(next).rejects.toThrow("closed");
  });
});
