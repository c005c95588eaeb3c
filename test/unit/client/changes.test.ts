import { describe, expect, it } from "vitest";
import type { Change, MetadataProvider } from "../../../src/client/metadata/provider.ts";
import { watchChanges } from "../../../src/client/model/changes.ts";

/** A provider that does nothing but tell of changes. */
function telling(): {
  provider: MetadataProvider;
  tell: (path: string[], unreachableSinceMs?: number) => void;
  disposed: () => boolean;
} {
  let listener: ((change: Change) => void) | undefined;
  let disposed = false;
  const provider = {
    watch: (_path: readonly string[], own: (change: Change) => void) => {
      listener = own;
      return { dispose: () => (disposed = true) };
    },
  } as unknown as MetadataProvider;
  return {
    provider,
    tell: (path, unreachableSinceMs) =>
      listener?.({ path, ...(unreachableSinceMs !== undefined && { unreachableSinceMs }) }),
    disposed: () => disposed,
  };
}

describe("watchChanges", () => {
  it("tells once of what changed several times meanwhile", async () => {
    const { provider, tell } = telling();
    const changes = watchChanges(provider, []);
    tell(["F"]);
    tell(["F"]);
    tell(["F", "1"]);
    const told: string[] = [];
    for await (const { pathspec } of changes) {
      told.push(pathspec);
      if (told.length === 2) break;
    }
    expect(told).toEqual(["F", "F/1"]);
  });

  it("ends when it is disposed while its consumer is at work", async () => {
    const { provider, tell, disposed } = telling();
    const changes = watchChanges(provider, []);
    tell(["F"]);
    let count = 0;
    for await (const { pathspec } of changes) {
      expect(pathspec).toBe("F");
      count++;
      await Promise.resolve();
      changes.dispose();
    }
    expect(count).toBe(1);
    expect(disposed()).toBe(true);
  });

  it("ends by the signal, also one that was aborted before", async () => {
    const { provider } = telling();
    const iterator = watchChanges(provider, [], { signal: AbortSignal.abort() })[Symbol.asyncIterator]();
    expect((await iterator.next()).done).toBe(true);
  });

  it("says that the place does not answer, and by a change without that, that it does again", async () => {
    const { provider, tell } = telling();
    const iterator = watchChanges(provider, ["F"])[Symbol.asyncIterator]();
    tell(["F"], 1000);
    expect((await iterator.next()).value).toEqual({ pathspec: "F", unreachableSinceMs: 1000 });
    tell(["F"], 1000);
    tell(["F"]);
    expect((await iterator.next()).value).toEqual({ pathspec: "F" });
  });

  it("gives each change to one of several loops, and ends them all", async () => {
    const { provider, tell } = telling();
    const changes = watchChanges(provider, []);
    const loops = [0, 1].map(() => changes[Symbol.asyncIterator]());
    const first = loops.map(async (loop) => loop.next());
    tell(["F"]);
    tell(["G"]);
    const told = (await Promise.all(first)).map(({ value }) => (value as { pathspec: string }).pathspec);
    expect(told.sort()).toEqual(["F", "G"]);
    const last = loops.map(async (loop) => loop.next());
    changes.dispose();
    expect((await Promise.all(last)).map(({ done }) => done)).toEqual([true, true]);
  });
});
