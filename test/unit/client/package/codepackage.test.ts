import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadPackage, PACKAGE_LIMITS } from "../../../../src/client/package/archive.ts";
import { CodePackage, openPackage, readPackage } from "../../../../src/client/package/codepackage.ts";
import { tar, tgz, version0, version1, type Made } from "./archives.ts";

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString();

describe("CodePackage", () => {
  it("knows the flow's file and its INFO in both layouts", async () => {
    for (const entries of [version0(), version1()]) {
      const code = openPackage(tgz(entries));
      expect(await code.info()).toMatchObject({ script: "flow.py", metaflow_version: "2.19.39" });
      expect(await code.scriptName()).toBe("flow.py");
      expect(text(await code.flowspec())).toBe("print('flow')\n");
    }
  });

  it("unpacks nothing before it is asked", () => {
    expect(() => openPackage(Buffer.from("not an archive"))).not.toThrow();
  });

  it("lists its members in order, and reads each", async () => {
    const members = await openPackage(tgz(version1([{ name: "empty.txt" }]))).members();
    expect(members.map(({ name, size }) => [name, size]).slice(-3)).toEqual([
      ["flow.py", 14],
      ["sub/mod.py", 6],
      ["empty.txt", 0],
    ]);
    expect(text(await members.at(-2)!.bytes())).toBe("x = 1\n");
    expect(text(await members.at(-1)!.bytes())).toBe("");
  });

  it("reads members that are too many to be kept", async () => {
    const large = Array.from({ length: 5 }, (_, n) => ({
      name: `data/${n}.py`,
      content: Buffer.alloc(9000, n + 65),
    }));
    const code = new CodePackage(tgz(version1(large)), { ...PACKAGE_LIMITS, keptBytes: 20_000 });
    for (const [n, member] of (await code.members()).slice(-5).entries()) {
      const bytes = await member.bytes();
      expect([bytes.length, bytes[0], bytes.at(-1)]).toEqual([9000, n + 65, n + 65]);
    }
  });

  it("finds the flow of a large package without unpacking what lies behind it", async () => {
    for (const entries of [version0(), version1()]) {
      const archive = tgz([
        ...entries,
        { name: "data.bin", content: randomBytes(4 << 20) },
        { name: "later.py" },
      ]);
      // Damage behind the flow shows how far it was read.
      archive.fill(0, archive.length - 1000);
      const code = new CodePackage(archive, { ...PACKAGE_LIMITS, wholeBytes: 0 });
      expect(await code.info()).toMatchObject({ script: "flow.py" });
      expect(text(await code.flowspec())).toBe("print('flow')\n");
      await expect(code.members()).rejects.toThrow(BadPackage);
    }
  });

  it("takes the last of two members of one name, as Python does", async () => {
    const code = openPackage(tgz(version1([{ name: "flow.py", content: "later" }])));
    expect(text(await code.flowspec())).toBe("later");
    expect(text(await code.member("sub/mod.py"))).toBe("x = 1\n");
    expect(await code.member("missing.py")).toBeUndefined();
  });

  it("has no flow file where the package lacks it", async () => {
    const entries = version1().filter(({ name }) => name !== "flow.py");
    expect(await openPackage(tgz(entries)).flowspec()).toBeUndefined();
  });

  it("says what is wrong with a package", async () => {
    const bad: [Buffer, RegExp][] = [
      [Buffer.from("not an archive"), /no gzip/],
      [Buffer.alloc(0), /no gzip/],
      [tgz(version1()).subarray(0, -40), /unpacked/],
      [gzipSync(Buffer.from("no tar")), /unpacked/],
      [gzipSync(tar(version1()).subarray(0, 3000)), /unpacked/],
      [gzipSync(tgz(version1())), /gzip archive in a gzip archive/],
      [tgz([{ name: "flow.py" }]), /metadata is invalid/],
      [tgz([{ name: "INFO", content: "{" }]), /not JSON/],
      [tgz([{ name: "INFO", content: "[]" }]), /not a JSON object/],
      [tgz([{ name: ".mf_install", content: '{"version": 7}' }]), /content version 7/],
    ];
    for (const [bytes, message] of bad) {
      const failure = await openPackage(bytes)
        .info()
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(BadPackage);
      expect((failure as BadPackage).message).toMatch(message);
    }
    expect(() => openPackage(tgz(version1()), '{"archive_format": "zip"}')).toThrow(/format zip/);
  });

  it("is not read into the memory where it is too large for it", async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        given += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    const limits = { ...PACKAGE_LIMITS, archiveBytes: 50_000 };
    await expect(readPackage(endless, undefined, limits)).rejects.toThrow(/larger than 50000 bytes/);
    expect(given).toBeLessThan(60_000);
  });

  it("stops at a bomb", async () => {
    const bomb = gzipSync(tar([{ name: "INFO", content: Buffer.alloc(16 << 20) }]));
    expect(bomb.length).toBeLessThan(100_000);
    const small = new CodePackage(bomb, { ...PACKAGE_LIMITS, unpackedBytes: 2 << 20 });
    await expect(small.info()).rejects.toThrow(/larger than/);
    const many = new CodePackage(tgz(version1()), { ...PACKAGE_LIMITS, members: 3 });
    await expect(many.members()).rejects.toThrow(/more than 3 members/);
  });

  it("throws nothing but its own error on damaged bytes", async () => {
    const good = tgz(version1());
    const damage = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        const outcome = await openPackage(bytes)
          .flowspec()
          .catch((error: unknown) => error);
        expect(outcome === undefined || outcome instanceof Uint8Array || outcome instanceof BadPackage).toBe(
          true,
        );
      }),
    );
  });
});

describe("CodePackage.extract", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "package-test-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function files(of: string): Promise<string[]> {
    const all = await readdir(of, { recursive: true, withFileTypes: true });
    return all
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name).slice(of.length + 1))
      .sort();
  }

  it("writes what Python's would", async () => {
    const one = await openPackage(tgz(version1())).extract(join(folder, "new", "one"));
    expect(one).toBe(join(folder, "new", "one"));
    expect(await files(one)).toEqual([
      ".mf_install",
      ".mf_meta/CONFIG",
      ".mf_meta/INFO",
      "flow.py",
      "sub/mod.py",
    ]);
    expect(await readFile(join(one, "sub/mod.py"), "utf8")).toBe("x = 1\n");
    const zero = await openPackage(tgz(version0())).extract(join(folder, "zero"));
    expect(await files(zero)).toEqual(["CONFIG", "INFO", "flow.py", "metaflow/__init__.py"]);
  });

  it("makes a temporary folder where none is given", async () => {
    const made = await openPackage(tgz(version1())).extract();
    expect(await files(made)).toContain("flow.py");
    await rm(made, { recursive: true });
  });

  const hostile: Made[] = [
    { name: "../outside.py", content: "x" },
    { name: "sub/../../outside.py", content: "x" },
    { name: "/tmp/vscode-metaflow-outside.py", content: "x" },
    { name: "C:\\outside.py", content: "x" },
    { name: "..\\outside.py", content: "x" },
    { name: "link", type: "SymbolicLink", target: "/etc/passwd" },
    { name: "link", type: "SymbolicLink", target: "flow.py" },
    { name: "link", type: "Link", target: "../outside.py" },
    { name: "device", type: "CharacterDevice" },
    { name: "pipe", type: "FIFO" },
  ];
  for (const entry of hostile) {
    it(`writes nothing of a package with ${entry.type ?? "a file"} named ${entry.name}${entry.target === undefined ? "" : ` to ${entry.target}`}`, async () => {
      const target = join(folder, "target");
      await expect(openPackage(tgz(version1([entry]))).extract(target)).rejects.toThrow(BadPackage);
      expect(existsSync(target)).toBe(false);
      expect(await readdir(folder)).toEqual([]);
      expect(existsSync("/tmp/vscode-metaflow-outside.py")).toBe(false);
    });
  }

  it("still reads the good members of such a package", async () => {
    expect(text(await openPackage(tgz(version1(hostile))).flowspec())).toBe("print('flow')\n");
  });

  it("does not follow a link that lies in the folder already", async () => {
    const outside = join(folder, "outside");
    const target = join(folder, "target");
    await mkdir(outside);
    await mkdir(target);
    await symlink(outside, join(target, "sub"));
    await openPackage(tgz(version1()))
      .extract(target)
      .catch((error: unknown) => {
        expect(error).toBeInstanceOf(BadPackage);
      });
    expect(await readdir(outside)).toEqual([]);
  });

  it("does not write through a link in place of a file", async () => {
    const victim = join(folder, "victim.py");
    const target = join(folder, "target");
    await mkdir(target);
    await symlink(victim, join(target, "flow.py"));
    await openPackage(tgz(version1()))
      .extract(target)
      .catch(() => undefined);
    expect(existsSync(victim)).toBe(false);
  });

  it("leaves no temporary folder behind when it fails", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("metaflow-code-"));
    const clash = [
      { name: "a", content: "file" },
      { name: "a/b", content: "below it" },
    ];
    await expect(openPackage(tgz(version1(clash))).extract()).rejects.toThrow(BadPackage);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith("metaflow-code-"))).toEqual(before);
  });

  it("can be cancelled", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(openPackage(tgz(version1())).extract(join(folder, "x"), { signal })).rejects.toThrow(
      "enough",
    );
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});
