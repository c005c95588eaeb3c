import type { CellValue } from "../../pickle/index.ts";

/** What pandas prints of a Timestamp: nanoseconds where there are some, an offset where it is in a zone. */
const STAMP = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([+-]\d\d:\d\d(?::\d\d)?)?$/;

/** A moment in nanoseconds since the epoch, of the wall clock where it is in no zone. */
export interface Instant {
  readonly nanoseconds: bigint;
  readonly inZone: boolean;
}

/** The moment that a cell with a `pandas.Timestamp` holds; `undefined` for other cells, and for what 64 bits do not reach. */
export function instantOf(value: CellValue): Instant | undefined {
  if (value.kind !== "printed" || value.source?.startsWith("pd.Timestamp(") !== true) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", offset] = STAMP.exec(value.text) ?? [];
  if (year === undefined) return undefined;
  const [years, months, days] = [year, month, day].map(Number) as [number, number, number]; // The pattern has them.
  const [hours, minutes, seconds] = [hour, minute, second].map(Number) as [number, number, number]; // As above.
  const milliseconds =
    new Date(0).setUTCFullYear(years, months - 1, days) + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const nanoseconds =
    BigInt(milliseconds) * 1_000_000n +
    BigInt(fraction.padEnd(9, "0")) -
    offsetSeconds(offset) * 1_000_000_000n;
  return BigInt.asIntN(64, nanoseconds) === nanoseconds
    ? { nanoseconds, inZone: offset !== undefined }
    : undefined;
}

function offsetSeconds(offset: string | undefined): bigint {
  if (offset === undefined) return 0n;
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(":").map(Number);
  const all = BigInt((hours * 60 + minutes) * 60 + seconds);
  return offset.startsWith("-") ? -all : all;
}
