import { count, record, text } from "./check.ts";
import type { Checks } from "./rpc.ts";
import type { Range } from "./table.ts";

/** Some of the bytes of the uncompressed pickle. */
export interface RawPart {
  readonly from: number;
  readonly bytes: Uint8Array;
  /** Bytes that there are so far. */
  readonly sizeBytes: number;
}

/** What is looked for, from which byte on. */
export interface FindBytesParams {
  readonly from: number;
  /** Hexadecimal digits, two a byte. */
  readonly hex: string;
}

/** What is asked of the bytes that the value was written as. */
export interface RawRequests {
  raw: { params: Range; result: RawPart };
  /** Where the bytes stand next; `null`: nowhere behind there. */
  findBytes: { params: FindBytesParams; result: number | null };
}

/** The checks at both borders. */
export const rawChecks: Checks<RawRequests> = {
  raw: record<Range>({ from: count, to: count }),
  findBytes: record<FindBytesParams>({ from: count, hex: text }),
};
