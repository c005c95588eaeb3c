import { StoreUnreachable } from "../errors.ts";

/** The store is there and has no time: it says when to come again, or not. */
export class StoreBusy extends StoreUnreachable {
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    context: ConstructorParameters<typeof StoreUnreachable>[1],
    retryAfter?: string,
  ) {
    super(message, context);
    this.name = "StoreUnreachable";
    const seconds = Number(retryAfter ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }
}
