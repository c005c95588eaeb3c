import { describe, expect, it } from "vitest";
import { MetaNames } from "../../../../src/client/metadata/metaNames.ts";

const names = new MetaNames([
  "0_artifact_x.json",
  "1_artifact_x.json",
  "10_artifact_x.json",
  "1_artifact_y.txt",
  "_self.json",
  "sysmeta_attempt-done_20.json",
  "sysmeta_attempt-done_10.json",
  "sysmeta_attempt_10.json",
  "sysmeta_attempt_ok_10.json",
  "sysmeta_attempt_11.json.part",
]);

describe("the names in a task's folder", () => {
  it("tell the artifacts of one attempt, not those of one with a longer number", () => {
    expect(names.artifacts(1)).toEqual(["1_artifact_x.json"]);
    expect(names.artifacts(0)).toEqual(["0_artifact_x.json"]);
    expect(names.artifacts(2)).toEqual([]);
  });

  it("tell the metadata of a field, not those of one whose name only begins so", () => {
    expect(names.metadata(["attempt"])).toEqual(["sysmeta_attempt_10.json"]);
    expect(names.metadata(["attempt_ok", "missing"])).toEqual(["sysmeta_attempt_ok_10.json"]);
  });

  it("tell all metadata", () => {
    expect(names.metadata().sort()).toEqual([
      "sysmeta_attempt-done_10.json",
      "sysmeta_attempt-done_20.json",
      "sysmeta_attempt_10.json",
      "sysmeta_attempt_ok_10.json",
    ]);
  });

  it("tell the lexically last end of an attempt, in whatever order the folder has them", () => {
    expect(names.lastDone()).toBe("sysmeta_attempt-done_20.json");
    expect(new MetaNames([]).lastDone()).toBeUndefined();
  });
});
