import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MetaflowConfigError, ServiceException } from "../../../src/client/errors.ts";
import { Reach } from "../../../src/features/reach.ts";

const GONE = new ServiceException("gone", "unreachable");
const REFUSED = new ServiceException("no", "forbidden", { httpCode: 403 });
const BROKEN = new ServiceException("oh", "service-error", { httpCode: 500 });

describe("the reach of a service", () => {
  let answer: () => Promise<void>;
  let looks: number;
  let reach: Reach;
  let heard: (string | undefined)[];
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 9, 14) });
    looks = 0;
    heard = [];
    answer = async () => Promise.reject(GONE);
    const probe = async (): Promise<void> => {
      looks++;
      return answer();
    };
    reach = new Reach({ probe, random: () => 0.5 });
    reach.onDidChange(() => heard.push(reach.away?.why));
  });
  afterEach(() => {
    reach.dispose();
    vi.useRealTimers();
  });
  const minutes = async (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 60_000);

  it("is there until reading says that it is not, and knows since when and how old the rest is", async () => {
    reach.answered();
    const readAtMs = Date.now();
    await minutes(2);
    expect(reach.failed(GONE)).toBe(true);
    const sinceMs = Date.now();
    await minutes(1);
    expect(reach.failed(GONE)).toBe(true);
    expect(reach.away).toEqual({ why: "unreachable", error: GONE, sinceMs, readAtMs });
    expect(heard).toEqual(["unreachable"]);
  });

  it("is told by an error inside another, as of a service that was chosen by hand", () => {
    expect(reach.failed(new MetaflowConfigError("unreachable", { cause: GONE }))).toBe(true);
    expect(reach.away?.why).toBe("unreachable");
  });

  it("has nothing to do with errors of one object", () => {
    expect(reach.failed(new Error("x"))).toBe(false);
    expect(reach.failed(new ServiceException("bad request", "service-error", { httpCode: 400 }))).toBe(false);
    expect([reach.away, looks]).toEqual([undefined, 0]);
  });

  it("is lost by an error of the service's own only where it has nothing else to say", async () => {
    answer = async () => Promise.resolve();
    expect(reach.failed(BROKEN)).toBe(false);
    await minutes(1);
    expect([reach.away, looks, heard]).toEqual([undefined, 1, []]);
    answer = async () => Promise.reject(BROKEN);
    reach.failed(BROKEN);
    await minutes(0);
    expect(reach.away?.why).toBe("failing");
  });

  it("is looked for only while somebody watches, ever more seldom, until it is back", async () => {
    reach.failed(GONE);
    await minutes(10);
    expect(looks).toBe(0);
    reach.watch(true);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(looks).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(looks).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000 + 20_000 + 40_000);
    expect(looks).toBe(4);
    await minutes(5);
    expect(looks).toBe(9);
    reach.watch(false);
    await minutes(5);
    expect(looks).toBe(9);
    answer = async () => Promise.resolve();
    reach.watch(true);
    await minutes(1);
    expect([reach.away, looks, heard]).toEqual([undefined, 10, ["unreachable", undefined]]);
    await minutes(10);
    expect(looks).toBe(10);
  });

  it("is not looked for where a key is wanted, before there is one", async () => {
    reach.watch(true);
    reach.failed(REFUSED);
    await minutes(10);
    expect(looks).toBe(0);
    answer = async () => Promise.resolve();
    await reach.retry();
    expect(heard).toEqual(["forbidden", undefined]);
  });

  it("may be lost for another reason than before, since the same time", async () => {
    reach.failed(GONE);
    const sinceMs = Date.now();
    await minutes(1);
    answer = async () => Promise.reject(REFUSED);
    await reach.retry();
    expect(reach.away).toMatchObject({ why: "forbidden", sinceMs });
    expect(heard).toEqual(["unreachable", "forbidden"]);
  });

  it("is asked by one look at a time", async () => {
    let done: () => void = () => undefined;
    answer = async () =>
      new Promise((resolve) => {
        done = resolve;
      });
    reach.failed(GONE);
    const both = Promise.all([reach.retry(), reach.retry()]);
    reach.answered();
    done();
    await both;
    expect([looks, reach.away]).toEqual([1, undefined]);
  });

  it("forgets a session that is over, also a look that is under way", async () => {
    let fail: (error: Error) => void = () => undefined;
    answer = async () =>
      new Promise((_resolve, reject) => {
        fail = reject;
      });
    reach.failed(GONE);
    void reach.retry();
    reach.reset();
    fail(REFUSED);
    await minutes(5);
    expect([reach.away, heard]).toEqual([undefined, ["unreachable"]]);
  });
});
