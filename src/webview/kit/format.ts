const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes as people read them, in powers of 1000: `1.2 kB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: digits })} ${UNITS[unit] ?? ""}`;
}

/** A count with the reader's own separators. */
export function formatCount(count: number): string {
  return count.toLocaleString();
}

/** A moment as local date and time, milliseconds since the epoch. */
export function formatTime(epochMs: number): string {
  return new Date(epochMs).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "medium",
    hourCycle: "h23",
  });
}
