/** A source that hands out chunks when told. */
export interface Slow {
  readonly source: AsyncIterable<Uint8Array>;
  readonly give: (data: Uint8Array) => void;
  /** Ends the source, or breaks it. */
  readonly end: (error?: Error) => void;
}

/** A source that hands out nothing by itself. */
export function slow(): Slow {
  const chunks: (Uint8Array | Error | undefined)[] = [];
  let wake: () => void = () => undefined;
  const put = (item: Uint8Array | Error | undefined): void => {
    chunks.push(item);
    wake();
  };
  async function* source(): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (chunks.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const next = chunks.shift();
      if (next === undefined) return;
      if (next instanceof Error) throw next;
      yield next;
    }
  }
  return { source: source(), give: put, end: put };
}
