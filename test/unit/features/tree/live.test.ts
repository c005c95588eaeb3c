import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type {
  Changes,
  Metaflow,
  Run,
  RunStatus,
  Status,
  Step,
  StepStatus,
} from "../../../../src/client/index.ts";
import { explained } from "../../../../src/client/status/reason.ts";
import { Branches } from "../../../../src/features/tree/branches.ts";
import { NO_FILTER } from "../../../../src/features/tree/filter/filter.ts";
import { Live } from "../../../../src/features/tree/live.ts";
import { Row, type Look } from "../../../../src/features/tree/row.ts";
import { RunRow } from "../../../../src/features/tree/rows/run.ts";
import { StepRow } from "../../../../src/features/tree/rows/step.ts";
import type { Source } from "../../../../src/features/tree/source.ts";

/** A row with the children that the test gives it. */
class TestRow extends Row {
  readonly kind = "flow";
  loads = 0;
  answer: () => Promise<readonly Row[]> = async () => Promise.resolve([]);

  override look(): Look {
    return { label: this.id, description: "", icon: undefined, contextValue: "", spoken: this.id };
  }

  override async load(): Promise<readonly Row[]> {
    this.loads++;
    return this.answer();
  }
}

/** A run whose steps are given. */
class TestRun extends RunRow {
  loads = 0;
  steps: readonly StepRow[] = [];

  override async load(): Promise<readonly Row[]> {
    this.loads++;
    return Promise.resolve(this.steps);
  }
}

const statusOf = (state: Status["state"]): StepStatus => ({
  state,
  since: new Date(),
  duration: undefined,
  ...explained({ kind: "no-tasks" }),
  settled: false,
  counts: { pending: 0, running: 0, completed: 0, failed: 0, stale: 0, unknown: 0 },
  expected: 1,
});

describe("Live", () => {
  let tell: (pathspec: string) => void;
  let refreshed: string[];
  let branches: Branches;
  let root: TestRow;
  let metaflow: Metaflow;
  let source: Source;
  let live: Live | undefined;
  const begin = (): void => {
    const tree = {
      branches,
      root,
      refresh: (row: Row = root) => refreshed.push(row.id),
      repaint: () => undefined,
    };
    live = new Live(tree, metaflow, () => undefined);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    refreshed = [];
    branches = new Branches(() => false);
    root = new TestRow("root");
    const heard: ((pathspec: string) => void)[] = [];
    // The first to listen is the watch of the whole datastore.
    tell = (pathspec) => heard[0]?.(pathspec);
    const watch = (): Changes => ({
      dispose: () => undefined,
      async *[Symbol.asyncIterator]() {
        for (;;) yield { pathspec: await new Promise<string>((resolve) => heard.push(resolve)) };
      },
    });
    // Watching and reading a run again is all that is asked of it here.
    metaflow = {
      metadata: "local@/churn",
      watch,
      run: async () => Promise.resolve(run()),
    } as unknown as Metaflow;
    source = {
      metaflow,
      filter: NO_FILTER,
      patienceMs: 0,
      later: async (work) => work(),
      changed: () => undefined,
      note: () => undefined,
    };
  });
  afterEach(() => {
    live?.dispose();
    vi.useRealTimers();
  });

  let ofRun: RunStatus;
  // All that a row asks of its run here.
  const run = (): Run => ({ pathspec: "F/1", status: async () => Promise.resolve(ofRun) }) as unknown as Run;

  it("has a change wait for the reading under way, and reads again after it", async () => {
    let done: (rows: readonly Row[]) => void = () => undefined;
    const flow = new TestRow("flow:F", root);
    root.answer = async () => Promise.resolve([flow]);
    flow.answer = async () =>
      new Promise((resolve) => {
        done = resolve;
      });
    await branches.children(root);
    const waiting = branches.children(flow);
    begin();
    tell("F");
    await vi.advanceTimersByTimeAsync(1_000);
    expect([flow.loads, refreshed]).toEqual([1, []]);

    done([new TestRow("run:F/1", flow)]);
    expect(await waiting).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    // The editor is told when it can be given the children at once.
    expect([flow.loads, refreshed]).toEqual([2, []]);
    done([new TestRow("run:F/1", flow)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([flow.loads, refreshed]).toEqual([2, ["flow:F"]]);
  });

  it("reads the flows again when one was made while they were first read", async () => {
    let done: (rows: readonly Row[]) => void = () => undefined;
    root.answer = async () =>
      new Promise((resolve) => {
        done = resolve;
      });
    begin();
    const waiting = branches.children(root);
    tell("");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(root.loads).toBe(1);

    done([]);
    expect(await waiting).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    done([new TestRow("flow:F", root)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([root.loads, refreshed]).toEqual([2, ["root"]]);
    expect(branches.find("flow:F")).toBeDefined();
  });

  it("reads a run's steps again when one of them is told of that was only to come", async () => {
    ofRun = { ...statusOf("running"), ...explained({ kind: "starting" }), step: "wait", steps: new Map() };
    const flow = new TestRow("flow:F", root);
    const shown = new TestRun(flow, run(), source);
    shown.steps = [new StepRow(shown, "F/1", "wait", undefined, "pending", source)];
    root.answer = async () => Promise.resolve([flow]);
    flow.answer = async () => Promise.resolve([shown]);
    for (const row of [root, flow, shown]) await branches.children(row);
    begin();
    tell("F/1/wait/2");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(refreshed).toContain("run:F/1");
    await branches.children(shown);
    expect(shown.loads).toBe(2);
  });

  it("looks again at the steps of a run that finds them otherwise than they are shown", async () => {
    let ofStep = statusOf("stale");
    const step = { status: async () => Promise.resolve(ofStep) } as unknown as Step; // All that its row asks of it here.
    const flow = new TestRow("flow:F", root);
    const shown = new TestRun(flow, run(), source);
    ofRun = {
      ...statusOf("running"),
      ...explained({ kind: "starting" }),
      step: undefined,
      steps: new Map([["wait", ofStep]]),
    };
    shown.steps = [new StepRow(shown, "F/1", "wait", step, "started", source)];
    root.answer = async () => Promise.resolve([flow]);
    flow.answer = async () => Promise.resolve([shown]);
    await branches.children(root);
    await branches.children(flow);
    await shown.update({});
    const children = branches.children(shown);
    await vi.advanceTimersByTimeAsync(100);
    await children;
    begin();
    await vi.advanceTimersByTimeAsync(10_100);
    expect([refreshed, shown.loads]).toEqual([[], 1]);

    ofStep = statusOf("running");
    ofRun = { ...ofRun, steps: new Map([["wait", ofStep]]) };
    await vi.advanceTimersByTimeAsync(10_000);
    expect(refreshed).toEqual(["run:F/1"]);
    await branches.children(shown);
    expect(shown.loads).toBe(2);
  });
});
