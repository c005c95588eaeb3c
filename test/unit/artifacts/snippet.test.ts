import { describe, expect, it } from "vitest";
import { fileSnippetOf, snippetOf } from "../../../src/features/artifacts/snippet.ts";

describe("snippetOf", () => {
  it("reads the artifact with Metaflow's client", () => {
    expect(snippetOf({ pathspec: "Train/17/start/1/metrics" })).toBe(
      'from metaflow import Task\n\nmetrics = Task("Train/17/start/1").data.metrics\n',
    );
  });

  it("names the attempt and goes down to a part", () => {
    expect(snippetOf({ pathspec: "Train/17/start/1/m", attempt: 2, expression: '["k"][3].loss' })).toContain(
      'm = Task("Train/17/start/1", attempt=2).data.m["k"][3].loss\n',
    );
  });

  it("leaves the namespace where the sidebar shows all of them", () => {
    expect(snippetOf({ pathspec: "F/1/s/2/x", anyNamespace: true })).toBe(
      'from metaflow import Task, namespace\n\nnamespace(None)\nx = Task("F/1/s/2").data.x\n',
    );
  });

  it("gives a private artifact a variable of its own", () => {
    expect(snippetOf({ pathspec: "F/1/s/2/_task_ok" })).toContain(
      'task_ok = Task("F/1/s/2").data._task_ok\n',
    );
    expect(snippetOf({ pathspec: "F/1/s/2/odd-name" })).toContain(
      'odd_name = Task("F/1/s/2")["odd-name"].data\n',
    );
  });
});

describe("fileSnippetOf", () => {
  it("reads a file as it was written, whatever its name says", () => {
    expect(fileSnippetOf({ file: "/data/my-model.pkl", format: "pickle" }, '["a"]')).toBe(
      'import pickle\n\nwith open("/data/my-model.pkl", "rb") as file:\n    my_model = pickle.load(file)["a"]\n',
    );
    expect(fileSnippetOf({ file: "C:\\x\\w.pickle.gz", format: "gzip" })).toBe(
      'import gzip\nimport pickle\n\nwith gzip.open("C:\\\\x\\\\w.pickle.gz", "rb") as file:\n    w = pickle.load(file)\n',
    );
    expect(fileSnippetOf({ file: "/w.npy", format: "npy" }, "[3]")).toBe(
      'import numpy as np\n\nw = np.load("/w.npy")[3]\n',
    );
    expect(fileSnippetOf({ file: "/w.npy", format: "npy", objects: true })).toBe(
      'import numpy as np\n\nw = np.load("/w.npy", allow_pickle=True)\n',
    );
    expect(fileSnippetOf({ file: "/packed.pkl", format: "gzip" })).toBe(
      'import gzip\nimport pickle\n\nwith gzip.open("/packed.pkl", "rb") as file:\n    packed = pickle.load(file)\n',
    );
  });
});
