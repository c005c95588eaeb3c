import type { Entry, ObjectStore } from "../../../../src/client/datastore/store.ts";

/** A store in memory that notes what was read of it. */
export class MemoryStore implements ObjectStore {
  readonly description = "memory";
  readonly objects = new Map<string, Buffer>();
  /** Every range that was read, in order. */
  readonly ranges: { key: string; from: number; to: number }[] = [];
  wholeReads = 0;

  put(key: string, text: string | Uint8Array): void {
    this.objects.set(key, Buffer.from(text as string));
  }

  get bytesRead(): number {
    return this.ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.wholeReads++;
    return Promise.resolve(this.objects.get(key));
  }

  async getRange(key: string, from: number, to: number): Promise<Uint8Array | undefined> {
    const bytes = this.objects.get(key)?.subarray(from, to);
    if (bytes !== undefined) this.ranges.push({ key, from, to: from + bytes.length });
    return Promise.resolve(bytes);
  }

  async stream(): Promise<AsyncIterable<Uint8Array> | undefined> {
    return Promise.reject(new Error("not needed here"));
  }

  async size(key: string): Promise<number | undefined> {
    return Promise.resolve(this.objects.get(key)?.length);
  }

  async modifiedMs(): Promise<number | undefined> {
    return Promise.reject(new Error("not needed here"));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, a store in memory is not
  async *list(): AsyncIterable<Entry> {
    yield* [];
  }
}

/** A captured line as Metaflow writes it, `second` seconds after an arbitrary moment. */
export function line(second: number, text: string, source = "runtime"): string {
  const time = new Date(Date.UTC(2026, 10, 23, 8) + second * 1000).toISOString().slice(0, -1);
  return `[MFLOG|0|${time}000Z|${source}|${id()}]${text}`;
}

let made = 0;

function id(): string {
  made++;
  return `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
}

/** The same moment in microseconds since the epoch. */
export function us(second: number): number {
  return (Date.UTC(2026, 10, 23, 8) + second * 1000) * 1000;
}
