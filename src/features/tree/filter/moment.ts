const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const AGO = /^(\d{1,5})(m|min|h|d|w)$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * The point in time that a word of a filter names, in this machine's zone: `2026-11-23`, `"2026-11-23 09:14"`, `today`, `yesterday`, or so
 * long ago: `90m`, `6h`, `3d`, `2w`. `undefined` for what names none.
 * @param edge of a whole day or minute its first or its last millisecond
 */
export function momentOf(text: string, edge: "start" | "end", now: Date): Date | undefined {
  const word = text.toLowerCase();
  const [, count, unit = ""] = AGO.exec(word) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0));
  if (word === "today") return day(now, 0, edge);
  if (word === "yesterday") return day(now, -1, edge);
  const parts = DATE.exec(text)?.slice(1);
  return parts && dated(parts, edge);
}

function day(now: Date, offset: number, edge: "start" | "end"): Date {
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate() + offset];
  return edge === "start" ? new Date(year, month, date) : new Date(year, month, date, 23, 59, 59, 999);
}

function dated(parts: readonly (string | undefined)[], edge: "start" | "end"): Date | undefined {
  const [year = NaN, month = NaN, date = NaN, hours, minutes, seconds] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const end = edge === "end";
  const moment = new Date(
    year,
    month - 1,
    date,
    hours ?? (end ? 23 : 0),
    minutes ?? (end ? 59 : 0),
    seconds ?? (end ? 59 : 0),
    end ? 999 : 0,
  );
  // The 31st of a short month is no day, and 25 o'clock no time.
  const isReal =
    moment.getMonth() === month - 1 &&
    moment.getDate() === date &&
    (minutes ?? 0) < 60 &&
    (seconds ?? 0) < 60;
  return isReal ? moment : undefined;
}
