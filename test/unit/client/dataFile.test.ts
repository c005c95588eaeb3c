import { describe, expect, it } from "vitest";
import type { Entry, ObjectHead } from "../../../src/client/datastore/store.ts";
import { artifactInfo } from "../../../src/client/model/dataFile.ts";
import type { ArtifactRecord } from "../../../src/client/records.ts";
import type { Session } from "../../../src/client/session.ts";
import { MemoryStore } from "./logs/memory.ts";

const TASK = "F/1/s/2";

/** Notes which files were asked for. */
class AskedStore extends MemoryStore {
  readonly asked: string[] = [];

  override async head(key: string): Promise<ObjectHead | undefined> {
    this.asked.push(key);
    return super.head(key);
  }

  override list(prefix: string): AsyncIterable<Entry> {
    this.asked.push(prefix);
    return super.list(prefix);
  }
}

const record: ArtifactRecord = {
  path: [...TASK.split("/"), "x"],
  createdAtMs: 0,
  startedAtMs: 0,
  userTags: [],
  systemTags: [],
  name: "x",
  attempt: 1,
  sha: "a".repeat(40),
  dsType: "local",
  location: ":root:/x",
  contentType: undefined,
};

describe("artifactInfo", () => {
  it("looks for the last attempt only where none is given", async () => {
    const store = new AskedStore();
    store.put(`${TASK}/0.attempt.json`, "{}");
    store.put(`${TASK}/1.attempt.json`, "{}");
    store.put(`${TASK}/1.DONE.lock`, "");
    store.put(`${TASK}/1.data.json`, JSON.stringify({ info: { x: { size: 7 } } }));
    // Of a session, an artifact's info needs the store alone.
    const session = { store: async () => Promise.resolve(store) } as unknown as Session;
    expect(await artifactInfo(session, record, 1)).toMatchObject({ sizeBytes: 7 });
    expect(store.asked).toEqual([`${TASK}/1.DONE.lock`]);
    expect(await artifactInfo(session, record, undefined)).toMatchObject({ sizeBytes: 7 });
    expect(store.asked.slice(1)).toEqual([`${TASK}/`]);
  });
});
