import { MetaflowError, messageOf } from "../../../client/errors.ts";
import { errorText } from "../../errorText.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { oneLine } from "../format.ts";
import { escapeMarkdown } from "../markdown.ts";
import { problemText } from "../problemText.ts";
import { Row, type Look } from "../row.ts";

/** What could not be read, in its place, with its cause; everything beside it works. */
export class ProblemRow extends Row {
  readonly kind = "problem";
  readonly #error: unknown;

  /** @param name tells problems of the same parent apart; without one it stands for all its children */
  constructor(parent: Row, error: unknown, name?: string) {
    super(`problem:${parent.id}:${name ?? ""}`, parent);
    this.#error = error;
  }

  /** Whether it stands for all children of its parent. */
  get isWhole(): boolean {
    return this.id === `problem:${this.parent?.id ?? ""}:`;
  }

  override look(): Look {
    const message = problemText(this.#error);
    const whole = this.parent?.kind === "root" ? t("The datastore cannot be read") : t("Cannot be read");
    const label = oneLine(this.#name ?? whole, 60);
    return {
      label,
      description: message,
      icon: { id: "warning", color: "list.warningForeground" },
      contextValue: contextValueOf(this.kind),
      spoken: t("{0}, problem: {1}", label, message),
    };
  }

  override async tooltip(): Promise<string> {
    const context = this.#error instanceof MetaflowError ? this.#error.context : {};
    const place = [context.store, context.key].filter((part) => part !== undefined).join(" ");
    const message = errorText(this.#error);
    // Most messages name the place and the cause themselves.
    const more = [place, ...causesOf(this.#error)].filter((line) => !message.includes(line));
    return Promise.resolve([message, ...more].map(escapeMarkdown).join("\n\n"));
  }

  /** The last part of the object's pathspec. */
  get #name(): string | undefined {
    const pathspec = this.#error instanceof MetaflowError ? this.#error.context.pathspec : undefined;
    return pathspec?.split("/").at(-1);
  }
}

function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  let at = error instanceof Error ? error.cause : undefined;
  while (at !== undefined && causes.length < 3) {
    causes.push(messageOf(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return causes;
}
