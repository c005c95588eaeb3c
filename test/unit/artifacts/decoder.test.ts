import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Decoder } from "../../../src/features/artifacts/decoder.ts";
import type { DecoderOptions, OpenDocument } from "../../../src/features/artifacts/decoder.ts";

/** A deadline, not a measure: other suites have the cores at the same time. */
const WAIT = { timeout: 20_000 };

const script = fileURLToPath(import.meta.resolve("./thread.mjs"));
let made: Decoder[] = [];
function decoder(options: Partial<DecoderOptions> = {}): Decoder {
  const one = new Decoder({ script, ...options });
  made.push(one);
  return one;
}
afterEach(() => {
  for (const each of made) each.dispose();
  made = [];
});
const listener = () => ({ onChanged: vi.fn(), onLost: vi.fn() });
const source = (pathspec: string) => ({ session: { cwd: "/", project: true }, pathspec });
/** How many documents the thread holds. */
const held = async (document: OpenDocument): Promise<unknown> => {
  const state = await document.request("state", {});
  return "open" in state ? state.open : undefined;
};

describe("Decoder", () => {
  it("starts no thread before the first document", async () => {
    const one = decoder();
    expect(one.running).toBe(false);
    const { opened } = await one.open(source("F/1/s/2/x"), listener());
    expect(one.running).toBe(true);
    expect(opened.facts).toMatchObject({ pathspec: "F/1/s/2/x" });
  });

  it("tells the listener of a document that it was read further", async () => {
    const hears = listener();
    const other = listener();
    const one = decoder();
    await one.open(source("x"), other);
    await one.open(source("grows"), hears);
    await vi.waitFor(() => {
      expect(hears.onChanged).toHaveBeenCalledOnce();
    }, WAIT);
    expect(other.onChanged).not.toHaveBeenCalled();
  });

  it("closes a document in the thread, once", async () => {
    const one = decoder();
    const kept = await one.open(source("kept"), listener());
    const closed = await one.open(source("closed"), listener());
    await expect(held(kept)).resolves.toBe(2);
    closed.close();
    closed.close();
    await expect(held(kept)).resolves.toBe(1);
  });

  it("leaves nothing open in the thread that was given up while it was opened", async () => {
    const one = decoder();
    const kept = await one.open(source("kept"), listener());
    const controller = new AbortController();
    const opening = one.open(source("given up"), listener(), { signal: controller.signal });
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: "cancelled" });
    await expect(held(kept)).resolves.toBe(1);
  });

  it("passes on the client's own error", async () => {
    await expect(decoder().open(source("fail"), listener())).rejects.toMatchObject({
      code: "not-found",
      message: "no such artifact",
    });
  });

  it("rejects what was asked when the thread crashes, tells who had a document in it, and starts anew", async () => {
    const onError = vi.fn();
    const one = decoder({ onError });
    const had = listener();
    await one.open(source("x"), had);
    await expect(one.open(source("crash"), listener())).rejects.toMatchObject({
      code: "closed",
      message: "The thread that decodes artifacts ended: out of order",
    });
    expect(had.onLost).toHaveBeenCalledOnce();
    expect(had.onLost.mock.calls[0]?.[0]).toMatchObject({ code: "lost" });
    expect(onError).toHaveBeenCalledOnce();
    await expect(one.open(source("again"), listener())).resolves.toBeDefined();
  });

  it("takes an exit for a crash", async () => {
    await expect(decoder().open(source("leave"), listener())).rejects.toThrow("it left with exit code 3");
  });

  it("gives up an opening whose signal fires", async () => {
    const stop = new AbortController();
    const opening = decoder().open(source("hang"), listener(), { signal: stop.signal });
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: "cancelled" });
  });

  it("ends the thread when no document has been open for a while, and starts it at the next", async () => {
    const one = decoder({ idleMs: 10 });
    const had = listener();
    const document = await one.open(source("x"), had);
    document.close();
    await vi.waitFor(() => {
      expect(one.running).toBe(false);
    }, WAIT);
    expect(had.onLost).not.toHaveBeenCalled();
    await one.open(source("y"), listener());
    expect(one.running).toBe(true);
  });

  it("rejects what is asked after the window closed", async () => {
    const one = decoder();
    const document = await one.open(source("x"), listener());
    one.dispose();
    await expect(document.request("state", {})).rejects.toMatchObject({ code: "closed" });
    await expect(one.open(source("x"), listener())).rejects.toThrow("the window is closing");
  });
});
