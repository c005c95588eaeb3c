/** Objects of Google Cloud Storage one by one, by every kind of key and range: an emulator and the double answer alike. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { GsDialect } from "../../src/client/datastore/gs/dialect.ts";
import { parseRoot } from "../../src/client/datastore/gs/place.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { GsDouble } from "../servers/gsDouble.mjs";
import { BUCKET, GsEmulator, gsPython } from "../servers/gsEmulator.mjs";
import { objectsIn, othersAreToldApart, theyAreRead, type Layout, type Place } from "./storeObjects.ts";

const BELOW_FLOW = ["object Flow/'()*!~;,@$:", "prefix Flow/1", "prefix Flow/a b", "prefix Flow/\u{1f600}"];
const LAYOUT: Layout = {
  root: `gs://${BUCKET}/p q/x`,
  prefix: "p q/x",
  keys: ["Flow/1/start/2/0.data.json", "Flow/a b/ü/+&=#?%25", "Flow/'()*!~;,@$:", "Flow/\u{1f600}/x", "top"],
  levels: { Flow: BELOW_FLOW, "Flow/": BELOW_FLOW, "Flow/a b/ü": ["object Flow/a b/ü/+&=#?%25"] },
  above: [[`gs://${BUCKET}`, "p q/xz"]],
  nowhere: { root: "gs://nowhere/root", says: /gs:\/\/nowhere\/root.*The specified bucket does not exist\./ },
};

function openingAt(url: string): (root: string) => Promise<ObjectStore> {
  return async (root) => Promise.resolve(new HttpStore(new GsDialect(parseRoot(root), url, undefined)));
}

function emulator(): Place {
  let folder = "";
  let started: GsEmulator | undefined;
  return {
    start: async (objects, attributes) => {
      folder = await mkdtemp(join(tmpdir(), "metaflow-gs-"));
      started = new GsEmulator(await gsPython(), folder);
      const url = await started.start();
      for (const [name, bytes] of objects) {
        await started.put(name, bytes);
        const answer = await fetch(`${url}/storage/v1/b/${BUCKET}/o/${encodeURIComponent(name)}`, {
          method: "PATCH",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ metadata: { "metaflow-user-attributes": attributes } }),
        });
        expect(answer.ok).toBe(true);
      }
      return openingAt(url);
    },
    stop: async () => {
      await started?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function double(): Place {
  const server = new GsDouble(BUCKET);
  server.pageSize = 2;
  return {
    // To such names the emulator has no answer.
    missing: ["Flow/", "a/../top", ".."],
    start: async (objects, attributes) => {
      for (const [name, bytes] of objects)
        server.put(name, bytes, { metadata: { "metaflow-user-attributes": attributes } });
      return openingAt(await server.start());
    },
    stop: async () => server.stop(),
  };
}

describe("objects in Google Cloud Storage", () => {
  // It gives no ETags, and of a bucket that does not exist it says nothing but that the object is missing.
  describe("on an emulator", () => {
    theyAreRead(objectsIn(emulator(), LAYOUT));
  });

  describe("on a double", () => {
    const objects = objectsIn(double(), LAYOUT);
    theyAreRead(objects);
    othersAreToldApart(objects);
  });
});
