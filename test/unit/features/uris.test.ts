import { describe, expect, it } from "vitest";
import { targetOfPathspec } from "../../../src/features/targets.ts";
import { artifactUri, codeUri, logUri, objectUri, parseUri, pathspecOf } from "../../../src/features/uris.ts";

describe("metaflow: addresses", () => {
  it("name logs, artifacts, code files and objects, and are read back as they were made", () => {
    expect(parseUri(logUri("F/1/s/2", "stderr", 3))).toEqual({
      kind: "log",
      task: "F/1/s/2",
      stream: "stderr",
      attempt: 3,
    });
    expect(parseUri(artifactUri("F/1/s/2/x", 0))).toEqual({
      kind: "artifact",
      artifact: "F/1/s/2/x",
      attempt: 0,
    });
    expect(parseUri(codeUri("F/1", "pkg/util.py"))).toEqual({
      kind: "code",
      owner: "F/1",
      member: "pkg/util.py",
    });
    expect(parseUri(codeUri("F/1/s/2", ""))).toEqual({ kind: "code", owner: "F/1/s/2", member: "" });
    expect(parseUri(objectUri("F/1"))).toEqual({ kind: "object", pathspec: "F/1" });
    expect(parseUri(objectUri(""))).toEqual({ kind: "object", pathspec: "" });
  });

  it("write the attempt into the query, where VS Code keeps it apart from the file name", () => {
    expect(logUri("F/1/s/2", "stdout", 0)).toEqual({
      scheme: "metaflow",
      path: "/F/1/s/2/stdout.log",
      query: "attempt=0",
    });
  });

  it("tell an artifact called stdout from the log of that stream", () => {
    expect(parseUri(artifactUri("F/1/s/2/stdout"))?.kind).toBe("artifact");
  });

  it.runIf(process.platform !== "win32").each(["back\\slash", "line\nbreak", "größe 😀"])(
    "name the artifact %j, which Python's setattr may have made",
    (name) => {
      expect(parseUri(artifactUri(`F/1/s/2/${name}`))).toMatchObject({ artifact: `F/1/s/2/${name}` });
      expect(targetOfPathspec(`F/1/s/2/${name}`)).toEqual({ kind: "artifact", pathspec: `F/1/s/2/${name}` });
      expect(parseUri(objectUri("F/1/back\\slash"))).toBeUndefined();
    },
  );

  it("refuse other schemes, climbing paths, strange files and senseless attempts", () => {
    expect(parseUri({ scheme: "file", path: "/F/1", query: "" })).toBeUndefined();
    expect(parseUri({ scheme: "metaflow", path: "/F/../1", query: "" })).toBeUndefined();
    expect(parseUri({ scheme: "metaflow", path: "/F/1/s/2/x.txt", query: "" })).toBeUndefined();
    expect(parseUri({ scheme: "metaflow", path: "/F/1/s/2/.artifact", query: "" })).toBeUndefined();
    expect(parseUri({ ...logUri("F/1/s/2", "stdout"), query: "attempt=-1" })).toMatchObject({
      attempt: undefined,
    });
  });

  it("tell which object they are about", () => {
    expect(pathspecOf({ kind: "log", task: "F/1/s/2", stream: "stdout" })).toBe("F/1/s/2");
    expect(pathspecOf({ kind: "code", owner: "F/1", member: "a.py" })).toBe("F/1");
  });
});
