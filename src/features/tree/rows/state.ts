import { messageOf } from "../../../client/errors.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { awayText } from "../../errorText.ts";
import { serviceException } from "../../outOfReach.ts";
import type { Away } from "../../reach.ts";
import { t } from "../../text.ts";
import { spanText, timeText } from "../format.ts";
import { escapeMarkdown } from "../markdown.ts";
import { joined, Row, type Look, type Surroundings } from "../row.ts";

/** What the row tells of. */
export interface Outage {
  readonly away: Away;
  /** As people call the service. */
  readonly service: string;
  /** Whether a key was sent to it. */
  readonly hasKey: boolean;
}

/** Stands above what was read before a service went away: which, why, since when, how old what is shown is. */
export class StateRow extends Row {
  readonly kind = "state";
  outage: Outage;

  constructor(root: Row, outage: Outage) {
    super("state:", root);
    this.outage = outage;
  }

  override get ticks(): boolean {
    return true;
  }

  override look({ now, locale }: Surroundings): Look {
    const { away, service } = this.outage;
    const label = this.#label(now);
    const read = away.readAtMs === undefined ? undefined : timeText(new Date(away.readAtMs), now, locale);
    const isRefused = away.why === "forbidden";
    return {
      label,
      description: joined([this.#wanted(), read && t("read at {0}", read), service]),
      icon: { id: isRefused ? "lock" : "warning", color: "list.warningForeground" },
      contextValue: contextValueOf(this.kind, isRefused ? ["forbidden"] : []),
      spoken: joined(
        [
          awayText(away.why, away.error),
          label,
          this.#wanted(),
          read && t("showing what was read at {0}", read),
        ],
        ", ",
      ),
    };
  }

  override async tooltip(): Promise<string> {
    const { error, why } = this.outage.away;
    const said = serviceException(error) ?? error;
    const cause = said instanceof Error ? (said.cause ?? said) : said;
    // The whole address with its question says nothing that helps.
    const details = messageOf(cause).replace(/^request to \S+ failed, reason: /, "");
    return Promise.resolve([awayText(why, error), details, this.#advice()].map(escapeMarkdown).join("\n\n"));
  }

  /** Short: a sidebar is narrow, and how old what is shown is has to be seen beside it. */
  #label(now: Date): string {
    const { why, sinceMs } = this.outage.away;
    const ms = now.getTime() - sinceMs;
    // By seconds it would change with every look at it.
    const span = ms < 60_000 ? undefined : spanText(ms);
    switch (why) {
      case "unreachable":
        return span === undefined ? t("Not answered") : t("Not answered for {0}", span);
      case "failing":
        return span === undefined ? t("Nothing but errors") : t("Nothing but errors for {0}", span);
      case "not-a-service":
        return t("No metadata service");
      case "forbidden":
        return t("Access refused");
    }
  }

  #wanted(): string | undefined {
    const { away, hasKey } = this.outage;
    if (away.why !== "forbidden") return undefined;
    return hasKey ? t("wants another key") : t("wants a key");
  }

  #advice(): string {
    switch (this.outage.away.why) {
      case "unreachable":
      case "failing":
        return t("It is asked again by itself while this view is visible.");
      case "not-a-service":
        return t("Something else may answer at its address: a page to sign in at, or a proxy.");
      case "forbidden":
        return t(
          "Set Key… keeps a key for it in the editor's store of secrets, and sends it to nobody else.",
        );
    }
  }
}
