import type { Profile } from "../../../protocol/profile.ts";
import type { ColumnFacts } from "../../../protocol/table.ts";
import { formatCount } from "../../kit/format.ts";
import { missingOf } from "../../kit/sparkline.ts";
import { visibleLine } from "../../kit/text.ts";
import { say } from "../say.ts";

/** Whether all rows were looked at. */
export function isWhole({ rows }: Profile): boolean {
  return rows.read === rows.of;
}

/** A column's name, its levels one behind the other. */
export function nameText(facts: ColumnFacts | undefined): string {
  return facts === undefined ? say("loading") : facts.labels.map(({ text }) => visibleLine(text)).join(" › ");
}

/** How many rows were looked at, of how many. */
export function rowsText({ rows }: Profile): string {
  return rows.read === rows.of
    ? say("allRows", formatCount(rows.of))
    : say("estimateOf", formatCount(rows.read), formatCount(rows.of));
}

/** How many different values there are, as far as that is known. */
export function distinctText(profile: Profile): string {
  const { distinct } = profile;
  if (distinct === undefined) return "";
  const count = formatCount(distinct.count);
  if (!isWhole(profile)) return say("atLeastCount", count);
  return distinct.exact ? count : say("aboutCount", count);
}

/** How many values are missing: of all a count, of some a share. */
export function missingText(profile: Profile): string {
  const count = missingOf(profile);
  if (isWhole(profile)) return formatCount(count);
  return say("aboutCount", `${shareOf(profile, count)} %`);
}

/** The share of the rows that were looked at, in percent. */
export function shareOf({ rows }: Profile, count: number): string {
  const percent = rows.read === 0 ? 0 : (100 * count) / rows.read;
  return percent > 0 && percent < 0.1 ? "< 0.1" : percent.toFixed(percent % 1 === 0 ? 0 : 1);
}

/** A float as a list shows it, in six digits; the whole of it stands beside the list. */
export function shortNumber(text: string): string {
  const float = /^(-?\d+\.\d{4,})(e[+-]?\d+)?$/.exec(text);
  if (float === null) return text;
  return `${Number(Number(float[1]).toPrecision(6))}${float[2] ?? ""}`;
}
