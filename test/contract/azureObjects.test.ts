/** Blobs one by one, by every kind of key and range: Azurite and the double answer alike. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { MetaflowConfig } from "../../src/client/config.ts";
import { AzureDialect } from "../../src/client/datastore/azure/dialect.ts";
import { openAzure } from "../../src/client/datastore/azure/open.ts";
import { parseRoot } from "../../src/client/datastore/azure/place.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import { StoreUnreachable } from "../../src/client/errors.ts";
import { AzureDouble } from "../servers/azureDouble.mjs";
import { Azurite, CONTAINER } from "../servers/azurite.mjs";
import { objectsIn, othersAreToldApart, theyAreRead, type Layout, type Place } from "./storeObjects.ts";

const ODD = "Flow/a b/ü/+&=#?%25<x>\"'";
const BELOW_FLOW = [
  "object Flow/'()*!~;,@$:",
  "prefix Flow/&amp;",
  "prefix Flow/1",
  "prefix Flow/a b",
  "prefix Flow/\u{1f600}",
];
const LAYOUT: Layout = {
  root: `${CONTAINER}/p q/x`,
  prefix: "p q/x",
  keys: [
    "Flow/1/start/2/0.data.json",
    ODD,
    "Flow/'()*!~;,@$:",
    "Flow/\u{1f600}/x",
    "Flow/&amp;/&#65;",
    "top",
  ],
  levels: {
    Flow: BELOW_FLOW,
    "Flow/": BELOW_FLOW,
    "Flow/a b/ü": [`object ${ODD}`],
    "Flow/&amp;": ["object Flow/&amp;/&#65;"],
  },
  above: [[CONTAINER, "p q/xz"]],
  nowhere: { root: "nowhere/p", says: /nowhere\/p.*ContainerNotFound/ },
};

function keptAs(attributes: string): Record<string, string> {
  return { "x-ms-meta-metaflow_user_attributes": attributes };
}

function emulator(azurite: Azurite): Place {
  return {
    missing: ["Flow/"],
    start: async (objects, attributes) => {
      await azurite.start();
      for (const [name, bytes] of objects) await azurite.put(name, bytes, keptAs(attributes));
      const config = await MetaflowConfig.load({ cwd: "/", env: azurite.env });
      return async (root) => openAzure(root, config);
    },
    stop: async () => azurite.stop(),
  };
}

function double(): Place {
  const server = new AzureDouble(CONTAINER);
  server.pageSize = 2;
  return {
    missing: ["Flow/"],
    start: async (objects, attributes) => {
      for (const [name, bytes] of objects) server.put(name, bytes, { headers: keptAs(attributes) });
      const endpoint = { url: await server.start(), signature: undefined };
      return async (root) =>
        Promise.resolve(new HttpStore(new AzureDialect(parseRoot(root), endpoint, undefined)));
    },
    stop: async () => server.stop(),
  };
}

describe("blobs", () => {
  describe("on Azurite", () => {
    const azurite = new Azurite();
    const objects = objectsIn(emulator(azurite), LAYOUT);
    theyAreRead(objects);
    othersAreToldApart(objects);

    it("are not asked for where the certificate is not trusted", async () => {
      const { REQUESTS_CA_BUNDLE: bundle = "", ...env } = azurite.env;
      expect(await readFile(bundle, "utf8")).toContain("BEGIN CERTIFICATE");
      const config = await MetaflowConfig.load({ cwd: "/", env });
      const store = await openAzure(`${CONTAINER}/p q/x`, config);
      const asked = store.get("top");
      await expect(asked).rejects.toBeInstanceOf(StoreUnreachable);
      await expect(asked).rejects.toThrow(/certificate/);
      store.close?.();
    });
  });

  describe("on a double", () => {
    const objects = objectsIn(double(), LAYOUT);
    theyAreRead(objects);
    othersAreToldApart(objects);
  });
});
