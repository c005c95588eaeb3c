import type { IoOptions } from "../../base/io.ts";
import { parseCardData, type CardData } from "../cards/data.ts";
import type { CardFile } from "../cards/names.ts";
import { cardUpdates, type CardUpdate } from "../cards/reload.ts";
import type { ObjectStore } from "../datastore/store.ts";
import { CorruptRecord, MetaflowDataMissing } from "../errors.ts";
import { attemptIsOver } from "./follow.ts";
import type { Task } from "./task.ts";

/** What a task's metadata tell of a card (`card-info`, Metaflow >= 2.15.19). */
export interface CardInfo {
  /** `high`, `medium`, `low`; `undefined` where the flow gave none. */
  readonly rank: string | undefined;
  /** When its HTML was first written. */
  readonly createdAt: Date;
  /** Counted from 0. */
  readonly attempt: number | undefined;
  /** Whether it is updated while its task runs. */
  readonly isRuntimeCard: boolean;
  /** The shortest time between two updates. */
  readonly refreshSeconds: number | undefined;
}

/** How a card is watched. */
export interface CardWatchOptions extends IoOptions {
  /** The time between two looks; by default the card's own refresh interval, else 5 seconds. In milliseconds. */
  readonly everyMs?: number | undefined;
}

const EVERY_MS = 5000;
/** The last HTML is rendered after the task's success was recorded. In milliseconds. */
const RENDERING_MS = 60_000;

/** One card of a task. Python: `metaflow.plugins.cards.card_client.Card`. */
export class Card {
  /** Given by `@card(id=...)`. */
  readonly id: string | undefined;
  /** `default`, `blank`, or the type of a card of one's own. */
  readonly type: string;
  /** Which of a task's cards of one type it is. Python: `Card.hash`. */
  readonly hash: string;
  /** Where its HTML is, below the datastore's root. */
  readonly key: string;
  /** The task that made it: where a resume cloned the task that was asked, its origin. */
  readonly task: Task;
  /** `undefined` for a card from before Metaflow 2.15.19. */
  readonly info: CardInfo | undefined;
  readonly #store: ObjectStore;
  readonly #dataKey: string;

  /** @internal Use `task.cards()`. */
  constructor(file: CardFile, store: ObjectStore, task: Task, info: CardInfo | undefined) {
    this.id = file.id;
    this.type = file.type;
    this.hash = file.hash;
    this.key = file.key;
    this.task = task;
    this.info = info;
    this.#store = store;
    this.#dataKey = file.dataKey;
  }

  /** The HTML, which is hostile: it has scripts of its own. Python: `Card.get`. Throws MetaflowDataMissing when it is gone. */
  async html(io?: IoOptions): Promise<string> {
    const bytes = await this.#store.get(this.key, io);
    if (bytes !== undefined) return Buffer.from(bytes).toString("utf8");
    throw new MetaflowDataMissing(
      `${this.toString()} has no HTML: it is missing in ${this.#store.description}`,
      {
        pathspec: this.task.pathspec,
        store: this.#store.description,
        key: this.key,
      },
    );
  }

  /** The latest runtime data; `undefined` for a card without any. Python: `Card.get_data`. Throws CorruptRecord. */
  async data(io?: IoOptions): Promise<CardData | undefined> {
    const bytes = await this.#store.get(this.#dataKey, io);
    const place = `${this.#store.description}/${this.#dataKey}`;
    return bytes && parseCardData(Buffer.from(bytes).toString("utf8"), place);
  }

  /**
   * What a viewer has to load and to update, as it comes: the HTML first. Ends when the card is final or its task's attempt has ended.
   * Reads the data once an interval, the HTML when the data's token says that it is another one.
   */
  watch(options: CardWatchOptions = {}): AsyncIterable<CardUpdate> {
    const refresh = this.info?.refreshSeconds;
    const everyMs = options.everyMs ?? (refresh === undefined ? EVERY_MS : Math.max(refresh, 1) * 1000);
    const card = {
      html: async (io?: IoOptions) => this.html(io),
      data: async (io?: IoOptions) => this.#settledData(io),
      isOver: async (io?: IoOptions) => this.#isOver(io),
    };
    return cardUpdates(card, everyMs, options);
  }

  /** As in Python: `<Card at 'Flow/runs/1/steps/start/tasks/1/cards/default-….html'>`. */
  toString(): string {
    return `<Card at '${this.key.replace(/^mf\.cards\//, "")}'>`;
  }

  /** The data, `undefined` also where older Metaflows are just writing them. */
  async #settledData(io?: IoOptions): Promise<CardData | undefined> {
    try {
      return await this.data(io);
    } catch (cause) {
      if (cause instanceof CorruptRecord) return undefined;
      throw cause;
    }
  }

  async #isOver(io?: IoOptions): Promise<boolean> {
    const { task } = this;
    const attempt = this.info?.attempt ?? (await task.currentAttempt(io));
    if (!(await attemptIsOver(task, attempt, io))) return false;
    const { state, since } = await task.status(io);
    return state !== "completed" || Date.now() - since.getTime() > RENDERING_MS;
  }
}
