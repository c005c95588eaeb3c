import { describe, expect, it, vi } from "vitest";
import type { Watchable } from "../../../../src/features/documents/content.ts";
import { Watches } from "../../../../src/features/documents/watches.ts";

const uri = "metaflow:/F/1/s/2/stdout.log";
const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A file whose watchers are counted, and can be told that it changed. */
function file() {
  const listeners = new Set<() => void>();
  const content: Watchable = {
    watch: (changed) => {
      listeners.add(changed);
      return { dispose: () => listeners.delete(changed) };
    },
  };
  return { listeners, content };
}

describe("the watched files", () => {
  it("are watched as often as they are asked for, each until its own end", async () => {
    const { listeners, content } = file();
    const changed = vi.fn();
    const watches = new Watches(async () => Promise.resolve(content), changed);
    const [first, second] = [watches.add(uri), watches.add(uri)];
    await turn();
    expect(listeners.size).toBe(2);
    first.dispose();
    first.dispose();
    for (const listener of listeners) listener();
    expect(changed).toHaveBeenCalledExactlyOnceWith([uri]);
    second.dispose();
    expect(listeners.size).toBe(0);
  });

  it("are watched in the new session after a change, and not in the old one any more", async () => {
    const [old, next] = [file(), file()];
    let content = old.content;
    const changed = vi.fn();
    const watches = new Watches(async () => Promise.resolve(content), changed);
    watches.add(uri);
    await turn();
    content = next.content;
    watches.restart();
    expect(changed).toHaveBeenCalledExactlyOnceWith([uri]);
    await turn();
    expect([old.listeners.size, next.listeners.size]).toEqual([0, 1]);
    watches.dispose();
    expect(next.listeners.size).toBe(0);
  });

  it("drop what an older session answers late", async () => {
    const [old, next] = [file(), file()];
    const answers: ((content: Watchable) => void)[] = [];
    const watches = new Watches(
      async () => new Promise((resolve) => answers.push(resolve)),
      () => undefined,
    );
    watches.add(uri);
    watches.restart();
    answers[1]?.(next.content);
    answers[0]?.(old.content);
    await turn();
    expect([old.listeners.size, next.listeners.size]).toEqual([0, 1]);
  });
});
