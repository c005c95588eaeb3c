import { describe, expect, it } from "vitest";
import { cardDataKey, cardFolders, parseCardName } from "../../../../src/client/cards/names.ts";

const TASK = ["F", "1", "start", "2"];

describe("the name of a card's file", () => {
  it("tells type and hash, and the id where the card has one", () => {
    expect(parseCardName("default-0a1b.html")).toEqual({ type: "default", id: undefined, hash: "0a1b" });
    expect(parseCardName("taskspec_card-my_id-0a1b.html")).toEqual({
      type: "taskspec_card",
      id: "my_id",
      hash: "0a1b",
    });
  });

  it.each([
    "tmp3k4jx2",
    "default.html",
    "a-b-c-d.html",
    "default-.html",
    "-0a1b.html",
    "default-0a1b.html.tmp",
  ])("is not '%s'", (file) => {
    expect(parseCardName(file)).toBeUndefined();
  });

  it("leads to its runtime data, which are below the step also where the card is not", () => {
    expect(cardFolders(TASK)).toEqual(["F/runs/1/steps/start/tasks/2/cards", "F/runs/1/tasks/2/cards"]);
    expect(cardDataKey(TASK, { type: "blank", id: "notes", hash: "0a1b" })).toBe(
      "F/runs/1/steps/start/tasks/2/runtime/blank-notes-0a1b.data.json",
    );
    expect(cardDataKey(TASK, { type: "blank", id: undefined, hash: "0a1b" })).toBe(
      "F/runs/1/steps/start/tasks/2/runtime/blank-0a1b.data.json",
    );
  });
});
