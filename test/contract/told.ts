/**
 * Stores that do not lie where they were recorded, and Python's answers about them: Python reads a copy whose records were told their new place,
 * and its answers are turned back. Kept in the cache until the archive or the oracle changes.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "../../tools/cache.mjs";
import { askPython, SCRIPTS, type Asked } from "./oracle.ts";

/** An archive of one or more stores. */
export interface Moved {
  readonly archive: string;
  /** Folder of the store in the archive; `.` when it is the only one. */
  readonly part: string;
  readonly flows: readonly string[];
  /** Folders of modules that artifacts need. */
  readonly modules: readonly string[];
  readonly unpack: (target: string) => Promise<unknown>;
}

/** A store as it was recorded, in another place, and what Python answers about it. */
export interface Told {
  readonly project: string;
  readonly asked: readonly Asked[];
}

/** Unpacks a store twice and asks Python about the copy that knows its place. */
export async function toldStore(python: string, moved: Moved): Promise<Told> {
  const key = createHash("sha1").update(JSON.stringify([moved.part, moved.flows]));
  for (const file of [moved.archive, ...SCRIPTS]) key.update(await readFile(file));
  const folder = await cachedFolder(`moved/${key.digest("hex").slice(0, 12)}`, async (target: string) => {
    const told = join(target, "told");
    await moved.unpack(join(target, "moved"));
    await moved.unpack(told);
    const root = join(told, moved.part, ".metaflow");
    const recorded = await recordedRoot(root, moved.flows);
    await tellRoot(root, recorded, moved.flows);
    const asked = await askPython(python, join(told, moved.part), moved);
    await writeFile(join(target, "answers.json"), JSON.stringify(asked).replaceAll(root, recorded));
  });
  return {
    project: join(folder, "moved", moved.part),
    asked: JSON.parse(await readFile(join(folder, "answers.json"), "utf8")) as Asked[],
  };
}

/** The `.metaflow` folder that the records name. */
async function recordedRoot(root: string, flows: readonly string[]): Promise<string> {
  const flow = join(root, flows[0] ?? "");
  const record = (await readdir(flow, { recursive: true })).find((name) =>
    name.endsWith("_artifact_name.json"),
  );
  const { location } = JSON.parse(await readFile(join(flow, record ?? ""), "utf8")) as { location: string };
  // Before 2.4.0 the whole path of the blob.
  return /^(?::root:)?(.*?\.metaflow)/.exec(location)?.[1] ?? location;
}

/** Writes the root where they lie into all records. */
async function tellRoot(root: string, recorded: string, flows: readonly string[]): Promise<void> {
  for (const flow of flows) {
    const names = await readdir(join(root, flow), { recursive: true });
    for (const name of names.filter((it) =>
      /_artifact_|sysmeta_(ds-root|code-package|log_location)/.test(it),
    )) {
      const file = join(root, flow, name);
      await writeFile(file, (await readFile(file, "utf8")).replaceAll(recorded, root));
    }
  }
}
