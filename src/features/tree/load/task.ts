import { mapLimited } from "../../../base/async.ts";
import type { IoOptions } from "../../../base/io.ts";
import type { DataArtifact, Task } from "../../../client/index.ts";
import type { LogStream } from "../../targets.ts";
import { t } from "../../text.ts";
import { shortType, type ArtifactFacts } from "../artifactText.ts";
import type { Row } from "../row.ts";
import { ArtifactRow } from "../rows/artifact.ts";
import { FactRow } from "../rows/fact.ts";
import { FolderRow } from "../rows/folder.ts";
import { LogRow } from "../rows/log.ts";
import { readPreview } from "./preview.ts";

/** Values up to this many pickled bytes are shown in their row. */
const SMALL_BYTES = 512;
/** Of a task with more artifacts than these the further ones show type and size. */
const MOST_VALUES = 60;

/** What a task holds: its logs, its artifacts, and folded away what few look for. */
export async function loadTask(row: Row, task: Task, live: boolean, io: IoOptions): Promise<readonly Row[]> {
  const [logs, artifacts] = await Promise.all([
    loadLogs(row, task, live, io),
    loadArtifacts(row, task, await task.artifacts(io), io),
  ]);
  return [...logs, ...artifacts, internalFolder(row, task), metadataFolder(row, task)];
}

/** The logs, with their sizes. */
async function loadLogs(row: Row, task: Task, live: boolean, io: IoOptions): Promise<readonly Row[]> {
  const [stdout, stderr] = await Promise.all([task.stdoutSize(io), task.stderrSize(io)]);
  const logRow = (stream: LogStream, sizeBytes: number): Row =>
    new LogRow(row, task.pathspec, stream, task.attempt, sizeBytes, live);
  return [logRow("stdout", stdout), logRow("stderr", stderr)];
}

/** A row for each artifact by name, with its value where that is small. */
export async function loadArtifacts(
  row: Row,
  task: Task,
  artifacts: ReadonlyMap<string, DataArtifact>,
  io: IoOptions,
): Promise<readonly Row[]> {
  if (artifacts.size === 0) return [];
  // Without the data file an artifact still has its name; the row then says no more.
  const infos = await task.artifactInfos(io).catch(() => undefined);
  const sorted = [...artifacts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return mapLimited(sorted, 16, async (artifact) => {
    const info = infos?.get(artifact.id);
    const sizeBytes = info?.sizeBytes;
    // No pickle has 0 bytes: where that is recorded, nothing is known.
    const isKnown = sizeBytes !== undefined && sizeBytes > 0;
    const isSmall = isKnown && sizeBytes <= SMALL_BYTES && sorted.length <= MOST_VALUES;
    // Of an included file only the descriptor is small.
    const small = isSmall && shortType(info?.type) !== "IncludedFile";
    const value = small ? await readPreview(artifact, io) : undefined;
    const facts: ArtifactFacts = { sizeBytes, type: info?.type, value };
    return new ArtifactRow(row, artifact, facts);
  });
}

function internalFolder(row: Row, task: Task): Row {
  return new FolderRow(row, {
    kind: "internal",
    label: t("Internal"),
    icon: { id: "symbol-misc" },
    load: async (folder, io) => loadArtifacts(folder, task, await task.internalArtifacts(io), io),
    leadsTo: (target) => target.kind === "artifact" && target.pathspec.startsWith(`${task.pathspec}/_`),
  });
}

function metadataFolder(row: Row, task: Task): Row {
  return new FolderRow(row, {
    kind: "metadata",
    label: t("Metadata"),
    icon: { id: "info" },
    load: async (folder, io) => {
      const metadata = [...(await task.metadataDict(io))];
      return metadata
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => new FactRow(folder, name, factText(value)));
    },
  });
}

function factText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "None" : JSON.stringify(value);
}
