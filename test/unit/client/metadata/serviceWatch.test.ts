import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Change, Watch } from "../../../../src/client/metadata/provider.ts";
import { watchService } from "../../../../src/client/metadata/serviceWatch.ts";

const LOOK_MS = 5_000;
const run = (of: object): Record<string, unknown> => ({
  flow_id: "F",
  run_number: 7,
  ts_epoch: 1000,
  tags: ["a", "b"],
  last_heartbeat_ts: 10,
  ...of,
});

describe("watchService", () => {
  let newest: () => Record<string, unknown>;
  let asked: string[];
  let told: Change[];
  let watch: Watch;
  const begin = async (place: string, path: string[]): Promise<void> => {
    const listings = {
      newest: async (listing: string) => {
        asked.push(listing);
        return Promise.resolve().then(newest);
      },
      ids: async () => Promise.resolve(["F"]),
    };
    watch = watchService(listings, place, path, (change) => told.push(change));
    await vi.advanceTimersByTimeAsync(0);
  };
  const next = async (): Promise<readonly Change[]> => {
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    return told.splice(0);
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    [asked, told] = [[], []];
    newest = () => run({});
  });
  afterEach(() => {
    watch.dispose();
    vi.useRealTimers();
  });

  it("tells of a new run of a flow and of the newest one's tags, not of its heartbeats", async () => {
    await begin("/flows/F", ["F"]);
    newest = () => run({ last_heartbeat_ts: 20, tags: ["b", "a"] });
    expect(await next()).toEqual([]);
    newest = () => run({ tags: ["a", "c"] });
    expect(await next()).toEqual([{ path: ["F"] }]);
    newest = () => run({ run_number: 8, tags: [] });
    expect(await next()).toEqual([{ path: ["F"] }]);
    expect(new Set(asked)).toEqual(new Set(["/flows/F/runs"]));
  });

  it("asks for the metadata of a whole run, and of a task for its own", async () => {
    await begin("/flows/F/runs/7/steps/s", ["F", "7", "s"]);
    expect(asked).toEqual(["/flows/F/runs/7/metadata"]);
    watch.dispose();
    await begin("/flows/F/runs/7/steps/s/tasks/9", ["F", "7", "s", "9"]);
    expect(asked[1]).toBe("/flows/F/runs/7/steps/s/tasks/9/metadata");
  });

  it("says once that the service does not answer, since when, and once that it does again", async () => {
    await begin("/flows/F", ["F"]);
    newest = () => {
      throw new Error("refused");
    };
    expect(await next()).toEqual([{ path: ["F"], unreachableSinceMs: 1_000_000 + LOOK_MS }]);
    expect(await next()).toEqual([]);
    newest = () => run({});
    expect(await next()).toEqual([{ path: ["F"] }]);
    expect(await next()).toEqual([]);
  });

  it("asks nothing more when it is disposed", async () => {
    await begin("/flows/F", ["F"]);
    watch.dispose();
    const before = asked.length;
    await next();
    expect(asked).toHaveLength(before);
  });
});
