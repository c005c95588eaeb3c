import { describe, expect, it } from "vitest";
import { openPickle, type PyNode } from "../../../src/pickle/index.ts";
import { assemble, call, int, list, named, text, tuple } from "./assemble.ts";

// Objects that only look like those of a library: their states and arguments are what no library gives them.

const NONE = assemble("N");

async function open(...parts: Uint8Array[]): Promise<PyNode> {
  const document = await openPickle(assemble("\x80\x04", ...parts, "."));
  await document.complete;
  return document.root;
}

function arrow(name: string, ...args: Uint8Array[]): Uint8Array {
  return call("pyarrow.lib", name, ...args);
}

function type(alias: string): Uint8Array {
  return arrow("type_for_alias", text(alias));
}

function chunk(
  own: Uint8Array,
  length: number,
  buffers: readonly Uint8Array[],
  children: readonly Uint8Array[] = [],
): Uint8Array {
  return tuple(own, int(length), int(0), int(0), list(...buffers), list(...children), NONE);
}

describe("an object that only looks like a library's", () => {
  it("is not taken for one because of a name that JavaScript knows", async () => {
    for (const [name, count] of [
      ["hasOwnProperty", 1],
      ["toString", 0],
    ] as const) {
      const members = list(...Array.from({ length: count }, () => NONE));
      const state = assemble("}(", text("version"), text(name), text("data"), members, "ub");
      const node = await open(named("metaflow.client.core", "Task"), assemble(")\x81"), state);
      expect(node.preview).toMatch(/^Task\(version='/);
    }
    const array = await open(arrow("_restore_array", chunk(type("constructor"), 3, [])));
    expect(array.type).toBe("pyarrow.lib.ConstructorArray");
  });
});
