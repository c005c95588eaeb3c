import { describe, expect, it } from "vitest";
import { openPickle } from "../../../src/pickle/index.ts";
import { importsOf } from "../../../src/worker/imports.ts";

async function globals(pickle: string): Promise<readonly string[]> {
  const document = await openPickle(new Uint8Array(Buffer.from(pickle, "latin1")));
  await document.complete;
  return document.globals();
}

describe("what loading a value in Python would import", () => {
  it("is read from the pickle, whatever its protocol, and once each", async () => {
    expect(await globals("cos\nsystem\n(S'ls'\ntR.")).toEqual(["os.system"]);
    expect(await globals("\x80\x04\x8c\x08__main__\x8c\x03Foo\x93)R.")).toEqual(["__main__.Foo"]);
    expect(await globals("(lc__main__\nFoo\nac__main__\nFoo\na.")).toEqual(["__main__.Foo"]);
    expect(await globals("K\x01.")).toEqual([]);
  });

  it("tells libraries by their name, says nothing of what is harmless, and all else in full", () => {
    const names = ["numpy.dtype", "numpy._core.multiarray._reconstruct", "datetime.datetime", "builtins.set"];
    expect(importsOf([...names, "builtins.eval", "__main__.Foo", "numpyfoo.bar"])).toEqual({
      known: ["numpy"],
      unknown: ["builtins.eval", "__main__.Foo", "numpyfoo.bar"],
    });
  });
});
