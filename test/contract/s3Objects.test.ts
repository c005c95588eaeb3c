/** Objects of Amazon S3 one by one, by every kind of key and range: an emulator that checks signatures and the double answer alike. */
import { describe, expect, it } from "vitest";
import { MetaflowConfig } from "../../src/client/config.ts";
import { openS3 } from "../../src/client/datastore/s3/open.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { DatastoreError } from "../../src/client/errors.ts";
import { S3Double } from "../servers/s3Double.mjs";
import { BUCKET, S3Emulator, s3Python } from "../servers/s3Emulator.mjs";
import { objectsIn, othersAreToldApart, theyAreRead, type Layout, type Place } from "./storeObjects.ts";

const BELOW_FLOW = [
  'object Flow/"<>&\\^`{|}',
  "object Flow/%",
  "object Flow/'()*!~;,@$:",
  "prefix Flow/1",
  "prefix Flow/a",
  "prefix Flow/a b",
  "prefix Flow/\u{1f600}",
];
const LAYOUT: Layout = {
  root: `s3://${BUCKET}/p q/x+y/`,
  prefix: "p q/x+y",
  keys: [
    "Flow/1/start/2/0.data.json",
    "Flow/a b/ü/+&=#?%25%2F",
    "Flow/'()*!~;,@$:",
    "Flow/a//b",
    'Flow/"<>&\\^`{|}',
    "Flow/\u{1f600}/x",
    "Flow/%",
    "top",
  ],
  levels: { Flow: BELOW_FLOW, "Flow/": BELOW_FLOW, "Flow/a b/ü": ["object Flow/a b/ü/+&=#?%25%2F"] },
  above: [
    [`s3://${BUCKET}`, "p q/x+yz"],
    [`s3://${BUCKET}/`, "p q/x+yz"],
    [`s3://${BUCKET}//p q`, "x+yz"],
  ],
  nowhere: {
    root: "s3://nowhere/root",
    says: /s3:\/\/nowhere\/root: .*bucket does not exist.*NoSuchBucket/,
  },
};

function openingWith(env: Record<string, string>): (root: string) => Promise<ObjectStore> {
  return async (root) =>
    openS3(root, await MetaflowConfig.load({ cwd: "/", env: { HOME: "/nonexistent", ...env } }));
}

function emulator(): Place {
  let started: S3Emulator | undefined;
  return {
    missing: ["Flow/"],
    start: async (objects, attributes) => {
      started = new S3Emulator(await s3Python(), { pageSize: 2 });
      const url = await started.start();
      for (const [name, bytes] of objects)
        await started.put(name, bytes, { "x-amz-meta-metaflow-user-attributes": attributes });
      await started.checkSignatures();
      const { accessKeyId, secretAccessKey } = started.told;
      return openingWith({
        METAFLOW_S3_ENDPOINT_URL: url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      });
    },
    stop: async () => started?.stop(),
  };
}

/** Some stores escape no name in a listing. */
function double(escapes: boolean): Place {
  const server = new S3Double(BUCKET);
  server.pageSize = 2;
  server.escapes = escapes;
  return {
    missing: ["Flow/"],
    start: async (objects, attributes) => {
      for (const [key, bytes] of objects) server.put(key, bytes, { "metaflow-user-attributes": attributes });
      return openingWith({
        METAFLOW_S3_ENDPOINT_URL: await server.start(),
        AWS_ACCESS_KEY_ID: "AKIA",
        AWS_SECRET_ACCESS_KEY: "any",
      });
    },
    stop: async () => server.stop(),
  };
}

describe("objects in Amazon S3", () => {
  const places = {
    "an emulator that checks signatures": emulator(),
    "a double": double(true),
    "a double that escapes no name in a listing": double(false),
  };
  for (const [name, place] of Object.entries(places)) {
    describe(`on ${name}`, () => {
      const objects = objectsIn(place, LAYOUT);
      theyAreRead(objects);
      othersAreToldApart(objects);

      it("are never others than those that were asked for, though an address might work their key out", async () => {
        for (const key of ["Flow/../top", "./top", "..", "Flow/."])
          await expect(objects.store.get(key), key).rejects.toThrow(DatastoreError);
      });
    });
  }
});
