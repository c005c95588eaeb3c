import { describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import type { PyNode } from "../../../src/pickle/index.ts";
import { follow } from "../../../src/worker/access.ts";
import { plainText, toJson } from "../../../src/worker/json.ts";
import { firstMember, keyOf, rowOf, stateOf } from "../../../src/worker/nodes.ts";
import { hexPart, textPart } from "../../../src/worker/textAndHex.ts";
import { PICKLES } from "./pickles.ts";

async function root(name: keyof typeof PICKLES): Promise<PyNode> {
  const document = await openPickle(new Uint8Array(Buffer.from(PICKLES[name], "base64")));
  await document.complete;
  return document.root;
}
async function child(node: PyNode, position: number): Promise<PyNode> {
  const [found] = await node.children({ from: position, to: position + 1 });
  return found!.value;
}

describe("rows of the tree", () => {
  it("tell type, family, length and key of every value", async () => {
    const node = await root("plain");
    const rows = (await node.children()).map((each, at) => rowOf(each.value, keyOf(node, each, at)));
    expect(rows.map(({ key, type, family, length }) => [key?.text, type, family, length])).toEqual([
      ["'a'", "int", "number", undefined],
      ["'b'", "list", "sequence", 6],
      ["'t'", "tuple", "sequence", 2],
      ["'e'", "dict", "mapping", 0],
      ["'l'", "list", "sequence", 0],
      ["'u'", "str", "text", 10],
    ]);
  });

  it("number the members of a sequence, and not those of a set", async () => {
    const list = await root("lossy");
    const [first] = await list.children();
    expect(keyOf(list, first!, 0)).toEqual({ kind: "index", text: "0" });
    const set = await child(list, 1);
    const [member] = await set.children();
    expect(keyOf(set, member!, 0)).toBeUndefined();
  });

  it("give the same object the same id, so that it can be linked", async () => {
    const node = await root("shared");
    expect(rowOf(await child(node, 0)).id).toBe(rowOf(await child(node, 1)).id);
  });

  it("offer the whole of a text only where the preview is not the whole", async () => {
    expect(rowOf(await root("text")).more).toBe(true);
    expect(rowOf(await child(await root("plain"), 5)).more).toBe(false);
  });

  it("tell why a damaged value is not whole, with the place of its bytes", async () => {
    const whole = Buffer.from(PICKLES.plain, "base64");
    const document = await openPickle(new Uint8Array(whole.subarray(0, 40)));
    await document.complete.catch(() => undefined);
    const state = stateOf(document, "local@/d › F/data/ab/abc", undefined);
    expect(state).toMatchObject({
      settled: true,
      problem: { code: "truncated", place: "local@/d › F/data/ab/abc", offset: 40 },
    });
    expect(state.root.childCount).toBeGreaterThan(0);
  });
});

describe("toJson", () => {
  it("writes what Python's json.dumps writes where it can", async () => {
    const { text, approximated } = await toJson(await root("plain"));
    expect(text).toContain(
      '"b": [\n    true,\n    null,\n    1.0,\n    -0.0,\n    2.5e-7,\n    1000000000000000000000000000000\n  ]',
    );
    expect(text).toContain('"e": {},\n  "l": [],\n  "u": "Grüße \\"q\\"\\n"\n}');
    expect(approximated).toBe(0);
  });

  it("writes keys as text, as json.dumps does, and counts those that it would refuse", async () => {
    const { text, approximated } = await toJson(await root("keys"));
    expect(Object.keys(JSON.parse(text) as object)).toEqual(["1", "1.5", "null", "s", "(1, 2)", "b'x'"]);
    expect(approximated).toBe(2);
  });

  it("writes the nearest form of what JSON has none for, and counts it", async () => {
    const { text, approximated } = await toJson(await root("lossy"));
    expect(JSON.parse(text)).toEqual([null, [1], "AP8=", "1.50", []]);
    expect(approximated).toBe(5);
    expect(JSON.parse((await toJson(await root("exc"))).text)).toMatchObject({ $type: "ValueError" });
  });

  it("writes the members of containers that are made by a call, and objects with all that is known of them", async () => {
    expect(JSON.parse((await toJson(await root("made"))).text)).toEqual([
      [1, 2],
      { odd: [1] },
      { a: 1, b: 1 },
      { z: 1 },
      "/a/b",
      { $type: "slice", "args[0]": 1, "args[1]": null, "args[2]": 2 },
    ]);
  });

  it("repeats a shared object and ends at one that contains itself", async () => {
    expect(JSON.parse((await toJson(await root("shared"))).text)).toEqual([["s"], ["s"]]);
    expect((await toJson(await root("loop"))).text).toContain("<the list that it lies in>");
  });

  it("refuses what is too large instead of writing a part", async () => {
    await expect(toJson(await root("plain"), { maxCharacters: 50 })).rejects.toMatchObject({
      code: "too-large",
    });
  });

  it("stops when nobody wants it any more", async () => {
    await expect(toJson(await root("plain"), { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe("plainText", () => {
  it("is the text itself, every digit of a number, Python's str() of others", async () => {
    expect(await plainText(await child(await root("plain"), 5))).toBe('Grüße "q"\n');
    expect(await plainText(await child(await child(await root("plain"), 1), 5))).toBe("1" + "0".repeat(30));
    expect(await plainText(await child(await root("lossy"), 3))).toBe("1.50");
  });
});

describe("follow", () => {
  it("writes the way to a value as Python does", async () => {
    const node = await root("nested");
    expect(await follow(node, [])).toMatchObject({ expression: "", exact: true });
    expect(await follow(node, [0, 1, 0])).toMatchObject({ expression: '["k"][1]["x y"]', exact: true });
  });

  it("counts the members of a container from 0, whatever it was made of", async () => {
    const made = await root("made");
    expect(await firstMember(await child(made, 0))).toBe(0);
    expect(await firstMember(await child(made, 1))).toBe(1);
    expect(await follow(made, [0, 1])).toMatchObject({ expression: "[0][1]", exact: true });
    expect(await follow(made, [1, 0])).toMatchObject({ expression: "[1]", exact: false });
    expect(await follow(made, [1, 1, 0])).toMatchObject({ expression: '[1]["odd"][0]', exact: true });
  });

  it("names the number of a key, of which Python finds any equal one", async () => {
    const node = await root("numpyKeys");
    const found = await Promise.all([0, 1, 2].map(async (at) => follow(node, [at])));
    expect(found.map((each) => each?.expression)).toEqual(["[3]", "[-4]", "[1152921504606846976]"]);
  });

  it("stops at the nearest value that Python can name", async () => {
    expect(await follow(await root("nested"), [0, 1, 0, 0])).toMatchObject({
      expression: '["k"][1]["x y"]',
      exact: false,
    });
  });

  it("finds nothing where nothing is", async () => {
    expect(await follow(await root("nested"), [0, 9])).toBeUndefined();
  });
});

describe("parts of long values", () => {
  it("never cut a character in two, and together are the whole text", async () => {
    const node = await root("text");
    const parts: string[] = [];
    let characters = 0;
    for (let at: number | undefined = 0; at !== undefined;) {
      const part = await textPart(node, at, at + 7);
      parts.push(part.text);
      characters += part.characters;
      at = part.next;
    }
    expect(parts.join("")).toBe("x🚀".repeat(300));
    expect(characters).toBe(600);
  });

  it("give bytes as hexadecimal digits, as many as were asked for", async () => {
    expect(await hexPart(await root("raw"), 16, 20)).toEqual({ from: 16, hex: "10111213", sizeBytes: 48 });
    expect((await hexPart(await root("raw"), 40, 4096)).hex).toHaveLength(16);
  });
});
