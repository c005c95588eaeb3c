const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes as people read them, in powers of 1000: `1.2 kB`. */
export function formatBytes(bytes: number, locale = language()): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${UNITS[unit] ?? ""}`;
}

/** A count with the separators of the editor's language. */
export function formatCount(count: number, locale = language()): string {
  return count.toLocaleString(locale);
}

/** A moment as local date and time, milliseconds since the epoch. */
export function formatTime(epochMs: number, locale = language()): string {
  return new Date(epochMs).toLocaleString(locale, {
    dateStyle: "medium",
    timeStyle: "medium",
    hourCycle: "h23",
  });
}

/** The editor's language, which the host wrote into the page; the browser's own may be another. */
function language(): string | undefined {
  const { lang } = document.documentElement;
  return lang === "" ? undefined : lang;
}
