/** Cards: of runs that ended, of a run that is under way, and in other places than where they are usually. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metaflowEnv, runPlan, signalGroup, startPython, until } from "../../samples/run.mjs";
import { collect } from "../../src/base/async.ts";
import { openMetaflow, type Card, type CardUpdate, type Metaflow } from "../../src/client/index.ts";
import { ensurePython } from "../../tools/python.mjs";
import { EXTRA_FLOWS, fixtureStore } from "../fixtures/store.mjs";
import { countReads } from "../helpers/reads.ts";
import { Asker } from "./asker.ts";
import { compareAll } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPython, USER } from "./oracle.ts";

const ids = (cards: readonly Card[]): (string | undefined)[] => cards.map(({ id }) => id);
const open = async (cwd: string, env: Record<string, string> = {}): Promise<Metaflow> =>
  openMetaflow({ cwd, namespace: null, env: { METAFLOW_USER: USER, ...env } });

describe("the cards of a task", () => {
  let project: string;
  let runs: Readonly<Record<string, string>>;
  let mf: Metaflow;

  beforeAll(async () => {
    ({ project, runs } = await fixtureStore());
    mf = await open(project);
  }, 300_000);
  afterAll(async () => mf.close());

  it("come with what is known of them, the one that the flow ranks high first", async () => {
    const task = await (await mf.step(`${runs["cards"]}/start`)).task();
    const cards = (await task?.cards()) ?? [];
    expect(ids(cards)[0]).toBe("notes");
    expect(cards.map(({ type }) => type).sort()).toEqual(["blank", "blank", "blank", "default"]);
    const { info } = cards.find(({ id }) => id === "progress")!;
    expect(info).toMatchObject({ attempt: 0, isRuntimeCard: true, refreshSeconds: 1, rank: undefined });
    expect(info?.createdAt.getTime()).toBeGreaterThan(task!.createdAt.getTime());
  });

  it("of all its attempts are told apart by the attempt that was asked for", async () => {
    const task = (await (await mf.step(`${runs["cards"]}/again`)).task())!;
    expect((await task.cards()).map(({ info }) => info?.attempt)).toEqual([0, 1]);
    expect((await task.ofAttempt(0).cards()).map(({ info }) => info?.attempt)).toEqual([0]);
    expect(await task.ofAttempt(3).cards()).toEqual([]);
  });

  it("are those of the first origin of a task that was cloned twice, unless they are not asked for", async () => {
    const clone = (await (await mf.step(`${runs["cards-again"]}/start`)).task())!;
    const origin = (await (await mf.step(`${runs["cards"]}/start`)).task())!;
    expect((await clone.cards()).map(({ task }) => task.pathspec)).toEqual(Array(4).fill(origin.pathspec));
    expect(await clone.cards({ followResumed: false })).toEqual([]);
  });

  it("are none where the step has none", async () => {
    expect(await (await (await mf.step(`${runs["cards"]}/plain`)).task())?.cards()).toEqual([]);
    expect(await (await (await mf.step(`${runs["cards"]}/_parameters`)).task())?.cards()).toEqual([]);
  });

  it("are found by a part of their hash", async () => {
    const task = (await (await mf.step(`${runs["cards"]}/start`)).task())!;
    const [first] = await task.cards();
    expect(ids(await task.cards({ hash: first!.hash.slice(0, 5) }))).toContain("notes");
    expect(await task.cards({ hash: "no hash" })).toEqual([]);
  });

  it("are listed without reading one", async () => {
    const task = (await (await mf.step(`${runs["cards"]}/start`)).task())!;
    const reads = countReads();
    const cards = await task.cards();
    const read = [...reads.files];
    reads.stop();
    expect(cards).toHaveLength(4);
    expect(read.filter((file) => file.includes("mf.cards"))).toEqual([]);
  });

  it("end to be watched at once when they are final, and where their attempt failed", async () => {
    const start = (await (await mf.step(`${runs["cards"]}/start`)).task())!;
    const [final] = await start.cards({ id: "progress" });
    const kinds = (await collect(final!.watch())).map(({ kind }) => kind);
    expect(kinds).toEqual(["html", "data"]);
    const again = (await (await mf.step(`${runs["cards"]}/again`)).task())!;
    const [failed] = await again.ofAttempt(0).cards();
    expect((await collect(failed!.watch())).map(({ kind }) => kind)).toEqual(["html"]);
  });
});

describe("a card of a task that is under way", () => {
  let python: string;
  let project: string;
  let gate: string;
  let run: string;
  let started: ReturnType<typeof startPython>;
  let mf: Metaflow;

  beforeAll(async () => {
    python = await ensurePython();
    project = await mkdtemp(join(tmpdir(), "metaflow-cards-"));
    gate = join(project, "gate");
    await runPlan({ python, project, plan: [], more: [EXTRA_FLOWS] });
    const idFile = join(project, "run.id");
    const flow = ["cards_flow.py", "--no-pylint", "run", "--run-id-file", idFile, "--gate", gate];
    started = startPython(python, flow, { cwd: project, env: metaflowEnv(python, USER) });
    await until(async () => (await readFile(idFile, "utf8").catch(() => "")) !== "", "the run's id");
    run = `CardsFlow/${(await readFile(idFile, "utf8")).trim()}`;
    mf = await open(project);
  }, 120_000);

  afterAll(async () => {
    signalGroup(started.pid, "SIGKILL");
    await started.ended;
    await mf.close();
    await rm(project, { recursive: true, force: true });
  });

  it("shows what the task writes, as it writes it, until it is final", async () => {
    let card: Card | undefined;
    await until(async () => (card = await liveCard()) !== undefined, "the card of the last step");
    const updates: CardUpdate[] = [];
    const values: unknown[] = [];
    for await (const update of card!.watch({ everyMs: 50, signal: AbortSignal.timeout(60_000) })) {
      updates.push(update);
      if (update.kind === "data") values.push(update.data.data);
      // It has shown what the task says while it waits: now it may end.
      if (JSON.stringify(values).includes('"value":1')) await writeFile(gate, "");
    }
    expect(updates[0]?.kind).toBe("html");
    const last = updates.at(-1)!;
    const html = updates.findLast((each) => each.kind === "html");
    expect(html?.html).toContain('METAFLOW_RELOAD_TOKEN = "final"');
    expect(last.kind === "html" || last.data.reload_token === "final").toBe(true);
    expect((await started.ended).code).toBe(0);
  }, 120_000);

  describe("and then lies elsewhere", () => {
    it("is found where Metaflow kept cards before 2.7.10, as by Python; other files are taken for none", async () => {
      const own = join(project, ".metaflow/mf.cards/CardsFlow/runs", run.split("/")[1]!);
      for (const step of await readdir(join(own, "steps"))) {
        for (const task of await readdir(join(own, "steps", step, "tasks"))) {
          await mkdir(join(own, "tasks", task), { recursive: true });
          await rename(join(own, "steps", step, "tasks", task, "cards"), join(own, "tasks", task, "cards"));
        }
      }
      const asked = await askPython(python, project, { flows: ["CardsFlow"] });
      const ofCards = asked.filter(({ question }) => question.startsWith("Task.cards"));
      expect(
        ofCards.filter(({ answer }) => Array.isArray(answer) && answer.length > 0).length,
      ).toBeGreaterThan(5);
      const asker = new Asker(`local@${project}`);
      const tallies = await compareAll(ofCards, new Answers(asked), asker);
      await asker.close();
      expect([...tallies.values()].flatMap(({ mismatches }) => mismatches)).toEqual([]);
      for (const name of ["tmp3k4jx2", "one-too-many-parts.html", "notes.txt"])
        await writeFile(join(own, "tasks/1/cards", name), "");
      expect(await (await mf.task(`${run}/start/1`)).cards()).toHaveLength(4);
    }, 120_000);

    it("is found where the settings say that cards are", async () => {
      const elsewhere = join(project, "all-cards");
      await rename(join(project, ".metaflow/mf.cards"), elsewhere);
      expect(await (await mf.task(`${run}/start/1`)).cards()).toEqual([]);
      const told = await open(project, { METAFLOW_CARD_LOCALROOT: elsewhere });
      const cards = await (await told.task(`${run}/start/1`)).cards();
      expect(cards).toHaveLength(4);
      expect(await cards[0]?.html()).toContain("<html");
      await told.close();
    });
  });

  async function liveCard(): Promise<Card | undefined> {
    const step = (await mf.run(run).then(async (it) => it.has("end")))
      ? await mf.step(`${run}/end`)
      : undefined;
    return (await (await step?.task())?.cards())?.[0];
  }
});
