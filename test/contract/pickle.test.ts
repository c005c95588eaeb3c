import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPickle } from "../../src/pickle/index.ts";
import type { Tagged } from "../../src/pickle/index.ts";
import { difference, sorted } from "./taggedForm.ts";

/** One pickle, and what Python says of it. */
interface Case {
  name: string;
  protocol: number;
  pickler: string;
  data: string;
  tagged: Tagged;
}

const maker = fileURLToPath(new URL("../fixtures/pickle/make.py", import.meta.url));

describe("the lossless form of what CPython pickles", () => {
  const byName = new Map<string, Case[]>();
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pickles-"));
    const file = join(folder, "cases.jsonl");
    await promisify(execFile)(process.env["PYTHON"] ?? "python3", [maker, file], { timeout: 240_000 });
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const record = JSON.parse(line) as Case;
      const others = byName.get(record.name);
      if (others === undefined) byName.set(record.name, [record]);
      else others.push(record);
    }
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is what Python says, for every value, protocol and pickler", async () => {
    expect(byName.size).toBeGreaterThan(200);
    const wrong: string[] = [];
    for (const [name, cases] of byName) {
      for (const { protocol, pickler, data, tagged } of cases) {
        const document = await openPickle(Buffer.from(data, "base64"));
        const answer = sorted(await document.root.tagged());
        const why = document.problem?.message ?? difference(answer, sorted(tagged), "");
        if (why !== undefined) wrong.push(`${name}, protocol ${protocol}, ${pickler} pickler: ${why}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("is the same when the bytes come one by one", async () => {
    const wrong: string[] = [];
    for (const [name, cases] of byName) {
      for (const { protocol, pickler, data, tagged } of cases) {
        if (data.length > 3000 || pickler === "Python") continue;
        const document = await openPickle(drops(Buffer.from(data, "base64")));
        const why = difference(sorted(await document.root.tagged()), sorted(tagged), "");
        if (why !== undefined) wrong.push(`${name}, protocol ${protocol}: ${why}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("leaves natural values, previews and children of every value readable", async () => {
    for (const cases of byName.values()) {
      for (const { data } of cases.slice(-1)) {
        const { root } = await openPickle(Buffer.from(data, "base64"));
        await root.toValue();
        expect(root.preview.length).toBeGreaterThan(0);
        expect(root.preview.length).toBeLessThan(400);
        expect(root.type).not.toBe("");
        const children = await root.children({ from: 0, to: 50 });
        expect(children.length).toBe(Math.min(50, root.childCount));
        for (const { key, value } of children) {
          expect(value.preview).not.toMatch(/\p{Cc}/u);
          expect(typeof key === "string" ? key : (key?.preview ?? "")).not.toMatch(/\p{Cc}/u);
        }
      }
    }
  });
});

async function* drops(data: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < data.length; i++) {
    await Promise.resolve();
    yield data.subarray(i, i + 1);
  }
}
