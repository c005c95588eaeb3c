import * as vscode from "vscode";
import { mapLimited } from "../base/async.ts";
import type { IoOptions } from "../base/io.ts";
import type { Metaflow, MetaflowObject, Page } from "../client/index.ts";
import { LOG_STREAMS } from "./uris.ts";
import type { Choice, Listing } from "./completion.ts";

const PAGE = 100;
const AT_ONCE = 16;
// Steps and artifacts of one object are few, and are shown in an order of their own.
const WHOLE = 10_000;

/** The children of one object, read page by page. */
export interface Children {
  /** The next page; an empty one after the last. Throws what reading throws. */
  next(io: IoOptions): Promise<Listing>;
}

/**
 * The children of the object at a pathspec, of the session for an empty one; newest first, steps in the order in which they began.
 * `described`: tasks with what tells them apart, which costs a few reads for each.
 */
export function childrenOf(
  metaflow: Metaflow,
  parent: string,
  { described }: { readonly described: boolean },
): Children {
  let cursor: string | undefined;
  let ended = false;
  return {
    async next(io) {
      if (ended) return { choices: [], more: false, problems: [] };
      const page = await pageOf(metaflow, parent, described, cursor, io);
      cursor = page.cursor;
      ended = cursor === undefined;
      return { choices: page.choices, more: !ended, problems: page.problems };
    },
  };
}

interface ChoicePage {
  readonly choices: readonly Choice[];
  readonly cursor: string | undefined;
  readonly problems: readonly string[];
}

async function pageOf(
  metaflow: Metaflow,
  parent: string,
  described: boolean,
  cursor: string | undefined,
  io: IoOptions,
): Promise<ChoicePage> {
  const query = { limit: PAGE, cursor };
  switch (parent === "" ? 0 : parent.split("/").length) {
    case 0:
      return choicesOf(await metaflow.page({ limit: WHOLE, cursor }, io), (flow) => ({
        id: flow.id,
        kind: "flow",
      }));
    case 1:
      return choicesOf(await (await metaflow.flow(parent, io)).page(query, io), (run) => ({
        id: run.id,
        kind: "run",
        description: [time(run.startedAt), ...[...run.userTags].sort().map((tag) => `#${tag}`)].join("  "),
        search: [...run.systemTags].join(" "),
      }));
    case 2: {
      const page = await (await metaflow.run(parent, io)).page({ limit: WHOLE, cursor }, io);
      const items = [...page.items].sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
      return choicesOf({ ...page, items }, (step) => ({ id: step.id, kind: "step" }));
    }
    case 3:
      return described
        ? tasksOf(metaflow, parent, cursor, io)
        : choicesOf(await (await metaflow.step(parent, io)).page(query, io), ({ id }) => ({
            id,
            kind: "task",
          }));
    default:
      return partsOfTask(metaflow, parent, io);
  }
}

/** Tasks with what tells them apart: their place in the foreach, how they stand, when they began. */
async function tasksOf(
  metaflow: Metaflow,
  parent: string,
  cursor: string | undefined,
  io: IoOptions,
): Promise<ChoicePage> {
  const page = await (await metaflow.step(parent, io)).page({ limit: PAGE, cursor }, io);
  const facts = new Map(
    await mapLimited(page.items, AT_ONCE, async (task) => {
      // A task that cannot be told more of is still one to choose.
      const frames = await task.foreachStack(io).catch(() => []);
      const state = await task.status(io).then(
        (status) => status.state,
        () => undefined,
      );
      const place = frames.map(({ index, value }) =>
        value === undefined ? `[${index}]` : `[${index}] ${value}`,
      );
      return [task.id, [place.join(" "), state, time(task.startedAt)]] as const;
    }),
  );
  return choicesOf(page, (task) => ({
    id: task.id,
    kind: "task",
    description: (facts.get(task.id) ?? []).filter((fact) => fact !== undefined && fact !== "").join("  "),
  }));
}

async function partsOfTask(metaflow: Metaflow, pathspec: string, io: IoOptions): Promise<ChoicePage> {
  const task = await metaflow.task(pathspec, io);
  const names = [...(await task.artifacts(io)).keys()].sort();
  const logs = LOG_STREAMS.map((id): Choice => ({ id, kind: "log" }));
  const artifacts = names.map((id): Choice => ({ id, kind: "artifact" }));
  return { choices: [...logs, ...artifacts], cursor: undefined, problems: [] };
}

function choicesOf<T extends MetaflowObject>(page: Page<T>, choice: (item: T) => Choice): ChoicePage {
  return {
    choices: page.items.map(choice),
    cursor: page.cursor,
    problems: page.problems.map((problem) => problem.message),
  };
}

function time(date: Date): string {
  return date.toLocaleString(vscode.env.language, {
    dateStyle: "medium",
    timeStyle: "medium",
    hourCycle: "h23",
  });
}
