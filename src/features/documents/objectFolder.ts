import * as vscode from "vscode";
import type { Metaflow } from "../../client/index.ts";
import { childrenOf } from "../children.ts";
import type { Choice } from "../completion.ts";
import type { Content } from "./content.ts";

/** A flow, run, step or task as a folder: its children, of a task its logs and artifacts. */
export function objectFolder(metaflow: Metaflow, pathspec: string): Content {
  return {
    async stat() {
      const createdAt = pathspec === "" ? 0 : (await metaflow.object(pathspec)).createdAt.getTime();
      return { type: vscode.FileType.Directory, ctime: createdAt, mtime: createdAt, size: 0 };
    },
    async list() {
      const children = childrenOf(metaflow, pathspec, { described: false });
      const entries: [string, vscode.FileType][] = [];
      for (let more = true; more;) {
        const page = await children.next({});
        entries.push(...page.choices.map(entryOf));
        more = page.more;
      }
      return entries;
    },
  };
}

function entryOf(choice: Choice): [string, vscode.FileType] {
  if (choice.kind === "log") return [`${choice.id}.log`, vscode.FileType.File];
  if (choice.kind === "artifact") return [`${choice.id}.artifact`, vscode.FileType.File];
  return [choice.id, vscode.FileType.Directory];
}
