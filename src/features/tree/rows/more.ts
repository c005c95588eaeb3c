import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { countText } from "../format.ts";
import { Row, type Look, type Paged, type Surroundings } from "../row.ts";
import { PAGE_SIZE } from "../source.ts";

/** What a list is made of, for the row that asks for more of it. */
export type Listed = "runs" | "tasks" | "flows";

/** The last row of a list that goes on: a click shows the next page. */
export class MoreRow extends Row {
  readonly kind = "more";
  readonly #list: Row & Paged;
  readonly #what: Listed;
  /** How many there are in all, where that is known. */
  readonly #total: number | undefined;

  constructor(list: Row & Paged, what: Listed, total?: number) {
    super(`more:${list.id}`, list);
    this.#list = list;
    this.#what = what;
    this.#total = total;
  }

  /** The row whose children go on. */
  get list(): Row & Paged {
    return this.#list;
  }

  override look({ locale }: Surroundings): Look {
    const label =
      this.#total === undefined
        ? t("Load {0} more", PAGE_SIZE)
        : t("Load {0} more ({1})", PAGE_SIZE, this.#totalText(countText(this.#total, locale)));
    return {
      label,
      description: "",
      icon: { id: "ellipsis" },
      contextValue: contextValueOf(this.kind),
      spoken: label,
    };
  }

  #totalText(count: string): string {
    switch (this.#what) {
      case "runs":
        return t("{0} runs", count);
      case "tasks":
        return t("{0} tasks", count);
      case "flows":
        return t("{0} flows", count);
    }
  }
}
