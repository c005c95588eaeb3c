import type { IoOptions } from "../../base/io.ts";
import { listCards, type CardPlace } from "../cards/folder.ts";
import type { CardFile } from "../cards/names.ts";
import { CorruptRecord } from "../errors.ts";
import { parseJson } from "../metadata/parse.ts";
import type { PathComponents } from "../pathspec.ts";
import type { MetadataRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { Card, type CardInfo } from "./card.ts";
import { unchecked, type ObjectContext } from "./context.ts";
import { attemptIdOf, lastValue } from "./metadata.ts";
import type { Task } from "./task.ts";

/** Which cards of a task; as in Python an id counts where no hash is given. */
export interface CardQuery {
  /** As `Card.type`. */
  readonly type?: string | undefined;
  /** The beginning of a card's hash. */
  readonly hash?: string | undefined;
  /** As `Card.id`. */
  readonly id?: string | undefined;
  /** Whether a task that a resume cloned answers with the cards of its origin; true. */
  readonly followResumed?: boolean | undefined;
}

const CARD_INFO = "card-info";
/** Whose setting tells where the cards of a datastore are: `METAFLOW_CARD_S3ROOT`. */
const ROOTS: Readonly<Record<string, string>> = {
  s3: "CARD_S3ROOT",
  azure: "CARD_AZUREROOT",
  gs: "CARD_GSROOT",
  local: "CARD_LOCALROOT",
  spin: "CARD_LOCALROOT",
};

/** The cards of a task, or of the one that it was cloned from; of all its attempts, unless one was asked for. */
export async function readCards(
  context: ObjectContext,
  asked: Task,
  { followResumed = true, ...query }: CardQuery,
  io?: IoOptions,
): Promise<readonly Card[]> {
  const { session } = context;
  const task = followResumed ? await executedTask(context, asked, io) : asked;
  const metadata = await session.provider.taskMetadata(task.pathComponents, undefined, io);
  const infos = cardInfos(metadata);
  const { store, files } = await filesOf(session, task.pathComponents, metadata, io);
  if (store === undefined) return [];
  return files
    .filter((file) => fits(file, query))
    .map((file) => new Card(file, store, task, infos.get(file.hash)))
    .filter(({ info }) => asked.attempt === undefined || (info?.attempt ?? asked.attempt) === asked.attempt)
    .sort(byRankAndTime);
}

/** The task at the end of the chain of origins. Throws MetaflowNotFound when one of them is gone. */
async function executedTask(context: ObjectContext, asked: Task, io?: IoOptions): Promise<Task> {
  const fields = ["origin-run-id", "origin-task-id"];
  for (let task = asked; ;) {
    const metadata = await context.session.provider.taskMetadata(task.pathComponents, fields, io);
    const [originRun, originTask] = fields.map((field) => lastValue(metadata, field));
    if (typeof originRun !== "string" || typeof originTask !== "string") return task;
    const [flow = "", , step = ""] = task.pathComponents;
    const path = [flow, originRun, step, originTask];
    task = await context.make.openTask(path, unchecked(context), undefined, io);
  }
}

/** Where Python looks, below the task's own datastore; else where the settings say that cards are. */
async function filesOf(
  session: Session,
  task: PathComponents,
  metadata: readonly MetadataRecord[],
  io?: IoOptions,
): Promise<{ store?: CardPlace["store"]; files: readonly CardFile[] }> {
  const type = lastValue(metadata, "ds-type");
  const root = lastValue(metadata, "ds-root");
  if (typeof type !== "string") return { files: [] };
  const configured = session.config.get(ROOTS[type] ?? "");
  const roots: { at: string; prefix: string }[] = [];
  if (typeof root === "string") roots.push({ at: root, prefix: "mf.cards/" });
  if (configured !== undefined) roots.push({ at: configured, prefix: "" });
  for (const { at, prefix } of roots) {
    const store = await session.store(type, at);
    const files = await listCards({ store, prefix }, task, io);
    if (files.length > 0) return { store, files };
  }
  return { files: [] };
}

function cardInfos(metadata: readonly MetadataRecord[]): Map<string, CardInfo> {
  const cards = metadata.filter(({ type }) => type === CARD_INFO);
  return new Map(cards.map((entry) => [entry.name, cardInfo(entry)]));
}

function cardInfo(entry: MetadataRecord): CardInfo {
  const { rank, is_runtime_card, refresh_interval } = recordedInfo(entry);
  return {
    rank: typeof rank === "string" ? rank : undefined,
    createdAt: new Date(entry.createdAtMs),
    attempt: attemptIdOf(entry),
    isRuntimeCard: is_runtime_card === true,
    refreshSeconds: typeof refresh_interval === "number" ? refresh_interval : undefined,
  };
}

interface RecordedInfo {
  readonly rank?: unknown;
  readonly is_runtime_card?: unknown;
  readonly refresh_interval?: unknown;
}

/** Nothing where it is damaged: the card itself can be shown without. */
function recordedInfo({ value }: MetadataRecord): RecordedInfo {
  try {
    return parseJson(String(value), `The recorded ${CARD_INFO}`);
  } catch (cause) {
    if (cause instanceof CorruptRecord) return {};
    throw cause;
  }
}

function fits(file: CardFile, { type, hash, id }: CardQuery): boolean {
  if (type !== undefined && file.type !== type) return false;
  if (hash !== undefined) return file.hash.startsWith(hash);
  return id === undefined || file.id === id;
}

const RANKS = ["high", "medium", undefined, "low"];

/** Python's order is the datastore's, so any order is right: what the flow ranks higher first, then as they were made. */
function byRankAndTime(a: Card, b: Card): number {
  const byRank = RANKS.indexOf(a.info?.rank) - RANKS.indexOf(b.info?.rank);
  if (byRank !== 0) return byRank;
  const byTime = (a.info?.createdAt.getTime() ?? 0) - (b.info?.createdAt.getTime() ?? 0);
  if (byTime !== 0) return byTime;
  return a.key < b.key ? -1 : 1;
}
