import { describe, expect, it } from "vitest";
import { lacksFlow, parseReference } from "../../../../src/features/pathspec/parse.ts";

describe("parseReference", () => {
  it("reads a pathspec of one to five parts, quoted or with stray slashes and spaces", () => {
    expect(parseReference("F")).toEqual({ pathspec: "F" });
    expect(parseReference(" /F/1/s/2/x/ \n")).toEqual({ pathspec: "F/1/s/2/x" });
    expect(parseReference("'F/1'")).toEqual({ pathspec: "F/1" });
    expect(parseReference("`F/argo-f-x7k2`")).toEqual({ pathspec: "F/argo-f-x7k2" });
  });

  it("reads Python expressions of the client", () => {
    expect(parseReference("Task('F/1/s/2')")).toEqual({ pathspec: "F/1/s/2", attempt: undefined });
    expect(parseReference('metaflow.Task("F/1/s/2", attempt=3)')).toEqual({
      pathspec: "F/1/s/2",
      attempt: 3,
    });
    expect(parseReference("Run('F/1')['train']['7']")).toMatchObject({ pathspec: "F/1/train/7" });
    expect(parseReference("Task('F/1/s/2').data.loss")).toMatchObject({ pathspec: "F/1/s/2/loss" });
    expect(parseReference("Task('F/1/s/2')['x'].data")).toMatchObject({ pathspec: "F/1/s/2/x" });
    expect(parseReference("Task('F/1/s/2').stderr")).toMatchObject({ pathspec: "F/1/s/2", stream: "stderr" });
    expect(parseReference("DataArtifact('F/1/s/2/x')")).toMatchObject({ pathspec: "F/1/s/2/x" });
  });

  it("reads the addresses of documents, encoded or not", () => {
    expect(parseReference("metaflow:/F/1/s/2/stdout.log?attempt=1")).toEqual({
      pathspec: "F/1/s/2",
      attempt: 1,
      stream: "stdout",
    });
    expect(parseReference("metaflow:/F/1/s/2/x.artifact?attempt%3D0")).toEqual({
      pathspec: "F/1/s/2/x",
      attempt: 0,
    });
    expect(parseReference("metaflow:/F/1/~code/flow.py")).toMatchObject({ pathspec: "F/1" });
  });

  it("reads a line that the scheduler printed, which names no flow", () => {
    const line = "2026-11-23 17:02:13.123 [1795422677711326/start/1 (pid 4711)] Task is starting.";
    expect(parseReference(line)).toEqual({ pathspec: "1795422677711326/start/1" });
    expect(lacksFlow("1795422677711326/start/1")).toBe(true);
    expect(lacksFlow("F/1")).toBe(false);
  });

  it("refuses what names nothing", () => {
    for (const text of [
      "",
      "/",
      "F//1",
      "F/../1",
      "a/b/c/d/e/f",
      "Task('F/1')",
      "import os",
      "F/1 and more",
    ]) {
      expect(parseReference(text), text).toBeUndefined();
    }
  });
});
