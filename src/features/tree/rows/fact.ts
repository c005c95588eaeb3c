import type { IoOptions } from "../../../base/io.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { oneLine } from "../format.ts";
import { codeBlock } from "../markdown.ts";
import { Row, joined, type Look } from "../row.ts";

/** A name and a value, as of a task's metadata. */
export class FactRow extends Row {
  readonly kind = "fact";
  readonly #name: string;
  readonly #value: string;

  constructor(parent: Row, name: string, value: string) {
    super(`fact:${parent.id}/${name}`, parent);
    this.#name = name;
    this.#value = value;
  }

  override look(): Look {
    const value = oneLine(this.#value, 200);
    return {
      label: this.#name,
      description: value,
      icon: undefined,
      contextValue: contextValueOf(this.kind),
      spoken: joined([this.#name, value], ", "),
    };
  }

  override async tooltip(_io: IoOptions): Promise<string> {
    return Promise.resolve(codeBlock(this.#value));
  }
}
