/** Opens a pickle as the decoding thread does and tells what its first page, all of it and a page in its middle took. */
import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { openPickle, type PyDocument } from "../src/pickle/index.ts";
import { openFile } from "../src/worker/file.ts";

/** Where the bytes come from: a gzip or a plain pickle in chunks, as a datastore gives them; a file as it lies; memory. */
export type How = "gzip" | "chunks" | "file" | "memory";

/** Milliseconds, and bytes of the process. */
export interface ValueFigures {
  /** From the first bytes' arrival to a hundred rows. */
  readonly firstMs: number;
  /** What the process grew by meanwhile. */
  readonly firstBytes: number;
  readonly allMs: number;
  readonly pageMs: number;
  readonly peakBytes: number;
}

const CHUNK = 1 << 20;
const ROWS = 100;

async function measure(path: string, how: How, sizeBytes: number): Promise<ValueFigures> {
  const bytes = how === "memory" ? await readFile(path) : undefined;
  const before = process.memoryUsage.rss();
  const begun = performance.now();
  let arrived: number | undefined;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
      arrived ??= performance.now();
      yield chunk as Uint8Array; // Of a stream without an encoding.
    }
  }
  const encoding = how === "gzip" ? "gzip+pickle-v4" : "pickle-v4";
  const document =
    how === "file"
      ? (await openFile(path)).document
      : await openPickle(bytes ?? chunks(), { encoding, size: sizeBytes });
  await page(document, 0);
  const firstMs = performance.now() - (arrived ?? begun);
  const firstBytes = process.memoryUsage.rss() - before;
  await document.complete;
  const allMs = performance.now() - begun;
  const middle = performance.now();
  await page(document, Math.floor(document.root.childCount / 2));
  const pageMs = performance.now() - middle;
  document.close();
  return { firstMs, firstBytes, allMs, pageMs, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** The texts of a hundred rows. */
async function page({ root }: PyDocument, from: number): Promise<readonly string[]> {
  return (await root.children({ from, to: from + ROWS })).map(({ value }) => value.preview);
}

/** The decoding thread has seen values before: what it needs is compiled. */
async function warm(path: string, how: How): Promise<void> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4 * CHUNK), 0, 4 * CHUNK, 0);
  await file.close();
  const encoding = how === "gzip" ? "gzip+pickle-v4" : "pickle-v4";
  for (let times = 0; times < 2; times++) {
    const document = await openPickle(buffer.subarray(0, bytesRead), { encoding });
    await document.complete.catch(() => undefined); // It breaks off.
    await page(document, 0);
  }
}

const [path = "", how = "memory", size = "0"] = process.argv.slice(2);
await warm(path, how as How); // As the table asks.
console.log(JSON.stringify(await measure(path, how as How, Number(size))));
