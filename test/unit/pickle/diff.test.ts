import { describe, expect, it } from "vitest";
import { compareValues } from "../../../src/pickle/diff/index.ts";
import { openPickle, type PyNode } from "../../../src/pickle/index.ts";

/** Written by pickle of Python 3.11 with numpy and pandas, protocol 4. */
const PICKLES = {
  dictLeft:
    "gASVAAIAAAAAAAB9lCiMBGxvc3OURz/QAAAAAAAAjAZwYXJhbXOUfZQojAJscpRLAYwBbpRHf/gAAAAAAAB1jAZsYXllcnOUXZQoSwFLAksDZYwDb2xklE6MBHRleHSUWJABAAB4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4lIwEdGFnc5SPlCiMAWKUjAFhlJB1Lg==",
  dictRight:
    "gASVCAIAAAAAAAB9lCiMBGxvc3OURz/gAAAAAAAAjAZwYXJhbXOUfZQojAJscpRHP/AAAAAAAACMAW6UR3/4AAAAAAAAdYwGbGF5ZXJzlF2UKEsBSwVljANuZXeUQwF6lIwEdGV4dJRYkAEAAHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHmUjAR0YWdzlI+UKIwBY5SMAWGUkHUu",
  frameLeft:
    "gASVPgMAAAAAAACMEXBhbmRhcy5jb3JlLmZyYW1llIwJRGF0YUZyYW1llJOUKYGUfZQojARfbWdylIwecGFuZGFzLmNvcmUuaW50ZXJuYWxzLm1hbmFnZXJzlIwMQmxvY2tNYW5hZ2VylJOUjBZwYW5kYXMuX2xpYnMuaW50ZXJuYWxzlIwPX3VucGlja2xlX2Jsb2NrlJOUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAUsDhpRoD4wFZHR5cGWUk5SMAmk4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQxgBAAAAAAAAAAAAAAAAAAAQAwAAAAAAAACUdJRijAhidWlsdGluc5SMBXNsaWNllJOUSwBLAUsBh5RSlEsCh5RSlGgLaA5oEUsAhZRoE4eUUpQoSwFLAUsDhpRoGIwCZjiUiYiHlFKUKEsDaBxOTk5K/////0r/////SwB0lGKJQxgAAAAAAAD4fwAAAAAAAOA/AAAAAAAA+D+UdJRiaCJLAUsCSwGHlFKUSwKHlFKUaAtoDmgRSwCFlGgTh5RSlChLAUsBSwOGlGgYjAJPOJSJiIeUUpQoSwOMAXyUTk5OSv////9K/////0s/dJRiiV2UKIwBeJSMAXmUjAF6lGV0lGJoIksCSwNLAYeUUpRLAoeUUpSHlF2UKIwYcGFuZGFzLmNvcmUuaW5kZXhlcy5iYXNllIwKX25ld19JbmRleJSTlGhJjAVJbmRleJSTlH2UKIwEZGF0YZRoDmgRSwCFlGgTh5RSlChLAUsDhZRoO4ldlCiMAWGUjAFilIwEZ29uZZRldJRijARuYW1llE51hpRSlGhLaE19lChoT2gOaBFLAIWUaBOHlFKUKEsBSwOFlGg7iV2UKIwBcpSMAXOUjAF0lGV0lGJoWU51hpRSlGWGlFKUjARfdHlwlIwJZGF0YWZyYW1llIwJX21ldGFkYXRhlF2UjAVhdHRyc5R9lIwGX2ZsYWdzlH2UjBdhbGxvd3NfZHVwbGljYXRlX2xhYmVsc5SIc3ViLg==",
  frameRight:
    "gASVNQMAAAAAAACMEXBhbmRhcy5jb3JlLmZyYW1llIwJRGF0YUZyYW1llJOUKYGUfZQojARfbWdylIwecGFuZGFzLmNvcmUuaW50ZXJuYWxzLm1hbmFnZXJzlIwMQmxvY2tNYW5hZ2VylJOUjBZwYW5kYXMuX2xpYnMuaW50ZXJuYWxzlIwPX3VucGlja2xlX2Jsb2NrlJOUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAUsDhpRoD4wFZHR5cGWUk5SMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQxgAAAAAAAD4fwAAAAAAAOg/AAAAAAAA+L+UdJRijAhidWlsdGluc5SMBXNsaWNllJOUSwBLAUsBh5RSlEsCh5RSlGgLaA5oEUsAhZRoE4eUUpQoSwFLAUsDhpRoGIwCaTiUiYiHlFKUKEsDaBxOTk5K/////0r/////SwB0lGKJQxgBAAAAAAAAAAEAAAAAAAAQAwAAAAAAAACUdJRiaCJLAUsCSwGHlFKUSwKHlFKUaAtoDmgRSwCFlGgTh5RSlChLAUsBSwOGlGgYjAJPOJSJiIeUUpQoSwOMAXyUTk5OSv////9K/////0s/dJRiiV2UKIiJTmV0lGJoIksCSwNLAYeUUpRLAoeUUpSHlF2UKIwYcGFuZGFzLmNvcmUuaW5kZXhlcy5iYXNllIwKX25ld19JbmRleJSTlGhGjAVJbmRleJSTlH2UKIwEZGF0YZRoDmgRSwCFlGgTh5RSlChLAUsDhZRoO4ldlCiMAWKUjAFhlIwEY29tZZRldJRijARuYW1llE51hpRSlGhIaEp9lChoTGgOaBFLAIWUaBOHlFKUKEsBSwOFlGg7iV2UKIwBcpSMAXOUjAF1lGV0lGJoVk51hpRSlGWGlFKUjARfdHlwlIwJZGF0YWZyYW1llIwJX21ldGFkYXRhlF2UjAVhdHRyc5R9lIwGX2ZsYWdzlH2UjBdhbGxvd3NfZHVwbGljYXRlX2xhYmVsc5SIc3ViLg==",
  cubeLeft:
    "gASVTQEAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsCSwNLBIeUaAOMBWR0eXBllJOUjAJpOJSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sAdJRiiUPAAAAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAAEAAAAAAAAAAUAAAAAAAAABgAAAAAAAAAHAAAAAAAAAAgAAAAAAAAACQAAAAAAAAAKAAAAAAAAAAsAAAAAAAAADAAAAAAAAAANAAAAAAAAAA4AAAAAAAAADwAAAAAAAAAQAAAAAAAAABEAAAAAAAAAEgAAAAAAAAATAAAAAAAAABQAAAAAAAAAFQAAAAAAAAAWAAAAAAAAABcAAAAAAAAAlHSUYi4=",
  cubeRight:
    "gASVTQEAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsCSwNLBIeUaAOMBWR0eXBllJOUjAJpOJSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sAdJRiiUPAAAAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAAEAAAAAAAAAAUAAAAAAAAABgAAAAAAAAAHAAAAAAAAAAgAAAAAAAAACQAAAAAAAAAKAAAAAAAAAAsAAAAAAAAADAAAAAAAAAANAAAAAAAAAA4AAAAAAAAADwAAAAAAAAAQAAAAAAAAAP3/////////EgAAAAAAAAATAAAAAAAAABQAAAAAAAAAFQAAAAAAAAAWAAAAAAAAABcAAAAAAAAAlHSUYi4=",
  cyclicLeft: "gASVCQAAAAAAAABdlChLAWgAZS4=",
  cyclicRight: "gASVCQAAAAAAAABdlChLAWgAZS4=",
};

async function root(name: keyof typeof PICKLES): Promise<PyNode> {
  const document = await openPickle(new Uint8Array(Buffer.from(PICKLES[name], "base64")));
  await document.complete;
  return document.root;
}

describe("compareValues", () => {
  it("finds what differs in containers, by its path, with both sides", async () => {
    const { differences, count } = await compareValues(await root("dictLeft"), await root("dictRight"));
    expect(
      differences.map(({ path, kind, left, right }) => [path, kind, left?.slice(0, 12), right?.slice(0, 12)]),
    ).toEqual([
      ["['old']", "left", "None", undefined],
      ["['new']", "right", undefined, "b'z'"],
      ["['loss']", "value", "0.25", "0.5"],
      ["['params']['lr']", "type", "1  (int)", "1.0  (float)"],
      ["['layers']", "size", "length 3", "length 2"],
      ["['layers'][2]", "left", "3", undefined],
      ["['layers'][1]", "value", "2", "5"],
      ["['text']", "value", "'xxxxxxxxxxx", "'xxxxxxxxxxx"],
      ["['tags']{'b'}", "left", "'b'", undefined],
      ["['tags']{'c'}", "right", undefined, "'c'"],
    ]);
    expect(count).toBe(10);
  });

  it("compares frames cell by cell, columns by their labels, with exact integers and NaN equal to NaN", async () => {
    const { differences } = await compareValues(await root("frameLeft"), await root("frameRight"));
    expect(differences).toEqual([
      { path: "", kind: "cells", count: 3, of: 6, most: 3 },
      { path: ".index[2]", kind: "value", left: "'t'", right: "'u'" },
      { path: "['gone']", kind: "left", left: "object" },
      { path: "['come']", kind: "right", right: "object" },
      { path: ".loc['s', 'a']", kind: "value", left: "1152921504606846976", right: "1152921504606846977" },
      { path: ".loc['s', 'b']", kind: "value", left: "0.5", right: "0.75" },
      { path: ".loc['t', 'b']", kind: "value", left: "1.5", right: "-1.5" },
    ]);
  });

  it("compares arrays of any number of axes, with the place of what differs", async () => {
    const { differences } = await compareValues(await root("cubeLeft"), await root("cubeRight"));
    expect(differences).toEqual([
      { path: "", kind: "cells", count: 1, of: 24, most: 20 },
      { path: "[1, 1, 1]", kind: "value", left: "17", right: "-3" },
    ]);
  });

  it("finds nothing in equal values, and an end in those that contain themselves", async () => {
    for (const [left, right] of [
      ["frameLeft", "frameLeft"],
      ["cubeLeft", "cubeLeft"],
      ["cyclicLeft", "cyclicRight"],
    ] as const)
      expect(await compareValues(await root(left), await root(right))).toEqual({
        differences: [],
        count: 0,
        stopped: false,
      });
  });

  it("tells as many differences as it may and counts the rest, and says where it stopped", async () => {
    const [left, right] = [await root("dictLeft"), await root("dictRight")];
    const few = await compareValues(left, right, { told: 2 });
    expect([few.differences.length, few.count]).toEqual([2, 10]);
    expect((await compareValues(left, right, { parts: 2 })).stopped).toBe(true);
  });
});
