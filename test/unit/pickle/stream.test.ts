import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import { assemble, inChunks, le, text } from "./assemble.ts";
import { slow } from "./slow.ts";

const list = assemble("](", ...Array.from({ length: 3000 }, (_, i) => assemble(text(`item ${i}`))), "e.");
const zipped = gzipSync(list, { level: 3 });
const encoding = "gzip+pickle-v4";

describe("a compressed pickle", () => {
  it("is read whole, in chunks of any size, and from several members", async () => {
    const halves = Buffer.concat([
      gzipSync(list.subarray(0, 1000)),
      gzipSync(list.subarray(1000)),
      Buffer.alloc(512),
    ]);
    for (const source of [
      zipped,
      inChunks(zipped, 1),
      inChunks(zipped, 1000),
      halves,
      inChunks(halves, 777),
    ]) {
      const document = await openPickle(source, { encoding });
      expect(await document.complete).toMatchObject({ bytes: list.length, trailing: 0, warnings: [] });
      expect(document.root.length).toBe(3000);
    }
  });

  it("is recognised without being told", async () => {
    expect((await openPickle(zipped)).root.length).toBe(3000);
  });

  it("keeps its value when the check sum or the length is wrong", async () => {
    for (const at of [zipped.length - 8, zipped.length - 1]) {
      const damaged = Buffer.from(zipped);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const document = await openPickle(damaged, { encoding });
      await expect(document.complete).rejects.toMatchObject({ code: "checksum" });
      expect(document.root.length).toBe(3000);
    }
  });

  it("shows what comes before a cut", async () => {
    for (const cut of [5, 12, 2000, zipped.length - 4]) {
      const document = await openPickle(zipped.subarray(0, cut), { encoding });
      await expect(document.complete).rejects.toMatchObject({ code: "gzip" });
      if (cut >= 2000) expect(document.root.length).toBeGreaterThan(300);
    }
  });

  it("shows what comes before a damage", async () => {
    const big = assemble(
      "](",
      ...Array.from({ length: 60_000 }, (_, i) => assemble(text(String(i * 7919)))),
      "e.",
    );
    const damaged = gzipSync(big);
    damaged.fill(0xff, damaged.length - 3000, damaged.length - 2000);
    const document = await openPickle(damaged, { encoding });
    await expect(document.complete).rejects.toBeInstanceOf(Error);
    expect(document.root.childCount).toBeGreaterThan(1000);
  });

  it("says what is wrong with what is not gzip at all", async () => {
    await expect((await openPickle(list, { encoding })).complete).rejects.toMatchObject({ code: "gzip" });
    await expect((await openPickle(new Uint8Array(0), { encoding })).complete).rejects.toMatchObject({
      name: "PickleError",
    });
    await expect((await openPickle(list, { encoding: "zstd" })).complete).rejects.toMatchObject({
      code: "encoding",
    });
  });

  it("notes garbage behind it", async () => {
    const { complete } = await openPickle(Buffer.concat([zipped, Buffer.from("garbage")]), { encoding });
    expect((await complete).warnings).toHaveLength(1);
  });

  it("that is a bomb is capped by what the metadata say", async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x5d), { level: 9 });
    const before = process.memoryUsage().rss;
    const document = await openPickle(bomb, { encoding, size: 1000 });
    await expect(document.complete).rejects.toMatchObject({ code: "limit" });
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  });

  it("has a header with every field", async () => {
    const header = Buffer.from([
      0x1f,
      0x8b,
      8,
      4 + 8 + 16 + 2,
      0,
      0,
      0,
      0,
      0,
      3,
      2,
      0,
      1,
      2,
      97,
      0,
      98,
      0,
      9,
      9,
    ]);
    const body = Buffer.concat([header, deflateRawSync(assemble("N.")), le(0, 8)]);
    const document = await openPickle(body, { encoding });
    await expect(document.complete).rejects.toMatchObject({ code: "checksum" });
    expect(document.root.type).toBe("NoneType");
  });
});

describe("a pickle that arrives slowly", () => {
  it("opens with its first members, and pages wait for theirs", async () => {
    const { source, give, end } = slow();
    give(assemble("](K\x01K\x02e"));
    const document = await openPickle(source);
    expect([document.settled, document.root.type, document.root.childCount]).toEqual([false, "list", 2]);
    const later = document.root.children({ from: 2, to: 4 });
    give(assemble("(K\x03K\x04e"));
    expect((await later).map(({ value }) => value.preview)).toEqual(["3", "4"]);
    const value = document.root.toValue();
    give(assemble("."));
    end();
    expect(await value).toEqual([1, 2, 3, 4]);
    expect(document.settled).toBe(true);
  });

  it("opens with the beginning of a long text, whose parts wait for theirs", async () => {
    const whole = "naïve ".repeat(20_000);
    const data = Buffer.from(whole);
    const { source, give, end } = slow();
    give(assemble("\x80\x04X", le(data.length, 4), data.subarray(0, 20_000)));
    const document = await openPickle(source);
    expect(document.settled).toBe(false);
    expect(document.root).toMatchObject({ type: "str", length: undefined, childCount: 0 });
    expect(document.root.preview).toMatch(/^'naïve naïve .*…$/);
    expect(document.progress.decoded).toBe(20_007);
    expect(Buffer.from((await document.root.bytes({ from: 7, to: 14 })) ?? []).toString()).toBe("naïve ");
    const later = document.root.bytes({ from: 21_000, to: 21_007 });
    give(data.subarray(20_000, 30_000));
    expect(Buffer.from((await later) ?? []).toString()).toBe("naïve ");
    const value = document.root.toValue();
    give(assemble(data.subarray(30_000), "\x94."));
    end();
    expect(await value).toBe(whole);
    expect(document.root.length).toBe(whole.length);
  });

  it("opens with the beginning of long bytes, of which the length is known from the start", async () => {
    const data = Buffer.alloc(3 << 20, 0xa5);
    for (const opcode of ["B", "\x8e", "\x96"]) {
      const { source, give, end } = slow();
      give(assemble(opcode, le(data.length, opcode === "B" ? 4 : 8), data.subarray(0, 1 << 16)));
      const document = await openPickle(source, { size: data.length + 10 });
      expect(document.root.length).toBe(data.length);
      expect(await document.root.bytes({ from: 0, to: 2 })).toEqual(new Uint8Array([0xa5, 0xa5]));
      give(assemble(data.subarray(1 << 16), "."));
      end();
      await document.complete;
      expect(await document.root.bytes({ from: data.length - 1 })).toEqual(new Uint8Array([0xa5]));
    }
  });

  it("keeps the beginning of a text that breaks off, even in the middle of a character", async () => {
    const data = Buffer.from("é".repeat(200));
    for (const kept of [301, 300, 1]) {
      const document = await openPickle(assemble("X", le(data.length, 4), data.subarray(0, kept)));
      expect(document.problem?.code).toBe("truncated");
      expect(await document.root.toValue()).toBe("é".repeat(Math.floor(kept / 2)));
    }
    const chunked = await openPickle(inChunks(assemble("B", le(2 ** 31, 4), data), 100));
    await expect(chunked.complete).rejects.toMatchObject({ code: "truncated" });
    expect(chunked.root.length).toBe(400);
  });

  it("keeps what it had when the source fails, and tells the cause", async () => {
    const { source, give, end } = slow();
    give(assemble("](K\x01K\x02e"));
    const document = await openPickle(source);
    const cause = new Error("connection lost");
    end(cause);
    await expect(document.complete).rejects.toMatchObject({ code: "source", cause });
    expect(await document.root.toValue()).toEqual([1, 2]);
  });

  it("can be closed or cancelled, which ends every wait", async () => {
    for (const cancel of ["close", "signal"]) {
      const { source, give } = slow();
      give(assemble("](K\x01K\x02e"));
      const controller = new AbortController();
      const document = await openPickle(source, { signal: controller.signal });
      const page = document.root.children({ from: 0, to: 100 });
      if (cancel === "close") document.close();
      else controller.abort();
      await expect(document.complete).rejects.toMatchObject({ code: "aborted" });
      expect(await page).toHaveLength(2);
    }
    const done = await openPickle(list, { signal: AbortSignal.abort() });
    expect(done.problem?.code ?? "none").toMatch(/aborted|none/);
  });

  it("tells its progress and finds its nodes again", async () => {
    const document = await openPickle(list);
    expect(document.progress).toEqual({ decoded: list.length, total: list.length });
    const [first] = await document.root.children({ from: 7, to: 8 });
    expect(document.node(first?.value.id ?? -1)?.preview).toBe("'item 7'");
    expect(document.node(document.root.id)?.type).toBe("list");
    expect(document.node(1e9)).toBeUndefined();
    expect(document.node(-1e9)).toBeUndefined();
    const { complete } = await openPickle(Buffer.concat([list, Buffer.from("more")]));
    expect(await complete).toMatchObject({ trailing: 4 });
  });
});
