import { datetimeText } from "../../pickle/numpy/calendar.ts";

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?)?([+-]\d\d:\d\d)?$/;

/** A date or time as Python writes it: microseconds since 1970, and whether it names its zone. `undefined` for other texts. */
export function momentOf(
  text: string,
): { readonly microseconds: number; readonly isZoned: boolean } | undefined {
  const match = MOMENT.exec(text);
  if (match === null) return undefined;
  const [, date = "", clock = "00:00:00", fraction = "", offset] = match;
  const seconds = Date.parse(`${date}T${clock}${offset ?? "Z"}`) * 1000;
  if (Number.isNaN(seconds)) return undefined;
  return { microseconds: seconds + Number(fraction.padEnd(6, "0")), isZoned: offset !== undefined };
}

/** The text of a moment in UTC, without a fraction that is nought. */
export function momentText(microseconds: number, isZoned: boolean): string {
  const text = datetimeText(BigInt(Math.round(microseconds)), "us", 1)
    .replace("T", " ")
    .replace(/\.0+$/, "");
  return isZoned ? `${text}+00:00` : text;
}
