import { contextValueOf } from "../../contextKeys.ts";
import type { LogStream } from "../../targets.ts";
import { t } from "../../text.ts";
import { sizeText } from "../format.ts";
import { Row, joined, type Look } from "../row.ts";

/** A log of a task's attempt; a click opens it. */
export class LogRow extends Row {
  readonly kind = "log";
  readonly #stream: LogStream;
  #sizeBytes: number;
  #live: boolean;

  /** @param live whether the task may still write it */
  constructor(
    parent: Row,
    task: string,
    stream: LogStream,
    attempt: number | undefined,
    sizeBytes: number,
    live: boolean,
  ) {
    super(`log:${parent.id}/${stream}`, parent, { kind: "log", pathspec: task, stream, attempt });
    this.#stream = stream;
    this.#sizeBytes = sizeBytes;
    this.#live = live;
  }

  override look(): Look {
    const empty = this.#sizeBytes === 0;
    const size = empty ? (this.#live ? t("nothing yet") : t("empty")) : sizeText(this.#sizeBytes);
    return {
      label: this.#stream,
      description: size,
      icon: { id: this.#stream === "stdout" ? "output" : "debug-console" },
      contextValue: contextValueOf(this.kind, [
        ...(this.#live ? (["live"] as const) : []),
        ...(empty ? (["empty"] as const) : []),
      ]),
      spoken: joined([this.#stream, t("log"), size], ", "),
      dim: empty,
    };
  }

  override adopt(newer: Row): boolean {
    if (newer instanceof LogRow) {
      this.#sizeBytes = newer.#sizeBytes;
      this.#live = newer.#live;
    }
    return false;
  }
}
