import type {
  Entry,
  ObjectHead,
  ObjectStore,
  OpenObject,
  StreamOptions,
} from "../../../../src/client/datastore/store.ts";

/** A store in memory that notes what was read of it. */
export class MemoryStore implements ObjectStore {
  readonly description = "memory";
  readonly objects = new Map<string, Buffer>();
  /** Every range that was read, in order. */
  readonly ranges: { key: string; from: number; to: number }[] = [];
  wholeReads = 0;
  streams = 0;
  /** What Metaflow keeps with objects. */
  readonly attributes = new Map<string, string>();

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

  async stream(key: string, options?: StreamOptions): Promise<OpenObject | undefined> {
    const bytes = this.objects.get(key)?.subarray(options?.from ?? 0);
    this.streams++;
    return Promise.resolve(
      bytes && { attributes: this.attributes.get(key), etag: undefined, bytes: this.chunks(bytes) },
    );
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const sizeBytes = this.objects.get(key)?.length;
    return Promise.resolve(sizeBytes === undefined ? undefined : { sizeBytes, modifiedMs: 0 });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, a store in memory is not
  async *list(prefix: string): AsyncIterable<Entry> {
    for (const key of this.objects.keys()) {
      if (key.startsWith(prefix) && !key.slice(prefix.length).includes("/")) yield { key, kind: "object" };
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  protected async *chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    yield bytes;
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
