import type { IoOptions } from "../../base/io.ts";
import type { ObjectStore } from "../datastore/store.ts";
import type { PathComponents } from "../pathspec.ts";
import { cardDataKey, cardFolders, parseCardName, type CardFile } from "./names.ts";

/** Where cards are kept: a store, and what their keys begin with there. */
export interface CardPlace {
  readonly store: ObjectStore;
  /** Empty, or a folder with a slash behind it. */
  readonly prefix: string;
}

/** A task's cards in one place, in any order. Python: `CardDatastore.extract_card_paths`; what is no card is left out. */
export async function listCards(
  { store, prefix }: CardPlace,
  task: PathComponents,
  io?: IoOptions,
): Promise<readonly CardFile[]> {
  for (const folder of cardFolders(task)) {
    const found: CardFile[] = [];
    for await (const { key, kind } of store.list(`${prefix}${folder}`, io)) {
      const name = kind === "object" ? parseCardName(key.slice(key.lastIndexOf("/") + 1)) : undefined;
      if (name !== undefined) found.push({ ...name, key, dataKey: `${prefix}${cardDataKey(task, name)}` });
    }
    // As in Python the older place counts only where the newer one is empty.
    if (found.length > 0) return found;
  }
  return [];
}
