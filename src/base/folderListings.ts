import * as fs from "node:fs";
import { isMissing } from "./files.ts";

/** More are asked of the pool of threads when it has so few left. */
const FEW = 16;
/** Waking a thread of the pool takes as long as listing a small folder: it is woken for many at once. */
const AT_ONCE = 64;

interface Ask {
  readonly path: string;
  readonly done: (error: NodeJS.ErrnoException | null, names: string[]) => void;
}

/**
 * Lists folders of one disk in the pool of threads, beside the thread that asks. The system needs four times as long for a small folder as for a
 * small file, so that a thousand of them are worth the way there and back.
 */
export class FolderListings {
  #waiting: Ask[] = [];
  #underWay = 0;

  /** The names in a folder; `undefined` when it does not exist. */
  async names(path: string): Promise<string[] | undefined> {
    return new Promise((resolve, reject) => {
      const done: Ask["done"] = (error, names) => {
        if (error === null) resolve(names);
        else if (isMissing(error)) resolve(undefined);
        else reject(error);
        this.#underWay--;
        this.#ask();
      };
      this.#waiting.push({ path, done });
      this.#ask();
    });
  }

  #ask(): void {
    if (this.#underWay > FEW || this.#waiting.length === 0) return;
    const next = this.#waiting.splice(0, AT_ONCE);
    this.#underWay += next.length;
    for (const { path, done } of next) fs.readdir(path, done);
  }
}
