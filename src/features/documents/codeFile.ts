import * as vscode from "vscode";
import { LRUCache } from "lru-cache";
import { MetaflowNotFound } from "../../client/errors.ts";
import type { Metaflow, MetaflowCode } from "../../client/index.ts";
import { codeOf } from "../codeOf.ts";
import { t } from "../text.ts";
import type { CodeResource } from "../uris.ts";
import type { Content } from "./content.ts";

// A package never changes; the files of one are usually looked at together.
const packages = new LRUCache<string, MetaflowCode>({ max: 8 });

/** A file of a code package, or one of its folders. */
export function codeFile(metaflow: Metaflow, resource: CodeResource): Content {
  const prefix = resource.member === "" ? "" : `${resource.member}/`;
  const find = async () => {
    const members = await (await packageOf(metaflow, resource.owner)).tarball();
    return {
      file: members.findLast((member) => member.name === resource.member && member.kind === "file"),
      below: members.filter((member) => member.name.startsWith(prefix) && member.name !== prefix),
    };
  };
  const missing = (): MetaflowNotFound =>
    new MetaflowNotFound(t("{0} is not in the code package of {1}", resource.member, resource.owner));
  return {
    async stat() {
      const { file, below } = await find();
      if (file === undefined && below.length === 0) throw missing();
      const type = file === undefined ? vscode.FileType.Directory : vscode.FileType.File;
      return { type, ctime: 0, mtime: 0, size: file?.size ?? 0 };
    },
    async read() {
      const { file } = await find();
      if (file === undefined) throw missing();
      return file.bytes();
    },
    async list() {
      const entries = new Map<string, vscode.FileType>();
      for (const { name } of (await find()).below) {
        const [first = "", ...rest] = name.slice(prefix.length).split("/");
        if (first !== "")
          entries.set(first, rest.length > 0 ? vscode.FileType.Directory : vscode.FileType.File);
      }
      return [...entries];
    },
  };
}

async function packageOf(metaflow: Metaflow, owner: string): Promise<MetaflowCode> {
  const key = `${metaflow.metadata}#${owner}`;
  const known = packages.get(key);
  if (known !== undefined) return known;
  const found = await codeOf(metaflow, owner);
  if (found === undefined) throw new MetaflowNotFound(t("Metaflow kept no code package of {0}", owner));
  packages.set(key, found.code);
  return found.code;
}
