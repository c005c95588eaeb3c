import { messageOf } from "../../../client/errors.ts";
import { contextValueOf } from "../../contextKeys.ts";
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
    const { away } = this.outage;
    const label = this.#label(now);
    const age =
      away.readAtMs === undefined
        ? undefined
        : t("showing what was read at {0}", timeText(new Date(away.readAtMs), now, locale));
    const description = joined([this.#detail(now), age]);
    return {
      label,
      description,
      icon: { id: away.why === "forbidden" ? "lock" : "warning", color: "list.warningForeground" },
      contextValue: contextValueOf(this.kind, away.why === "forbidden" ? ["forbidden"] : []),
      spoken: joined([label, description], ", "),
    };
  }

  override async tooltip(): Promise<string> {
    const { error } = this.outage.away;
    const message = messageOf(serviceException(error) ?? error);
    return Promise.resolve([message, this.#advice()].map(escapeMarkdown).join("\n\n"));
  }

  #label(now: Date): string {
    const { service } = this.outage;
    switch (this.outage.away.why) {
      case "unreachable":
        return t("{0} has not answered for {1}", service, this.#span(now));
      case "failing":
        return t("{0} answers with errors", service);
      case "not-a-service":
        return t("{0} is no metadata service", service);
      case "forbidden":
        return t("{0} refuses access", service);
    }
  }

  #detail(now: Date): string | undefined {
    const { away, hasKey } = this.outage;
    switch (away.why) {
      case "unreachable":
        return undefined;
      case "failing":
      case "not-a-service":
        return t("for {0}", this.#span(now));
      case "forbidden":
        return hasKey ? t("its key is not the right one") : t("it wants a key");
    }
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

  #span(now: Date): string {
    const ms = Math.max(0, now.getTime() - this.outage.away.sinceMs);
    // By seconds it would change with every look at it.
    return ms < 60_000 ? t("less than 1 min") : spanText(ms);
  }
}
