import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMetaflow } from "../../src/client/index.ts";
import { Branches } from "../../src/features/tree/branches.ts";
import { NO_FILTER, type RunFilter } from "../../src/features/tree/filter/filter.ts";
import { parseFilter } from "../../src/features/tree/filter/syntax.ts";
import { findRow } from "../../src/features/tree/reveal.ts";
import type { Row } from "../../src/features/tree/row.ts";
import { RunRow } from "../../src/features/tree/rows/run.ts";
import { countReads } from "../helpers/reads.ts";
import { RootRow } from "../../src/features/tree/rows/root.ts";
import type { Source } from "../../src/features/tree/source.ts";
import { targetOfPathspec } from "../../src/features/targets.ts";
import { taskWithin } from "../../src/features/taskWithin.ts";
import { sampleProject } from "../../tools/demo.mjs";

/** The rows of the sidebar without VS Code, on the sample datastore. */
interface Tree {
  readonly branches: Branches;
  readonly root: RootRow;
  readonly problems: unknown[];
  rows(...path: string[]): Promise<readonly Row[]>;
  lines(...path: string[]): Promise<string[]>;
}

const around = { now: new Date(), locale: "en", runLabel: "id" as const };
const lineOf = (row: Row): string => {
  const { label, description } = row.look(around);
  return description === "" ? label : `${label} | ${description}`;
};

async function treeOf(
  project: string,
  namespace: string | null,
  filter: RunFilter = NO_FILTER,
  patienceMs = 60_000,
): Promise<Tree> {
  const metaflow = await openMetaflow({ metadata: `local@${project}`, namespace });
  const problems: unknown[] = [];
  const source: Source = {
    metaflow,
    filter,
    patienceMs,
    later: async (work) => work(),
    changed: () => undefined,
    note: (_row, error) => problems.push(error),
  };
  const root = new RootRow(async () => Promise.resolve(source));
  const branches = new Branches((_row, error) => problems.push(error) < 0);
  const rows = async (...path: string[]): Promise<readonly Row[]> => {
    let at: readonly Row[] = await branches.children(root);
    for (const label of path) {
      const row = at.find((each) => each.look(around).label.startsWith(label));
      if (row === undefined) throw new Error(`no row ${label} among ${at.map(lineOf).join(", ")}`);
      at = await branches.children(row);
    }
    return at;
  };
  return { branches, root, problems, rows, lines: async (...path) => (await rows(...path)).map(lineOf) };
}

/** To the second, in this machine's zone, as a person types it. */
const localText = (date: Date): string => {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
};

describe("the sidebar's rows on the sample datastore", () => {
  let folder: string;
  let project: string;
  let newest: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-tree-"));
    project = await sampleProject(join(folder, "project"));
    const flow = await (
      await openMetaflow({ metadata: `local@${project}`, namespace: null })
    ).flow("TrainFlow");
    newest = (await flow.latestRun())?.id ?? "";
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  it("has the flow with the newest run first, and it is open", async () => {
    const rows = await (await treeOf(project, null)).rows();
    expect(rows[0]?.look(around).label).toBe("TrainFlow");
    expect(rows.map(({ folding }) => folding).filter((folding) => folding === "open")).toHaveLength(1);
  });

  it("shows only flows with runs in the namespace", async () => {
    const own = await (await treeOf(project, "user:ada")).lines();
    const all = await (await treeOf(project, null)).lines();
    expect(own.length).toBeGreaterThan(0);
    expect(own.length).toBeLessThan(all.length);
  });

  it("lists runs newest first", async () => {
    const runs = await (await treeOf(project, null)).rows("TrainFlow");
    const ids = runs.map((row) => row.target?.pathspec.split("/")[1]);
    expect(ids[0]).toBe(newest);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  it("shows the steps of a switch that was not taken as skipped, in the order of the graph", async () => {
    const tree = await treeOf(project, null);
    const [run] = await tree.rows("RouteFlow");
    const lines = await tree.lines("RouteFlow", run?.look(around).label ?? "");
    expect(lines.some((line) => line.endsWith("| skipped"))).toBe(true);
    const names = lines.map((line) => line.split(" | ")[0]);
    expect(names.indexOf("start")).toBeLessThan(names.indexOf("end"));
  });

  it("shows how steps stand also when they are read again before it is known", async () => {
    const tree = await treeOf(project, null, NO_FILTER, 0);
    const runs = await tree.rows("TrainFlow");
    const run = runs.find((row) => row.target?.pathspec === `TrainFlow/${newest}`)!;
    const steps = await tree.branches.children(run);
    tree.branches.invalidate(run);
    expect(await tree.branches.children(run)).toEqual(steps);
    const started = steps.filter((step) => step.kind === "step" && step.folding === "closed");
    expect(started.length).toBeGreaterThan(0);
    await expect.poll(() => started.every(({ known }) => known)).toBe(true);
  });

  it("opens a step with one task straight into what the task holds", async () => {
    const tree = await treeOf(project, null);
    const labels = (await tree.rows("TrainFlow", newest, "start")).map((row) => row.kind);
    expect(labels.slice(0, 2)).toEqual(["log", "log"]);
    expect(labels).toContain("artifact");
    expect(labels.slice(-2)).toEqual(["internal", "metadata"]);
  });

  it("calls foreach tasks by index and value", async () => {
    const tree = await treeOf(project, null);
    const [first] = await tree.lines("TrainFlow", newest, "train");
    expect(first).toMatch(/^\[0\] \w+ = /);
  });

  it("groups the tasks of a wide foreach by their state", async () => {
    const tree = await treeOf(project, null);
    const [run] = await tree.rows("ScoreFlow");
    const steps = await tree.rows("ScoreFlow", run?.look(around).label ?? "");
    const wide = steps.find((step) => /\d+ tasks/.test(step.look(around).description));
    const groups = await tree.branches.children(wide!);
    expect(groups.map(({ kind }) => kind)).toContain("group");
    const tasks = await tree.branches.children(groups[0]!);
    expect(tasks[0]?.kind).toBe("task");
    expect(tasks.length).toBeGreaterThan(30);
  });

  it("is read to people who cannot see it: every row by its label first", async () => {
    const tree = await treeOf(project, null);
    await tree.rows("TrainFlow", newest, "train");
    const [first] = await tree.rows("ScoreFlow");
    await tree.rows("ScoreFlow", first?.look(around).label ?? "", "score");
    for (const row of tree.branches.all()) {
      const { label, spoken } = row.look(around);
      expect(spoken.startsWith(label)).toBe(true);
    }
  });

  it("filters by status, and flows without such a run are gone", async () => {
    const tree = await treeOf(project, null, parseFilter("status:failed").filter);
    const flows = await tree.rows();
    expect(flows.length).toBeGreaterThan(1);
    for (const flow of flows) {
      const runs = await tree.branches.children(flow);
      expect(runs.length).toBeGreaterThan(0);
      expect(runs.every((run) => run.look(around).contextValue === "metaflow:run+failed")).toBe(true);
    }
  });

  it("filters by parameters, which are read of the runs that pass everything else alone", async () => {
    const all = await (await treeOf(project, null)).rows("RouteFlow");
    const below = await treeOf(project, null, parseFilter("accuracy<0.9").filter);
    expect((await below.rows()).map((row) => row.look(around).label)).toEqual(["RouteFlow"]);
    const runs = await below.rows("RouteFlow");
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.length).toBeLessThan(all.length);
    const reads = countReads();
    try {
      const lin = await treeOf(project, null, parseFilter("user:nobody accuracy<0.9").filter);
      expect((await lin.rows()).map(({ kind }) => kind)).toEqual([]);
    } finally {
      reads.stop();
    }
    expect(
      reads.files.filter((file) => file.includes("/RouteFlow/") && file.includes("_parameters")),
    ).toEqual([]);
  });

  it("filters by the time of the start", async () => {
    const all = await (await treeOf(project, null)).rows("TrainFlow");
    const [second] = all.slice(1);
    const started = second instanceof RunRow ? second.run.startedAt : new Date(0);
    const text = `since:"${localText(started)}"`;
    const runs = await (await treeOf(project, null, parseFilter(text).filter)).rows("TrainFlow");
    expect(runs.map(({ id }) => id).slice(0, 2)).toEqual(all.slice(0, 2).map(({ id }) => id));
    expect(await (await treeOf(project, null, parseFilter("until:2001-01-01").filter)).rows()).toEqual([]);
  });

  it("says of a flow whose runs the filter all hides that none matches, with a way to clear it", async () => {
    const tree = await treeOf(project, null, parseFilter("no-such-run").filter);
    tree.root.pin("TrainFlow");
    const rows = await tree.rows("TrainFlow");
    expect(rows.map(({ kind }) => kind)).toEqual(["action", "action"]);
    expect(rows.map(lineOf)).toEqual(["No runs match the filter", "Clear Filter"]);
  });

  it("knows which task of a run or step people mean: the only one, or the first that failed", async () => {
    const metaflow = await openMetaflow({ metadata: `local@${project}`, namespace: null });
    const meant = async (pathspec: string): Promise<string | undefined> =>
      (await taskWithin(metaflow, targetOfPathspec(pathspec)!, {}))?.pathspec;
    const runs = await (await treeOf(project, null, parseFilter("status:failed").filter)).rows("TrainFlow");
    const failed = runs[0]?.target?.pathspec ?? "";
    const failure = await (await metaflow.run(failed)).firstFailure();
    expect(await meant(failed)).toBe(failure?.task.pathspec);
    expect(await meant(`${failed}/train`)).toBe(failure?.task.pathspec);
    const start = await (await metaflow.step(`${failed}/start`)).task();
    expect(await meant(`${failed}/start`)).toBe(start?.pathspec);
    expect(await meant(`TrainFlow/${newest}`)).toBeUndefined();
    expect(await meant(`TrainFlow/${newest}/train`)).toBeUndefined();
  });

  it("finds the row of any object, whatever has to be opened for it", async () => {
    const tree = await treeOf(project, null);
    const [run] = await tree.rows("ScoreFlow");
    const metaflow = await openMetaflow({ metadata: `local@${project}`, namespace: null });
    for await (const step of await metaflow.run(run?.target?.pathspec ?? "")) {
      const task = await step.task();
      const row = await findRow(targetOfPathspec(task?.pathspec ?? "")!, tree.root, tree.branches);
      expect(["task", "step"]).toContain(row.kind);
    }
  });

  it("finds a run that the filter hides", async () => {
    const tree = await treeOf(project, null, parseFilter("no-such-run").filter);
    expect(await tree.rows()).toEqual([]);
    const row = await findRow(targetOfPathspec(`TrainFlow/${newest}`)!, tree.root, tree.branches);
    expect(row.target?.pathspec).toBe(`TrainFlow/${newest}`);
  });

  it("says of an object without a row that it has none", async () => {
    const tree = await treeOf(project, null);
    await expect(findRow(targetOfPathspec("TrainFlow/1")!, tree.root, tree.branches)).rejects.toThrow(
      "TrainFlow/1",
    );
  });

  it("shows a damaged run as a problem, and everything beside it", async () => {
    const runs = await (await treeOf(project, null)).rows("IngestFlow");
    const broken = runs[0]?.target?.pathspec ?? "";
    await writeFile(join(project, ".metaflow", broken, "_meta", "_self.json"), '{"run_number": "17');
    const tree = await treeOf(project, null);
    const after = await tree.rows("IngestFlow");
    expect(after.map(({ kind }) => kind).sort()).toEqual(
      ["problem", ...runs.slice(1).map(() => "run")].sort(),
    );
    const problem = after.find(({ kind }) => kind === "problem");
    expect(problem?.look(around).label).toBe(broken.split("/")[1]);
    expect(problem?.look(around).description).toContain("_self.json");
  });

  it("shows a run that cannot be asked for what the filter asks as a problem, and everything beside it", async () => {
    const runs = await (await treeOf(project, null)).rows("RouteFlow");
    const broken = runs[0]?.target?.pathspec ?? "";
    const [step] = await readdir(join(project, ".metaflow", broken, "_parameters"));
    const meta = join(project, ".metaflow", broken, "_parameters", step ?? "", "_meta");
    for (const file of await readdir(meta))
      if (file.includes("artifact")) await writeFile(join(meta, file), "{");
    const after = await (await treeOf(project, null, parseFilter("accuracy>0").filter)).rows("RouteFlow");
    expect(after.map(({ kind }) => kind).sort()).toEqual(
      ["problem", ...runs.slice(1).map(() => "run")].sort(),
    );
    expect(after.find(({ kind }) => kind === "problem")?.look(around).label).toBe(broken.split("/")[1]);
  });
});
