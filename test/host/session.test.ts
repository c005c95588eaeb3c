import assert from "node:assert/strict";
import type { Metaflow } from "../../src/client/index.ts";
import { SessionService } from "../../src/features/session.ts";
import { until } from "./support.ts";

/** All that is asked of a session here. */
class TestSession {
  namespace = "user:ada";
  closed = false;

  async close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

describe("the session", () => {
  let open: ((session: TestSession) => void)[];
  let service: SessionService;
  beforeEach(() => {
    open = [];
    const opening = async (): Promise<Metaflow> =>
      new Promise((resolve) => {
        open.push((session) => {
          resolve(session as unknown as Metaflow);
        });
      });
    const nothing = { keys: () => [], get: () => undefined, update: async () => Promise.resolve() };
    service = new SessionService(opening, nothing, { serviceKey: async () => Promise.resolve(undefined) });
  });
  afterEach(() => {
    service.dispose();
  });

  it("is closed when another was asked for while it was being opened, and given to nobody", async () => {
    const [first, second] = [new TestSession(), new TestSession()];
    const asked = service.get();
    await until("the first session", () => open.length === 1 || undefined);
    service.reopen();
    open[0]?.(first);
    await until("the second session", () => open.length === 2 || undefined);
    assert.equal(first.closed, true);
    open[1]?.(second);
    assert.equal(await asked, second);
    assert.equal(second.closed, false);
  });

  it("is closed with the window, also when it is opened only then", async () => {
    const late = new TestSession();
    const asked = service.get();
    await until("the session", () => open.length === 1 || undefined);
    service.dispose();
    open[0]?.(late);
    await asked;
    await until("the session's end", () => late.closed || undefined);
  });
});
