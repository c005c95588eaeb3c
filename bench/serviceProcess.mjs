/**
 * A process that holds metadata services: neither of the clients that are measured shares its thread. Its first argument is a JSON text
 * `{"rows", "runs", "tasks"}`: a file of rows, of how many runs and tasks. Answers `{"urls", "step", "task"}`, and each message `requests` with how
 * many there were since the last one.
 */
import { readFile } from "node:fs/promises";
import { MetadataService } from "../test/servers/metadataService.mjs";
import { Rows } from "../test/servers/rows.mjs";
import { multiplyServiceRuns, multiplyServiceTasks } from "./multiplyRows.mjs";

const { rows: file, runs, tasks } = JSON.parse(process.argv[2] ?? "");
const rows = Rows.parse(await readFile(file, "utf8"));
for (const flow of ["NightlyFlow", "IngestFlow"]) multiplyServiceRuns(rows, flow, runs);
const step = multiplyServiceTasks(rows, "ScoreFlow", "score", tasks);
const [artifacts] = rows.flows.get("ManyArtifactsFlow")?.runs ?? [];
const [number] = artifacts?.steps.get("start")?.tasks.keys() ?? [];
const task = `ManyArtifactsFlow/${artifacts?.number ?? 0}/start/${number ?? 0}`;

const paged = new MetadataService({ version: "master", rows });
const unpaged = new MetadataService({ version: "2.5.1", rows });
process.on("message", () => {
  const services = [paged, unpaged];
  const count = services.reduce((sum, { requests }) => sum + requests.length, 0);
  for (const { requests } of services) requests.length = 0;
  process.send?.({ requests: count });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ urls: { paged: await paged.start(), unpaged: await unpaged.start() }, step, task });
