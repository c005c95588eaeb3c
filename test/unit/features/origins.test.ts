import { describe, expect, it } from "vitest";
import { Origins, OtherDatastore } from "../../../src/features/origins.ts";

const LOG = "metaflow:/F/1/s/2/stdout.log";

/** A memory that outlives the window, and the addresses that its tabs show. */
function windows() {
  const kept = new Map<string, Readonly<Record<string, string>>>();
  const memory = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: Readonly<Record<string, string>>): Promise<void> => {
      await Promise.resolve(kept.set(key, { ...value }));
    },
  };
  const tabs = new Set<string>();
  return { tabs, kept, open: () => new Origins(memory, "origins", (address) => tabs.has(address)) };
}

describe("the origins of documents", () => {
  it("let a document be read again from its datastore, also after a reload of the window", () => {
    const { tabs, open } = windows();
    const origins = open();
    origins.claim(LOG, "F/1/s/2", "local@/a");
    tabs.add(LOG);
    origins.claim(LOG, "F/1/s/2", "local@/a");
    expect(() => {
      open().claim(LOG, "F/1/s/2", "local@/a");
    }).not.toThrow();
  });

  it("refuse another datastore for what a reload brought back, and name both", () => {
    const { tabs, open } = windows();
    open().claim(LOG, "F/1/s/2", "local@/a");
    tabs.add(LOG);
    const reloaded = open();
    for (let time = 0; time < 2; time++) {
      expect(() => {
        reloaded.claim(LOG, "F/1/s/2", "local@/b");
      }).toThrow(new OtherDatastore("F/1/s/2", "local@/a", "local@/b"));
    }
    reloaded.claim(LOG, "F/1/s/2", "local@/a");
  });

  it("let what was closed be opened from any datastore", () => {
    const { tabs, open } = windows();
    const origins = open();
    origins.claim(LOG, "F/1/s/2", "local@/a");
    tabs.add(LOG);
    tabs.delete(LOG);
    origins.claim(LOG, "F/1/s/2", "local@/b");
  });

  it("are kept of open documents alone", () => {
    const { tabs, kept, open } = windows();
    const origins = open();
    tabs.add("metaflow:/F/1/s/2/x.artifact");
    for (const name of ["x", "y", "z"])
      origins.claim(`metaflow:/F/1/s/2/${name}.artifact`, `F/1/s/2/${name}`, "local@/a");
    expect(Object.keys(kept.get("origins") ?? {})).toEqual([
      "metaflow:/F/1/s/2/x.artifact",
      "metaflow:/F/1/s/2/z.artifact",
    ]);
  });
});
