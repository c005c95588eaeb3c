import { t } from "../text.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time as people say it: `40 ms`, `0.4 s`, `12 s`, `6 min`, `1 h 12 min`, `2 d 3 h`. */
export function spanText(ms: number): string {
  if (ms < 0 || !Number.isFinite(ms)) return "";
  if (ms < SECOND / 10) return t("{0} ms", Math.round(ms));
  if (ms < 10 * SECOND - 50) return t("{0} s", (Math.round(ms / 100) / 10).toFixed(1));
  if (ms < MINUTE - 500) return t("{0} s", Math.round(ms / SECOND));
  if (ms < HOUR - MINUTE / 2) return t("{0} min", Math.round(ms / MINUTE));
  const minutes = Math.round(ms / MINUTE);
  if (ms < DAY - MINUTE / 2) return two(Math.floor(minutes / 60), t("h"), minutes % 60, t("min"));
  const hours = Math.round(ms / HOUR);
  return two(Math.floor(hours / 24), t("d"), hours % 24, t("h"));
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const first = `${large} ${largeUnit}`;
  return small === 0 ? first : `${first} ${small} ${smallUnit}`;
}

/** How long ago something was: `just now`, `4 min ago`, `3 h ago`, `2 days ago`. */
export function agoText(then: Date, now: Date): string {
  const ms = now.getTime() - then.getTime();
  if (ms < 45 * SECOND) return t("just now");
  if (ms < HOUR) return t("{0} min ago", Math.max(1, Math.round(ms / MINUTE)));
  if (ms < DAY) return t("{0} h ago", Math.round(ms / HOUR));
  const days = Math.round(ms / DAY);
  if (days === 1) return t("yesterday");
  if (days < 60) return t("{0} days ago", days);
  return days < 700 ? t("{0} months ago", Math.round(days / 30)) : t("{0} years ago", Math.round(days / 365));
}

/**
 * A point in time in this machine's zone, as short as its distance allows: `Today 09:14`, `Yesterday 17:02`, `Mon 11:40`,
 * `12 Nov 11:40`, `12 Nov 2025 11:40`.
 */
export function whenText(then: Date, now: Date, locale: string): string {
  return `${dayText(then, now, locale)} ${clockText(then, false)}`;
}

/** A point in time as short as its distance allows: `09:14` of today, else as `whenText`. */
export function timeText(then: Date, now: Date, locale: string): string {
  return calendarDays(then, now) === 0 ? clockText(then, false) : whenText(then, now, locale);
}

function clockText(then: Date, seconds: boolean): string {
  const parts = [then.getHours(), then.getMinutes(), ...(seconds ? [then.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function dayText(then: Date, now: Date, locale: string): string {
  const days = calendarDays(then, now);
  if (days === 0) return t("Today");
  if (days === 1) return t("Yesterday");
  if (days > 1 && days < 7) return then.toLocaleDateString(locale, { weekday: "short" });
  const day = `${then.getDate()} ${then.toLocaleDateString(locale, { month: "short" })}`;
  return then.getFullYear() === now.getFullYear() ? day : `${day} ${then.getFullYear()}`;
}

/** Midnights between two times, in this machine's zone. */
function calendarDays(then: Date, now: Date): number {
  const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(now) - midnight(then)) / DAY);
}

/** A point in time to the second with its date, for tooltips. */
export function exactText(then: Date, locale: string): string {
  return `${then.toLocaleDateString(locale, { year: "numeric", month: "short", day: "numeric" })}, ${clockText(then, true)}`;
}

/** A number of bytes: `120 B`, `14 kB`, `3.2 MB`; a kB is 1000 bytes. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** A count with separators: `1,240`. */
export function countText(count: number, locale: string): string {
  return count.toLocaleString(locale);
}

/** Text on one line and no longer than fits a row; control characters are shown as spaces. */
export function oneLine(text: string, length = 80): string {
  const flat = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ")
    .trim();
  return flat.length <= length ? flat : `${flat.slice(0, length - 1)}…`;
}
