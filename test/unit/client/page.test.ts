import { describe, expect, it } from "vitest";
import { collect } from "../../../src/base/async.ts";
import { MetaflowConfig } from "../../../src/client/config.ts";
import type { ChildQuery, MetadataProvider } from "../../../src/client/metadata/provider.ts";
import { Metaflow } from "../../../src/client/model/metaflow.ts";
import type { ObjectRecord } from "../../../src/client/records.ts";
import { Session } from "../../../src/client/session.ts";

const START_MS = 1_790_000_000_000;
const RUNS = 500;

/** Flows `A` and `B` of many runs, one a second, every tenth of A by ada; a run has the steps `start` and `end`. */
class ManyRuns implements Partial<MetadataProvider> {
  readonly description = "memory";
  /** How many records were given. */
  read = 0;
  queries: ChildQuery[] = [];

  async record(path: readonly string[]): Promise<ObjectRecord | undefined> {
    return Promise.resolve(recordAt(path, Number(path[1] ?? 0)));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, what is made up is not
  async *children(path: readonly string[], query: ChildQuery = {}): AsyncIterable<ObjectRecord> {
    this.queries.push(query);
    for (const record of childrenOf(path)) {
      if (query.after !== undefined && !isBehind(record, query.after)) continue;
      this.read++;
      yield record;
    }
  }
}

/** Newest first, and of what began in the same millisecond the highest number; no number is behind all. */
function isBehind({ startedAtMs, path }: ObjectRecord, after: NonNullable<ChildQuery["after"]>): boolean {
  if (startedAtMs !== after.startedAtMs) return startedAtMs < after.startedAtMs;
  return after.id !== "" && Number(path.at(-1)) < Number(after.id);
}

function childrenOf(path: readonly string[]): ObjectRecord[] {
  if (path.length === 0) return ["B", "A"].map((name, at) => recordAt([name], RUNS - at));
  if (path.length === 2) return ["end", "start"].map((name, at) => recordAt([...path, name], 10 - at));
  // Two tasks each time.
  const width = path.length === 3 ? 2 : 1;
  return Array.from({ length: RUNS }, (_, at) =>
    recordAt([...path, String(RUNS - at)], Math.ceil((RUNS - at) / width)),
  );
}

function recordAt(path: readonly string[], second: number): ObjectRecord {
  const startedAtMs = START_MS + second * 1000;
  const isAda = path[0] === "A" && Number(path[1]) % 10 === 0;
  const systemTags = path.length === 1 ? [] : [isAda ? "user:ada" : "user:bob"];
  return { path, createdAtMs: startedAtMs, startedAtMs, userTags: [], systemTags };
}

async function session(): Promise<{ metaflow: Metaflow; provider: ManyRuns }> {
  const provider = new ManyRuns();
  // What pages ask for.
  const known = provider as unknown as MetadataProvider;
  const config = await MetaflowConfig.load({ env: { METAFLOW_HOME: "/nowhere" }, cwd: "/nowhere" });
  return { metaflow: new Metaflow(new Session(config, known, { namespace: null }), "memory"), provider };
}

const at = (second: number): Date => new Date(START_MS + second * 1000);

describe("a page", () => {
  it("ends at `since` without reading on, whatever else is asked for", async () => {
    const { metaflow, provider } = await session();
    const flow = await metaflow.flow("A");
    const page = await flow.page({ since: at(RUNS - 3), tags: ["none has it"] });
    expect(page).toEqual({ items: [], problems: [], cursor: undefined });
    expect(provider.read).toBe(5);
  });

  it("begins at `until` without reading what is newer", async () => {
    const { metaflow, provider } = await session();
    const flow = await metaflow.flow("A");
    const { items, cursor } = await flow.page({ until: at(100), limit: 3 });
    expect(items.map((run) => run.id)).toEqual(["100", "99", "98"]);
    expect(provider.read).toBe(4);
    const next = await flow.page({ until: at(100), limit: 3, cursor });
    expect(next.items.map((run) => run.id)).toEqual(["97", "96", "95"]);
  });

  it("holds to `until` behind the cursor of a page that was asked for without", async () => {
    const flow = await (await session()).metaflow.flow("A");
    const { cursor } = await flow.page({ limit: 2 });
    const { items } = await flow.page({ until: at(100), limit: 2, cursor });
    expect(items.map((run) => run.id)).toEqual(["100", "99"]);
  });

  it("holds to `until` between those that began at the same time", async () => {
    const step = await (await session()).metaflow.step("A/10/start");
    const { items, cursor } = await step.page({ until: at(100), limit: 1 });
    expect(items.map((task) => task.id)).toEqual(["200"]);
    const before = new Date(at(100).getTime() - 1);
    expect((await step.page({ until: before, limit: 1, cursor })).items.map((task) => task.id)).toEqual([
      "198",
    ]);
  });

  it("of steps knows the filters of one of runs", async () => {
    const run = await (await session()).metaflow.run("A/10");
    const ids = async (query: Parameters<typeof run.page>[0]): Promise<string[]> =>
      (await run.page(query)).items.map((step) => step.id);
    expect(await ids({ text: "STA" })).toEqual(["start"]);
    expect(await ids({ user: "ada" })).toEqual(["end", "start"]);
    expect(await ids({ user: "bob" })).toEqual([]);
    expect(await ids({ until: at(9) })).toEqual(["start"]);
    expect(await ids({ since: at(10) })).toEqual(["end"]);
  });

  it("of flows has those with a run that is as asked for", async () => {
    const { metaflow } = await session();
    const names = async (query: Parameters<typeof metaflow.page>[0]): Promise<string[]> =>
      (await metaflow.page(query)).items.map((flow) => flow.id);
    expect(await names({})).toEqual(["B", "A"]);
    expect(await names({ user: "ada" })).toEqual(["A"]);
    expect(await names({ text: "b" })).toEqual(["B"]);
    expect(await names({ user: "ada", since: at(RUNS) })).toEqual(["A"]);
    expect(await names({ user: "ada", since: at(RUNS + 1) })).toEqual([]);
  });

  it("of flows is followed by the next", async () => {
    const { metaflow } = await session();
    const first = await metaflow.page({ limit: 1 });
    const second = await metaflow.page({ limit: 1, cursor: first.cursor });
    expect([first, second].flatMap(({ items }) => items.map((flow) => flow.id))).toEqual(["B", "A"]);
    expect(second.cursor).toBeUndefined();
    expect(await collect(metaflow)).toHaveLength(2);
  });
});
