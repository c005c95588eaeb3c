import { describe, expect, it } from "vitest";
import { MetaflowError } from "../../../../src/client/errors.ts";
import type { Status, StatusCode } from "../../../../src/client/index.ts";
import { explained } from "../../../../src/client/status/reason.ts";
import { artifactIcon, artifactText, shortType } from "../../../../src/features/tree/artifactText.ts";
import { codeBlock, escapeMarkdown, factsTable, lastLines } from "../../../../src/features/tree/markdown.ts";
import { problemText } from "../../../../src/features/tree/problemText.ts";
import { runLabel, runStateText, systemTag, tagsText } from "../../../../src/features/tree/runText.ts";
import { iconOf, STATE_ORDER, stateText } from "../../../../src/features/tree/state.ts";
import { stepText, taskState, taskText } from "../../../../src/features/tree/taskText.ts";
import { withoutMetaflowFrames } from "../../../../src/features/tree/tooltips.ts";

const now = new Date(2026, 10, 23, 12, 0, 0);
const CODES: Record<Status["state"], StatusCode> = {
  pending: { kind: "starting" },
  running: { kind: "running", attempt: 0 },
  completed: { kind: "completed", attempt: 0 },
  failed: { kind: "failed", attempt: 0 },
  stale: { kind: "silent" },
  unknown: { kind: "unobservable" },
};
const status = (state: Status["state"], code: StatusCode = CODES[state]): Status => ({
  state,
  since: new Date(now.getTime() - 90_000),
  duration: 12 * 60_000,
  ...explained(code),
  settled: false,
});

describe("runLabel", () => {
  const started = new Date(2026, 10, 23, 9, 14, 7);
  const around = { now, locale: "en" };
  it("calls a local run by its time and every other run by its id", () => {
    expect(runLabel("1795440926808197", started, "auto", around)).toBe("Today 09:14");
    expect(runLabel("argo-train-x7k2", started, "auto", around)).toBe("argo-train-x7k2");
    expect(runLabel("42", started, "auto", around)).toBe("42");
  });

  it("does as the setting says", () => {
    expect(runLabel("1795440926808197", started, "id", around)).toBe("1795440926808197");
    expect(runLabel("42", started, "time", around)).toBe("Today 09:14");
  });
});

describe("runStateText", () => {
  it("says how far a running run has come and for how long it runs", () => {
    const progress = { step: "train", done: 37, total: 100 };
    expect(runStateText(status("running"), progress, undefined, now)).toBe("train 37/100 · 2 min");
    expect(runStateText(status("running"), { ...progress, total: undefined }, undefined, now)).toBe(
      "train · 2 min",
    );
  });

  it("says where a run failed and by what", () => {
    const failure = { where: "train[3]", exception: "ValueError" };
    expect(runStateText(status("failed"), undefined, failure, now)).toBe("failed in train[3] · ValueError");
    expect(runStateText(status("failed"), undefined, undefined, now)).toBe("failed · 12 min");
  });

  it.each([
    ["completed", "12 min"],
    ["stale", "no sign of life since 2 min"],
    ["pending", "pending"],
    ["unknown", "last activity 2 min ago"],
  ] as const)("says of a %s run: %s", (state, text) => {
    expect(runStateText(status(state), undefined, undefined, now)).toBe(text);
  });

  it("says nothing of what is not known yet", () => {
    expect(runStateText(undefined, undefined, undefined, now)).toBe("");
  });
});

describe("tags", () => {
  it("shows the user's own and finds Metaflow's", () => {
    expect(tagsText(["nightly", "two words"])).toBe("#nightly #two words");
    expect(systemTag(new Set(["runtime:dev", "user:a:b"]), "user")).toBe("a:b");
    expect(systemTag(new Set(), "user")).toBeUndefined();
  });
});

describe("taskText", () => {
  it("says when a task took more than one attempt", () => {
    expect(taskText(status("completed", { kind: "completed", attempt: 1 }), now)).toBe(
      "12 min · in attempt 1",
    );
    expect(taskText(status("completed"), now)).toBe("12 min");
  });

  it("shows a clone as what it is", () => {
    const cloned = status("completed", { kind: "cloned" });
    expect(taskText(cloned, now)).toBe("cloned");
    expect(taskState(cloned)).toBe("cloned");
  });

  it("says what a running task is at", () => {
    expect(taskText(status("running"), now)).toBe("2 min");
    expect(taskText(status("running", { kind: "retrying", attempt: 0, crashed: false }), now)).toBe(
      "2 min · attempt 0 failed, retrying",
    );
  });
});

describe("stepText", () => {
  const around = { now, locale: "en" };
  it("counts the tasks of a foreach", () => {
    const facts = {
      status: status("running"),
      counts: { completed: 37, running: 16, failed: 1 },
      expected: 1000,
    };
    expect(stepText(facts, around)).toBe("37/1,000 · 1 failed · 2 min");
  });

  it("says how many there were when all completed", () => {
    const facts = { status: status("completed"), counts: { completed: 3 }, expected: 3 };
    expect(stepText(facts, around)).toBe("3 tasks · 12 min");
  });

  it("speaks of the one task as of a task", () => {
    expect(stepText({ status: status("running"), counts: { running: 1 }, expected: 1 }, around)).toBe(
      "2 min",
    );
    expect(
      stepText({ status: status("failed", { kind: "killed" }), counts: { failed: 1 }, expected: 1 }, around),
    ).toBe("killed by the scheduler · 12 min");
  });
});

describe("states", () => {
  it("have an icon, a word and a place in the order, each its own", () => {
    const icons = STATE_ORDER.filter((state) => state !== "loading").map((state) => iconOf(state).id);
    expect(new Set(icons).size).toBe(icons.length);
    expect(new Set(STATE_ORDER.map(stateText)).size).toBe(STATE_ORDER.length);
    expect(STATE_ORDER[0]).toBe("failed");
  });
});

describe("artifactText", () => {
  it("shows a small value, else type and size", () => {
    expect(artifactText({ sizeBytes: 20, type: "<class 'float'>", value: "0.01" })).toBe("0.01");
    expect(
      artifactText({ sizeBytes: 3_200_000, type: "<class 'pandas.core.frame.DataFrame'>", value: undefined }),
    ).toBe("DataFrame · 3.2 MB");
    expect(artifactText({ sizeBytes: undefined, type: undefined, value: undefined })).toBe("");
  });

  it("keeps a value on its row", () => {
    expect(artifactText({ sizeBytes: 20, type: undefined, value: "'a\nb'" })).toBe("'a b'");
  });

  it("knows families of types by their names", () => {
    expect(artifactIcon("<class 'pandas.core.frame.DataFrame'>").id).toBe("table");
    expect(artifactIcon("<class 'sklearn.linear_model.LogisticRegressionClassifier'>").id).toBe(
      "circuit-board",
    );
    expect(artifactIcon(undefined).id).toBe("symbol-field");
    expect(shortType("<class 'int'>")).toBe("int");
    expect(shortType(undefined)).toBeUndefined();
  });
});

describe("problemText", () => {
  it("begins with the name of the place, which is what a narrow view shows", () => {
    const key = "/home/ada/.metaflow/F/1/_meta/_self.json";
    expect(problemText(new MetaflowError(`${key} is not valid JSON: it\nis empty`, { key }))).toBe(
      "_self.json is not valid JSON: it is empty",
    );
    const context = { store: "local@/home/ada", key: "F" };
    expect(problemText(new MetaflowError("cannot read /home/ada/.metaflow/F: no way", context))).toBe(
      "cannot read .metaflow/F: no way",
    );
    expect(problemText(new Error("disk on fire"))).toBe("disk on fire");
  });
});

describe("markdown", () => {
  it("shows hostile text as text", () => {
    expect(escapeMarkdown("[x](command:evil) <img> `a`")).toBe("\\[x\\]\\(command:evil\\) \\<img\\> \\`a\\`");
    expect(factsTable("F|1", [["a", "x|y\nz"]])).toContain("| a | x\\|y z |");
  });

  it("heads the table with its first fact, and keeps names on one line", () => {
    expect(
      factsTable("F", [
        ["a b", "1"],
        ["c", "2"],
      ]),
    ).toBe("**F**\n\n| a\u00a0b | 1 |\n|:--|:--|\n| c | 2 |");
  });

  it("leaves out what is not known", () => {
    expect(factsTable("F", [["a", undefined]])).toBe("**F**");
  });

  it("lets no text close its block", () => {
    expect(codeBlock("a\n```\nb").startsWith("````\n")).toBe(true);
  });

  it("keeps the end of a trace, where the cause is", () => {
    expect(lastLines("1\n2\n3\n", 2)).toBe("…\n2\n3");
  });
});

describe("withoutMetaflowFrames", () => {
  it("begins with the flow's own code", () => {
    const trace = [
      "Traceback (most recent call last):",
      '  File "/lib/site-packages/metaflow/cli.py", line 1, in main',
      "    start()",
      '  File "/lib/site-packages/metaflow/task.py", line 113, in _exec',
      "    step_function()",
      '  File "/home/ada/train_flow.py", line 57, in train',
      "    raise Diverged()",
      "Diverged: loss",
    ].join("\n");
    expect(withoutMetaflowFrames(trace)).toBe(
      '  File "/home/ada/train_flow.py", line 57, in train\n    raise Diverged()\nDiverged: loss',
    );
  });

  it("keeps a trace that has no other frames", () => {
    expect(withoutMetaflowFrames("ValueError: no")).toBe("ValueError: no");
  });
});
