/** Google Cloud Storage as no emulator has it, and failing in every way there is: the right answer after it heals, the right error while it does not. */
import { gzipSync } from "node:zlib";
import { describe, expect } from "vitest";
import { GsDialect } from "../../src/client/datastore/gs/dialect.ts";
import { parseRoot } from "../../src/client/datastore/gs/place.ts";
import { AccessDenied } from "../../src/client/errors.ts";
import { GsDouble } from "../servers/gsDouble.mjs";
import {
  failure,
  itIsAskedLittle,
  itSurvivesFaults,
  names,
  withFailing,
  type StoreKind,
} from "./storeFaults.ts";

const BUCKET = "bucket";
const GS: StoreKind<GsDouble> = {
  bucket: BUCKET,
  double: () => new GsDouble(BUCKET),
  dialect: (url) => dialect(url),
  putKept: (double, name, bytes, attributes) => {
    double.put(name, bytes, { metadata: { "metaflow-user-attributes": attributes } });
  },
  says: {
    500: '{"error": {"code": 500, "message": "Backend Error"}}',
    503: "<?xml version='1.0'?><Error><Code>ServiceUnavailable</Code></Error>",
  },
};

function dialect(url: string, root = `gs://${BUCKET}/root`): GsDialect {
  return new GsDialect(parseRoot(root), url, undefined);
}

const it = withFailing(GS);

describe("Google Cloud Storage", () => {
  itIsAskedLittle(it, GS);
  itSurvivesFaults(it, GS);

  it("gives packed objects as they are stored, whole and in parts", async ({ double, open }) => {
    const packed = gzipSync("a text of some length ".repeat(100));
    double.put("root/packed", packed, { contentEncoding: "gzip", contentType: "text/plain" });
    const store = open();
    expect(packed.equals((await store.get("packed")) ?? Buffer.of())).toBe(true);
    expect(packed.subarray(2, 9).equals((await store.getRange("packed", 2, 9)) ?? Buffer.of())).toBe(true);
    expect((await store.head("packed"))?.sizeBytes).toBe(packed.length);
  });

  it("tells a bucket that does not exist from an object that does not", async ({ url, open }) => {
    const nowhere = open({ dialect: dialect(url, "gs://nowhere/root") });
    const questions = [
      async () => nowhere.get("k"),
      async () => nowhere.head("k"),
      async () => nowhere.getRange("k", 0, 1),
      async () => names(nowhere),
    ];
    for (const ask of questions) {
      const error = await failure(ask());
      expect([error.code, error.message]).toEqual([
        "datastore-error",
        expect.stringContaining("gs://nowhere/root"),
      ]);
      expect(error.message).toContain("The specified bucket does not exist.");
    }
    expect(await open().get("none")).toBeUndefined();
  });

  it("that refuses says so at once, with its own words", async ({ double, open }) => {
    double.forbidden = "ada@example.com";
    const store = open();
    for (const ask of [
      async () => store.get("large"),
      async () => store.head("large"),
      async () => names(store),
    ]) {
      const error = await failure(ask());
      expect(error).toBeInstanceOf(AccessDenied);
      expect(error.message).toContain("ada@example.com may not read it");
      expect(error.message).toContain("gs://bucket/root");
    }
    expect(double.asked).toHaveLength(3);
  });
});
