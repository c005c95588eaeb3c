import { delay } from "../../base/async.ts";
import { throwIfAborted, type IoOptions } from "../../base/io.ts";
import type { CardData } from "./data.ts";

/** What a viewer of a card has to do next. */
export type CardUpdate =
  /** Load this HTML anew. */
  | { readonly kind: "html"; readonly html: string }
  /** Give `data.data` to the `metaflow_card_update` function of the HTML that is loaded. */
  | { readonly kind: "data"; readonly data: CardData };

/** A card that may still change. */
export interface ChangingCard {
  html(io?: IoOptions): Promise<string>;
  /** `undefined` while there are none, or while they are being written. */
  data(io?: IoOptions): Promise<CardData | undefined>;
  /** Whether nobody will write it any more: asked before each look, so that what was written before the answer `true` is still seen. */
  isOver(io?: IoOptions): Promise<boolean>;
}

/** The token of what a task that succeeded writes last. */
const FINAL = "final";

/**
 * A card as it changes: first its HTML, then its data whenever they are new, and the HTML whenever it is another one, by Metaflow's protocol:
 * data go to the HTML with the same token, data with another token tell that there is another HTML. Ends with the token `final`, or when
 * the card is over.
 */
export async function* cardUpdates(
  card: ChangingCard,
  everyMs: number,
  io?: IoOptions,
): AsyncGenerator<CardUpdate, void, undefined> {
  let html = await card.html(io);
  yield { kind: "html", html };
  let shown: number | undefined;
  for (;;) {
    throwIfAborted(io);
    const isOver = await card.isOver(io);
    const data = await card.data(io);
    if (data !== undefined && data.reload_token !== tokenOf(html)) {
      const next = await card.html(io);
      if (next !== html) yield { kind: "html", html: next };
      html = next;
    }
    if (data !== undefined && data.reload_token === tokenOf(html) && data.created_on !== shown) {
      shown = data.created_on;
      yield { kind: "data", data };
    }
    if (isOver || isLast(tokenOf(html))) return;
    await delay(everyMs, io?.signal);
  }
}

/** HTML without a token does not take data: a card from before Metaflow 2.10.9, or of one's own. */
function isLast(token: string | undefined): boolean {
  return token === undefined || token === FINAL;
}

/** The token that a card's HTML sets for its script. */
function tokenOf(html: string): string | undefined {
  return /METAFLOW_RELOAD_TOKEN\s*=\s*"([^"]*)"/.exec(html)?.[1];
}
