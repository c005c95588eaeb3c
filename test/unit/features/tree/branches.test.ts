import { beforeEach, describe, expect, it, vi } from "vitest";
import type { IoOptions } from "../../../../src/base/io.ts";
import { ServiceException } from "../../../../src/client/errors.ts";
import { Branches } from "../../../../src/features/tree/branches.ts";
import { Row, type Look } from "../../../../src/features/tree/row.ts";
import { settle } from "../../../../src/features/tree/settle.ts";

/** A row whose children are given, and given out when the test says so. */
class TestRow extends Row {
  readonly kind = "flow";
  loads = 0;
  adopted: Row[] = [];
  outdated = false;
  learning: (children: readonly Row[], io: IoOptions) => Promise<void> = async () => Promise.resolve();
  updating: () => Promise<unknown> = async () => Promise.resolve();
  isKnown = true;
  signal: AbortSignal | undefined;
  moreSignal: AbortSignal | undefined;
  answer: (load: number) => Promise<readonly Row[]> = async () => Promise.resolve([]);

  more: () => Promise<readonly Row[]> = async () => Promise.resolve([]);

  override get known(): boolean {
    return this.isKnown;
  }

  async loadMore(io: IoOptions): Promise<readonly Row[]> {
    this.moreSignal = io.signal;
    return this.more();
  }

  override look(): Look {
    return { label: this.id, description: "", icon: undefined, contextValue: "", spoken: this.id };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    this.signal = io.signal;
    return this.answer(++this.loads);
  }

  override async learn(children: readonly Row[], io: IoOptions): Promise<void> {
    return this.learning(children, io);
  }

  override async update(): Promise<void> {
    await this.updating();
  }

  override adopt(newer: Row): boolean {
    this.adopted.push(newer);
    return this.outdated;
  }
}

const test = (row: Row | undefined): TestRow => {
  if (row instanceof TestRow) return row;
  throw new Error("not one of the test's rows");
};
const ids = (rows: readonly Row[]): string[] => rows.map(({ id }) => id);
const deferred = <T>(): { promise: Promise<T>; resolve: (value: T) => void } => {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

describe("Branches", () => {
  let problems: unknown[];
  let branches: Branches;
  let root: TestRow;
  beforeEach(() => {
    problems = [];
    branches = new Branches((_row, error) => problems.push(error) < 0);
    root = new TestRow("root");
    root.answer = async () => Promise.resolve([new TestRow("a", root), new TestRow("b", root)]);
  });

  it("reads children once, however often and at the same time they are asked for", async () => {
    const [first, second] = await Promise.all([branches.children(root), branches.children(root)]);
    expect(first).toBe(second);
    await branches.children(root);
    expect(root.loads).toBe(1);
  });

  it("reads them again after they were invalidated, and keeps the rows that are still there", async () => {
    const [a] = await branches.children(root);
    root.answer = async () => Promise.resolve([new TestRow("c", root), new TestRow("a", root)]);
    branches.invalidate(root);
    const rows = await branches.children(root);
    expect(ids(rows)).toEqual(["c", "a"]);
    expect(rows[1]).toBe(a);
    expect(test(a).adopted).toHaveLength(1);
    expect(branches.find("b")).toBeUndefined();
  });

  it("reads the children of a kept row again when what it took over outdates them", async () => {
    const [a, b] = (await branches.children(root)).map(test) as [TestRow, TestRow];
    await Promise.all([branches.children(a), branches.children(b)]);
    a.outdated = true;
    branches.invalidate(root);
    await branches.children(root);
    await Promise.all([branches.children(a), branches.children(b)]);
    expect([a.loads, b.loads]).toEqual([2, 1]);
  });

  it("never lets a late result replace a newer one", async () => {
    const slow = deferred<readonly Row[]>();
    root.answer = async (load) => (load === 1 ? slow.promise : Promise.resolve([new TestRow("new", root)]));
    const overtaken = branches.children(root);
    branches.invalidate(root);
    expect(ids(await branches.children(root))).toEqual(["new"]);
    slow.resolve([new TestRow("old", root)]);
    expect(ids(await overtaken)).toEqual(["new"]);
    expect(branches.find("old")).toBeUndefined();
  });

  it("answers who waits with what is true now, when children are invalidated while they are read", async () => {
    const slow = deferred<readonly Row[]>();
    root.answer = async (load) => (load === 1 ? slow.promise : Promise.resolve([new TestRow("new", root)]));
    const waiting = branches.children(root);
    branches.invalidate(root);
    slow.resolve([new TestRow("old", root)]);
    expect(ids(await waiting)).toEqual(["new"]);
  });

  it("answers who waits with what is known, when the row is collapsed", async () => {
    await branches.children(root);
    branches.invalidate(root);
    const slow = deferred<readonly Row[]>();
    root.answer = async () => slow.promise;
    const waiting = branches.children(root);
    branches.cancel(root);
    expect(branches.isStopped(root)).toBe(true);
    slow.resolve([new TestRow("late", root)]);
    expect(ids(await waiting)).toEqual(["a", "b"]);
    expect(root.loads).toBe(2);
    void branches.children(root);
    expect(branches.isStopped(root)).toBe(false);
  });

  it("lets the rows learn that are kept, not those that were read in their place", async () => {
    const changed: Row[] = [];
    // Without patience: what the rows learn comes after they were given out, as on a busy machine.
    const source = { patienceMs: 0, changed: (row: Row) => changed.push(row), note: () => undefined };
    root.learning = async (children, io) => settle(children, source, io);
    const status = deferred<undefined>();
    root.answer = async () => {
      const a = new TestRow("a", root);
      a.updating = async () => status.promise;
      return Promise.resolve([a]);
    };
    const [a] = await branches.children(root);
    branches.invalidate(root);
    expect((await branches.children(root))[0]).toBe(a);
    status.resolve(undefined);
    await vi.waitFor(() => {
      expect(changed).toContain(a);
    });
    expect(changed.every((row) => row === a)).toBe(true);
  });

  it("reads again what is outdated at and below a row, but nothing that is collapsed", async () => {
    const [a, b] = (await branches.children(root)).map(test) as [TestRow, TestRow];
    await Promise.all([branches.children(a), branches.children(b)]);
    branches.cancel(b);
    branches.invalidateAll();
    await branches.readOpen(root);
    expect([root.loads, a.loads, b.loads]).toEqual([2, 2, 1]);
  });

  it("stops the reading of what is collapsed and reads it when it is opened again", async () => {
    root.answer = async (load) =>
      load === 1 ? new Promise(() => undefined) : Promise.resolve([new TestRow("a", root)]);
    void branches.children(root);
    branches.cancel(root);
    expect(root.signal?.aborted).toBe(true);
    expect(ids(await branches.children(root))).toEqual(["a"]);
  });

  it("stops what the children still learn when it is collapsed, and reads it when it is opened again", async () => {
    const unread = new TestRow("a", root);
    unread.isKnown = false;
    root.answer = async () => Promise.resolve([unread]);
    await branches.children(root);
    branches.cancel(root);
    expect(root.signal?.aborted).toBe(true);
    await branches.children(root);
    expect(root.loads).toBe(2);
  });

  it("reads a further page without reading the others again, once however often it is asked for", async () => {
    const [a] = await branches.children(root);
    root.more = async () => Promise.resolve([new TestRow("a", root), new TestRow("c", root)]);
    const [first, second] = await Promise.all([branches.loadMore(root), branches.loadMore(root)]);
    expect(first).toBe(second);
    expect(ids(first)).toEqual(["a", "c"]);
    expect(first[0]).toBe(a);
    expect(root.loads).toBe(1);
    expect(ids(await branches.children(root))).toEqual(["a", "c"]);
  });

  it("stops the reading of a further page when the row is collapsed", async () => {
    await branches.children(root);
    root.more = async () => new Promise(() => undefined);
    void branches.loadMore(root);
    branches.cancel(root);
    expect(root.moreSignal?.aborted).toBe(true);
    expect(ids(await branches.children(root))).toEqual(["a", "b"]);
  });

  it("leaves the children as they were when a further page cannot be read", async () => {
    await branches.children(root);
    root.more = async () => Promise.reject(new Error("disk on fire"));
    await expect(branches.loadMore(root)).rejects.toThrow("disk on fire");
    expect(ids(await branches.children(root))).toEqual(["a", "b"]);
    expect(root.loads).toBe(1);
  });

  it("leaves what was read when a row without reading is collapsed", async () => {
    await branches.children(root);
    branches.cancel(root);
    await branches.children(root);
    expect(root.loads).toBe(1);
  });

  it("shows an error as a row and does not keep it", async () => {
    root.answer = async (load) =>
      load === 1 ? Promise.reject(new Error("disk on fire")) : Promise.resolve([new TestRow("a", root)]);
    const [problem] = await branches.children(root);
    expect(problem?.kind).toBe("problem");
    expect(problem?.look({ now: new Date(), locale: "en", runLabel: "auto" }).description).toBe(
      "disk on fire",
    );
    expect(problems).toHaveLength(1);
    expect(ids(await branches.children(root))).toEqual(["a"]);
  });

  describe("while a service is away", () => {
    const GONE = new ServiceException("gone", "unreachable");
    let isAway: boolean;
    beforeEach(() => {
      isAway = true;
      branches = new Branches(() => isAway);
    });

    it("keep what was read before, and read nothing until everything is invalidated", async () => {
      root.answer = async (load) =>
        load === 2 ? Promise.reject(GONE) : Promise.resolve([new TestRow(`a${load}`, root)]);
      expect(ids(await branches.children(root))).toEqual(["a1"]);
      branches.invalidate(root);
      expect(ids(await branches.children(root))).toEqual(["a1"]);
      expect(ids(await branches.children(root))).toEqual(["a1"]);
      expect(root.loads).toBe(2);
      branches.invalidateAll();
      expect(ids(await branches.children(root))).toEqual(["a3"]);
    });

    it("say so where nothing was read before, once", async () => {
      root.answer = async () => Promise.reject(GONE);
      expect((await branches.children(root)).map(({ kind }) => kind)).toEqual(["problem"]);
      await branches.children(root);
      expect(root.loads).toBe(1);
    });

    it("keep what was read before also where one question alone fails, and ask it again", async () => {
      isAway = false;
      root.answer = async (load) =>
        load === 2 ? Promise.reject(GONE) : Promise.resolve([new TestRow(`a${load}`, root)]);
      await branches.children(root);
      branches.invalidate(root);
      expect(ids(await branches.children(root))).toEqual(["a1"]);
      expect(ids(await branches.children(root))).toEqual(["a3"]);
    });
  });

  it("tells nothing of what a row reads that was forgotten", async () => {
    let reads = 0;
    branches = new Branches(
      () => {
        throw new Error("it is told");
      },
      () => reads++,
    );
    const [old] = await branches.children(root);
    branches.clear();
    const row = test(old);
    await branches.children(row);
    row.answer = async () => Promise.reject(new Error("of another service"));
    branches.invalidate(row);
    await branches.children(row);
    expect([row.loads, reads]).toEqual([2, 1]);
  });

  it("forgets everything below a row that is gone", async () => {
    const a = test((await branches.children(root))[0]);
    a.answer = async () => Promise.resolve([new TestRow("a/1", a)]);
    await branches.children(a);
    root.answer = async () => Promise.resolve([]);
    branches.invalidate(root);
    await branches.children(root);
    expect([...branches.all()]).toEqual([]);
  });

  it("stops all reading at once", () => {
    root.answer = async () => new Promise(() => undefined);
    void branches.children(root);
    branches.cancelAll();
    expect(root.signal?.aborted).toBe(true);
  });
});
