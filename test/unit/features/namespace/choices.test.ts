import { describe, expect, it } from "vitest";
import { namespaceChoices } from "../../../../src/features/namespace/choices.ts";
import { namespaceLabel } from "../../../../src/features/namespaceLabel.ts";

describe("namespaceChoices", () => {
  it("groups what was observed: users, production tokens, projects, branches, then any tag", () => {
    const seen = [
      "nightly",
      "user:bob",
      "user:alice",
      "project_branch:user.alice",
      "project:fraud",
      "production:fraud-0-x",
      "nightly",
    ];
    expect(namespaceChoices(seen)).toEqual([
      { group: "user", namespaces: ["user:alice", "user:bob"] },
      { group: "production", namespaces: ["production:fraud-0-x"] },
      { group: "project", namespaces: ["project:fraud"] },
      { group: "branch", namespaces: ["project_branch:user.alice"] },
      { group: "tag", namespaces: ["nightly"] },
    ]);
  });

  it("leaves out what Metaflow puts on every run", () => {
    expect(
      namespaceChoices([
        "runtime:dev",
        "python_version:3.11.7",
        "metaflow_version:2.19.39",
        "date:2020-01-01",
      ]),
    ).toEqual([]);
  });
});

describe("namespaceLabel", () => {
  it("calls the global namespace what it means", () => {
    expect(namespaceLabel(null)).toBe("all namespaces");
    expect(namespaceLabel("user:alice")).toBe("user:alice");
  });
});
