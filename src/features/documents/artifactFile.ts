import * as vscode from "vscode";
import type { Metaflow } from "../../client/index.ts";
import type { ArtifactResource } from "../uris.ts";
import type { Content } from "./content.ts";

// Enough of a value to read and to compare; all of it is in the artifact editor.
const LIMITS = { depth: 12, items: 1000 };

/** An artifact as text, for whoever opens it as such or compares two: the lossless JSON form of its value. */
export function artifactFile(metaflow: Metaflow, resource: ArtifactResource): Content {
  const find = async () => metaflow.artifact(resource.artifact, { attempt: resource.attempt });
  return {
    async stat() {
      const artifact = await find();
      const createdAt = artifact.createdAt.getTime();
      return { type: vscode.FileType.File, ctime: createdAt, mtime: createdAt, size: 0 };
    },
    async read() {
      const document = await (await find()).open();
      try {
        await document.complete;
        const value = await document.root.tagged(LIMITS);
        return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
      } finally {
        document.close();
      }
    },
  };
}
