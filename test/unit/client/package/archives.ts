import { gzipSync } from "node:zlib";
import { Header } from "tar";

/** One entry of an archive to make; without a type it is a file. */
export interface Made {
  readonly name: string;
  readonly content?: string | Uint8Array;
  readonly type?: "File" | "Directory" | "SymbolicLink" | "Link" | "CharacterDevice" | "FIFO";
  readonly target?: string;
  /** What the header claims, where it lies. */
  readonly claimedSize?: number;
}

/** A `.tar`, byte by byte: no archiver would write these names and links. */
export function tar(entries: readonly Made[]): Buffer {
  const blocks = entries.flatMap(({ name, content = "", type = "File", target, claimedSize }) => {
    const bytes = Buffer.from(content as string);
    const header = new Header({
      path: name,
      mode: 0o644,
      size: claimedSize ?? bytes.length,
      type,
      mtime: new Date(1_575_360_000_000),
      ...(target !== undefined && { linkpath: target }),
    });
    const block = Buffer.alloc(512);
    header.encode(block, 0);
    return [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** The same as `.tar.gz`. */
export function tgz(entries: readonly Made[]): Buffer {
  return gzipSync(tar(entries));
}

const INFO = JSON.stringify({ script: "flow.py", metaflow_version: "2.19.39", username: "ada" });

/** The layout since Metaflow 2.15.21. */
export function version1(user: readonly Made[] = []): Made[] {
  return [
    { name: ".mf_code/metaflow/__init__.py", content: "# metaflow" },
    { name: ".mf_meta/INFO", content: INFO },
    { name: ".mf_meta/CONFIG", content: "{}" },
    { name: ".mf_install", content: '{"version": 1, "module_files": []}' },
    { name: "flow.py", content: "print('flow')\n" },
    { name: "sub/mod.py", content: "x = 1\n" },
    ...user,
  ];
}

/** The layout before. */
export function version0(user: readonly Made[] = []): Made[] {
  return [
    { name: "INFO", content: INFO },
    { name: "CONFIG", content: "{}" },
    { name: "metaflow/__init__.py", content: "# metaflow" },
    { name: "flow.py", content: "print('flow')\n" },
    ...user,
  ];
}
