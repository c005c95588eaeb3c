import { Command, type CommandId } from "../../commands.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { Row, type Look } from "../row.ts";

/** A way out where there is nothing else to show: a click runs a command. */
export class ActionRow extends Row {
  readonly kind = "action";
  readonly command: CommandId;
  readonly #label: string;
  readonly #icon: string;

  constructor(parent: Row, label: string, icon: string, command: CommandId) {
    super(`action:${parent.id}:${command}`, parent);
    this.#label = label;
    this.#icon = icon;
    this.command = command;
  }

  override look(): Look {
    return {
      label: this.#label,
      description: "",
      icon: { id: this.#icon },
      contextValue: contextValueOf(this.kind),
      spoken: this.#label,
    };
  }
}

/** What stands where the filter, which is shown above the rows, leaves no runs. */
export function noMatch(parent: Row): readonly Row[] {
  return [
    new ActionRow(parent, t("No runs match the filter"), "filter", Command.FilterRuns),
    new ActionRow(parent, t("Clear Filter"), "clear-all", Command.ClearFilter),
  ];
}
