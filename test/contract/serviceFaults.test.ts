/** A metadata service that fails in every way there is: the right answer after it heals, the right error while it does not, never a wrong answer. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServiceException } from "../../src/client/errors.ts";
import { HttpClient } from "../../src/client/http/client.ts";
import { openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { ServiceRequests } from "../../src/client/metadata/serviceRequests.ts";
import { FAULTS, FaultProxy } from "../servers/faults.mjs";
import { MetadataService } from "../servers/metadataService.mjs";

const RUNS = 30;

describe("a metadata service", () => {
  let service: MetadataService;
  let proxy: FaultProxy;
  let url: string;
  let metaflow: Metaflow;

  beforeEach(async () => {
    service = new MetadataService();
    service.rows.addFlow("F", {});
    for (let run = 0; run < RUNS; run++)
      service.rows.addRun("F", { user_name: "ada", tags: [], system_tags: ["user:ada"] });
    proxy = new FaultProxy(await service.start());
    url = await proxy.start();
    metaflow = await openMetaflow({ metadata: `service@${url}`, namespace: null, env: {} });
  });
  afterEach(async () => {
    await metaflow.close();
    await proxy.stop();
    await service.stop();
  });

  const runs = async (): Promise<number> =>
    (await (await metaflow.flow("F")).page({ limit: 100 })).items.length;
  const failure = async (asked: Promise<unknown>): Promise<ServiceException> => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof ServiceException) return error;
    throw new Error(`no ServiceException but ${String(error)}`);
  };

  const passing = {
    "resets a connection": FAULTS.reset,
    "resets it in the middle of an answer": FAULTS.resetInBody,
    "is slow to begin": FAULTS.slowFirstByte(300),
    "is slow all along": FAULTS.drip(20, 10),
    "is busy (429)": FAULTS.answer(429, "", { "Retry-After": "0" }),
    "has an error that passes (500)": FAULTS.answer(500, "{}"),
    "is being restarted (502)": FAULTS.answer(502, "<html>Bad Gateway</html>"),
    "is unavailable (503)": FAULTS.answer(503, "{}"),
    "cuts off its JSON": FAULTS.truncatedJson,
    "sends less than it says": FAULTS.wrongLength,
  };
  for (const [what, fault] of Object.entries(passing)) {
    it(`that ${what} is asked again, and answers as if nothing had been`, async () => {
      proxy.fail(fault, 1, /\/runs/);
      expect(await runs()).toBe(RUNS);
    });
  }

  it("that refuses a key says so at once, with the place that wants one", async () => {
    for (const status of [401, 403]) {
      const before = proxy.requests;
      proxy.fail(FAULTS.answer(status, '{"message": "Forbidden"}'), 9);
      const error = await failure(runs());
      expect(error).toMatchObject({
        code: "forbidden",
        httpCode: status,
        response: '{"message": "Forbidden"}',
      });
      expect(error.message).toBe(
        `Metadata request (/flows/F) failed (code ${status}): {"message": "Forbidden"}`,
      );
      expect(proxy.requests - before).toBe(1);
      proxy.heal();
      expect(await runs()).toBe(RUNS);
    }
  });

  it("that refuses a key is not asked for a tag edit again and again", async () => {
    const run = await metaflow.run(`F/${RUNS}`);
    const before = proxy.requests;
    proxy.fail(FAULTS.answer(403, "no"), 9, /^PATCH/);
    expect(await failure(run.addTag("kept"))).toMatchObject({ code: "forbidden", httpCode: 403 });
    expect(proxy.requests - before).toBeLessThanOrEqual(2);
    expect([...run.userTags]).toEqual([]);
  });

  it("that lists what are no objects is told from one that answers", async () => {
    for (const body of ["[null]", '[500, {"err_msg": "boom"}]', "[[]]"]) {
      proxy.fail(FAULTS.answer(200, body), 1, /\/runs/);
      expect((await failure(runs())).code).toBe("not-a-service");
    }
    expect(await runs()).toBe(RUNS);
  });

  it("that has an error that stays is told with what it said, but not with its traceback", async () => {
    const body = JSON.stringify({ traceback: "File x, line 1", detail: "no such column", status: 500 });
    proxy.fail(FAULTS.answer(500, body), 9);
    const error = await failure(runs());
    expect(error).toMatchObject({ code: "service-error", httpCode: 500, response: body });
    expect(error.message).toBe("Metadata request (/flows/F) failed (code 500): no such column");
    proxy.heal();
    expect(await runs()).toBe(RUNS);
  });

  it("of which a proxy makes a web page is told from one that answers", async () => {
    proxy.fail(FAULTS.answer(200, "<!doctype html><title>Sign in</title>"), 9);
    const error = await failure(runs());
    expect(error.code).toBe("not-a-service");
    expect(error.message).toContain(url);
  });

  it("that does not know a flow says so, also where only its runs are asked for", async () => {
    await expect(metaflow.flow("G")).rejects.toMatchObject({ code: "not-found" });
    proxy.fail(FAULTS.answer(404, "{}"), 9, /\/runs/);
    expect(await runs()).toBe(0);
  });

  it("that is gone is unreachable, and there again when it is", async () => {
    const gone = await openMetaflow({
      env: {
        METAFLOW_DEFAULT_METADATA: "service",
        METAFLOW_SERVICE_URL: "http://127.0.0.1:9",
        METAFLOW_SERVICE_RETRY_COUNT: "2",
      },
      namespace: null,
    });
    const error = await failure(gone.flow("F"));
    expect(error.code).toBe("unreachable");
    expect(error.message).toContain("http://127.0.0.1:9");
    proxy.fail(FAULTS.reset, 5, /\/flows/);
    expect((await failure(runs())).code).toBe("unreachable");
    expect(await runs()).toBe(RUNS);
  });

  it("is not asked by a number of tries that is none", async () => {
    const env = { METAFLOW_SERVICE_RETRY_COUNT: "often" };
    const opening = openMetaflow({ metadata: `service@${url}`, namespace: null, env });
    await expect(opening).rejects.toMatchObject({ code: "config-error" });
  });

  it("that is chosen by hand has to be there", async () => {
    const env = { METAFLOW_SERVICE_RETRY_COUNT: "1" };
    const opening = openMetaflow({ metadata: "service@http://127.0.0.1:9/", namespace: null, env });
    await expect(opening).rejects.toMatchObject({
      code: "config-error",
      message: "Metaflow service [http://127.0.0.1:9] unreachable.",
    });
  });

  it("that stops answering is given up after a while, asked once more, and then unreachable", async () => {
    const address = { url, headers: {}, tries: 5 };
    for (const fault of [FAULTS.stall, FAULTS.stallInBody]) {
      const impatient = new ServiceRequests(address, new HttpClient({ silenceMs: 300 }));
      proxy.fail(fault, 1);
      expect((await impatient.listing("/flows/F/runs"))?.rows).toHaveLength(RUNS);
      proxy.fail(fault, 2);
      const error = await failure(impatient.listing("/flows/F/runs"));
      expect([error.code, error.message.includes("nothing came for")]).toEqual(["unreachable", true]);
      impatient.close();
    }
  });

  it("is left in peace at once when nobody waits any more", async () => {
    proxy.fail(FAULTS.stall, 9);
    const abort = new AbortController();
    const asked = metaflow.flow("F", { signal: abort.signal }).catch((error: unknown) => error);
    await expect.poll(() => proxy.requests).toBeGreaterThan(0);
    const begun = performance.now();
    abort.abort();
    expect(await asked).toBe(abort.signal.reason);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it("that refuses tag edits because others are under way gets them again until they stay", async () => {
    const run = await metaflow.run(`F/${RUNS}`);
    proxy.fail(FAULTS.answer(409, '"Conflicting concurrent tag mutation, please retry"'), 3, /^PATCH/);
    await run.addTag("kept");
    expect([...run.userTags]).toEqual(["kept"]);
    expect((await metaflow.run(`F/${RUNS}`)).tags).toContain("kept");
  });
});
