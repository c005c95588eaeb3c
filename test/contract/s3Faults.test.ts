/** Amazon S3 as no emulator has it, and failing in every way there is: the right answer after it heals, the right error while it does not. */
import { describe, expect } from "vitest";
import { S3Dialect } from "../../src/client/datastore/s3/dialect.ts";
import { parseRoot } from "../../src/client/datastore/s3/place.ts";
import type { Keys } from "../../src/client/datastore/s3/sign.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { AccessDenied } from "../../src/client/errors.ts";
import { S3Double } from "../servers/s3Double.mjs";
import {
  failure,
  isLarge,
  itIsAskedLittle,
  itSurvivesFaults,
  LARGE,
  names,
  withFailing,
  type StoreKind,
} from "./storeFaults.ts";

const BUCKET = "bucket";
const KEYS = { accessKeyId: "AKIA1", secretAccessKey: "a secret" };
const S3: StoreKind<S3Double> = {
  bucket: BUCKET,
  double: () => new S3Double(BUCKET),
  dialect: (url) => dialect(url),
  putKept: (double, name, bytes, attributes) => {
    double.put(name, bytes, { "metaflow-user-attributes": attributes });
  },
  says: {
    500: "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>",
    503: "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
  },
};

/** It signs with one key after the other, each when the store refuses the one before. */
function dialect(url: string, keys: readonly Keys[] = [KEYS]): S3Dialect {
  const settings = {
    endpoint: url,
    region: "us-east-1",
    addressing: "auto",
    verify: true,
    keys: undefined,
  } as const;
  const left = [...keys];
  const ring = {
    keys: async () => Promise.resolve(left[0] ?? KEYS),
    refused: (id: string | undefined) => {
      if (left.length > 1 && left[0]?.accessKeyId === id) left.shift();
    },
  };
  return new S3Dialect(parseRoot(`s3://${BUCKET}/root`), settings, ring);
}

const it = withFailing(S3);

describe("Amazon S3", () => {
  itIsAskedLittle(it, S3);
  itSurvivesFaults(it, S3);

  it("that refuses says so at once, with its own words, whatever is asked for", async ({ double, open }) => {
    const store = open();
    expect((await store.head("large"))?.sizeBytes).toBe(LARGE.length);
    double.refused = { status: 403, code: "AccessDenied", message: "ada & lin may not read it" };
    for (const ask of [
      async () => store.get("large"),
      async () => store.head("large"),
      async () => names(store),
    ]) {
      const error = await failure(ask());
      expect(error).toBeInstanceOf(AccessDenied);
      expect(error.message).toContain(
        "s3://bucket/root: access is denied: ada & lin may not read it (AccessDenied)",
      );
    }
    // The head was asked for twice: an answer to HEAD has no words.
    expect(double.asked.map(({ method }) => method)).toEqual(["GET", "GET", "HEAD", "GET", "GET"]);
  });

  it("does not tell a secret in any message", async ({ double, open }) => {
    double.refused = { status: 403, code: "SignatureDoesNotMatch", message: "Check your key." };
    const error = await failure(open().get("large"));
    expect(error.code).toBe("access-denied");
    expect(JSON.stringify([error.message, error.context, error.stack])).not.toMatch(
      /a secret|Signature=|AKIA1/,
    );
  });

  it("tells once in which region the bucket is, and is asked there from then on", async ({
    double,
    open,
  }) => {
    double.region = "eu-west-3";
    for (const ask of [
      async (it: ObjectStore) => it.get("large"),
      async (it: ObjectStore) => it.head("large"),
      names,
    ]) {
      const store = open();
      const before = double.asked.length;
      await ask(store);
      await ask(store);
      expect(double.asked.length - before).toBe(3);
    }
  });

  it("is asked by its own clock where ours is wrong", async ({ double, open }) => {
    for (const aheadMs of [3_600_000, -3_600_000]) {
      double.aheadMs = aheadMs;
      const store = open();
      const before = double.asked.length;
      expect(await isLarge(store)).toBe(true);
      expect(await isLarge(store)).toBe(true);
      expect((await store.head("large"))?.sizeBytes).toBe(LARGE.length);
      expect(double.asked.length - before).toBe(4);
    }
  });

  it("is asked with other keys, once, when it says that those at hand have expired", async ({
    double,
    url,
    open,
  }) => {
    const two = [KEYS, { ...KEYS, accessKeyId: "AKIA2" }];
    double.expired.add("AKIA1");
    const store = open({ dialect: dialect(url, two) });
    expect(await isLarge(store)).toBe(true);
    expect(double.asked).toHaveLength(2);
    double.expired.add("AKIA2");
    const error = await failure(store.get("large"));
    expect([error.code, error.message]).toEqual([
      "access-denied",
      expect.stringContaining("The provided token has expired. (ExpiredToken)"),
    ]);
    // A head is first asked for without words.
    double.expired.clear();
    const other = open({ dialect: dialect(url, two) });
    await other.head("large");
    double.expired.add("AKIA1");
    expect((await other.head("large"))?.sizeBytes).toBe(LARGE.length);
  });
});
